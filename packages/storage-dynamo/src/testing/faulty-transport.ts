import { nodeTransport, type Transport, type TransportAnswer, type TransportRequest } from '../client/transport.ts'

/** What happens to one call. */
export type Trouble =
  /** An answer that the service never gave; the call does not take place. */
  | { kind: 'answer'; status: number; body: string; headers?: Record<string, string> }
  /** The line breaks before the call has taken place, or after it. */
  | { kind: 'dropped'; when: 'before' | 'after'; error: Error }
  /** The call takes place and its answer comes changed. */
  | { kind: 'changed'; answer: (answer: TransportAnswer) => TransportAnswer }
  /** Only a part of a batch is done; the rest comes back unprocessed. */
  | { kind: 'unprocessed' }

/** One call as a trouble may choose by it. */
export interface SeenCall {
  /** `PutItem`, or an HTTP method where there is no operation. */
  operation: string
  /** From 1 on, over all calls. */
  number: number
  request: TransportRequest
}

export interface FaultyTransport extends Transport {
  /** Every call that was sent, in order. */
  calls: SeenCall[]
}

/** An AWS error as DynamoDB words it: HTTP 400 unless said. */
export function awsError(type: string, status = 400, headers: Record<string, string> = {}): Trouble {
  const body = JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}`, message: 'made up' })
  return { kind: 'answer', status, body, headers }
}

/** A line that broke, with Node's or undici's code, hidden in the cause as `fetch` does or not. */
export function dropped(code: string, when: 'before' | 'after', inCause = false): Trouble {
  const broken = Object.assign(new Error(`made up: ${code}`), { code })
  return { kind: 'dropped', when, error: inCause ? new TypeError('fetch failed', { cause: broken }) : broken }
}

interface Batch {
  RequestItems: Record<string, unknown[] | { Keys: unknown[] }>
}

/** Sends the first third of a batch, and answers the rest as unprocessed. */
async function partly(request: TransportRequest, inner: Transport): Promise<TransportAnswer> {
  const { RequestItems, ...others }: Batch = JSON.parse(request.body ?? '{}')
  const [table = '', wanted = []] = Object.entries(RequestItems)[0] ?? []
  const isRead = !Array.isArray(wanted)
  const all = isRead ? wanted.Keys : wanted
  const done = Math.ceil(all.length / 3)
  const wrap = (part: unknown[]) => ({ [table]: isRead ? { ...wanted, Keys: part } : part })
  const body = JSON.stringify({ ...others, RequestItems: wrap(all.slice(0, done)) })
  const answer = await inner.send({ ...request, body })
  if (answer.status !== 200 || done === all.length) return answer
  const left = { [isRead ? 'UnprocessedKeys' : 'UnprocessedItems']: wrap(all.slice(done)) }
  return { ...answer, body: JSON.stringify({ ...JSON.parse(answer.body), ...left }) }
}

/**
 * A transport that gets some calls into trouble. Signatures of changed bodies are wrong, which no local engine minds.
 * @param trouble asked for every call; undefined lets it through
 */
export function faultyTransport(
  trouble: (call: SeenCall) => Trouble | undefined,
  inner: Transport = nodeTransport(),
): FaultyTransport {
  const calls: SeenCall[] = []
  return {
    calls,
    async send(request) {
      const operation = request.headers['x-amz-target']?.split('.')[1] ?? request.method
      const call = { operation, number: calls.length + 1, request }
      calls.push(call)
      const met = trouble(call)
      if (!met) return inner.send(request)
      switch (met.kind) {
        case 'answer':
          return { status: met.status, headers: met.headers ?? {}, body: met.body }
        case 'dropped':
          if (met.when === 'after') await inner.send(request)
          throw met.error
        case 'changed':
          return met.answer(await inner.send(request))
        case 'unprocessed':
          return operation.startsWith('Batch') ? partly(request, inner) : inner.send(request)
      }
    },
    close: () => inner.close(),
  }
}

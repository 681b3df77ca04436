import { type IncomingMessage, request } from 'node:http'
import { bodyOf, type OwnServer, ownServer } from '../local/own-server.ts'

/** What a service was asked for since it was last looked at. */
export interface Counted {
  calls: number
  /** Steps that waited for the service: calls that were under way together are one. */
  steps: number
  /** Bodies, without headers. */
  bytesSent: number
  bytesReceived: number
  /** Capacity units of DynamoDB. */
  readUnits: number
  writeUnits: number
}

export interface CountingProxy extends OwnServer {
  /** What was asked since the last look. */
  take(): Counted
}

const NOTHING: Counted = { calls: 0, steps: 0, bytesSent: 0, bytesReceived: 0, readUnits: 0, writeUnits: 0 }
const WRITES = new Set(['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem'])
const READS = new Set(['GetItem', 'Query', 'Scan', 'BatchGetItem'])

function asObject(text: string): Record<string, unknown> {
  const value: unknown = JSON.parse(text)
  return value !== null && typeof value === 'object' ? Object.fromEntries(Object.entries(value)) : {}
}

function unitsIn(consumed: unknown): number {
  if (Array.isArray(consumed)) return consumed.reduce((sum: number, one) => sum + unitsIn(one), 0)
  if (typeof consumed !== 'object' || consumed === null || !('CapacityUnits' in consumed)) return 0
  return Number(consumed.CapacityUnits)
}

/**
 * The units of one answer. A write whose condition failed costs what it would have written, which DynamoDB does not tell
 * then: one unit, since the rows that are written under conditions are smaller than a kilobyte (developer guide, "Working
 * with items", condition expressions).
 */
function unitsOf(operation: string, status: number, body: string): Pick<Counted, 'readUnits' | 'writeUnits'> {
  const answer = asObject(body)
  const failed = status === 400 && String(answer.__type).endsWith('ConditionalCheckFailedException')
  const units = failed ? 1 : unitsIn(answer.ConsumedCapacity)
  if (status === 200 && answer.ConsumedCapacity === undefined) {
    throw new Error(`this engine does not tell what ${operation} consumed`)
  }
  return { readUnits: WRITES.has(operation) ? 0 : units, writeUnits: WRITES.has(operation) ? units : 0 }
}

/**
 * Stands between a function and a service on this machine, and counts. Calls of DynamoDB are asked for what they consume;
 * their signatures no longer fit then, which local engines do not mind. An engine that does not tell gets 502s.
 */
export async function startCountingProxy(target: string): Promise<CountingProxy> {
  let counted = { ...NOTHING }
  let open = 0

  const forward = (req: IncomingMessage, body: Buffer) =>
    new Promise<{ status: number; headers: IncomingMessage['headers']; body: Buffer }>((resolve, reject) => {
      const headers = { ...req.headers, 'content-length': String(body.length) }
      const outgoing = request(new URL(req.url ?? '/', target), { method: req.method, headers }, (answer) => {
        bodyOf(answer).then(
          (received) => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: received }),
          reject,
        )
      })
      outgoing.on('error', reject)
      outgoing.end(body)
    })

  async function pass(req: IncomingMessage) {
    const sent = await bodyOf(req)
    const operation = String(req.headers['x-amz-target'] ?? '').replace(/^DynamoDB_\d+\./, '')
    const costs = WRITES.has(operation) || READS.has(operation)
    const asked = costs
      ? Buffer.from(JSON.stringify({ ...asObject(sent.toString()), ReturnConsumedCapacity: 'TOTAL' }))
      : sent
    const answer = await forward(req, asked)
    counted.bytesSent += sent.length
    counted.bytesReceived += answer.body.length
    if (costs) {
      const { readUnits, writeUnits } = unitsOf(operation, answer.status, answer.body.toString())
      counted.readUnits += readUnits
      counted.writeUnits += writeUnits
    }
    return answer
  }

  const server = await ownServer((req, res) => {
    counted.calls += 1
    if (open === 0) counted.steps += 1
    open += 1
    pass(req)
      .then(
        ({ status, headers, body }) => res.writeHead(status, headers).end(body),
        (error: unknown) => res.writeHead(502, { 'content-type': 'text/plain' }).end(String(error)),
      )
      .finally(() => {
        open -= 1
      })
  })
  return {
    ...server,
    take() {
      const taken = counted
      counted = { ...NOTHING }
      return taken
    },
  }
}

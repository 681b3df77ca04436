import { Fault, type Logger } from '@stellarr/core'
import { AwsV4Signer } from 'aws4fetch'
import { answeredFailure, badAnswer, type Failure, thrownFailure, toFault } from './failures.ts'
import { gate } from './parallel.ts'
import { nodeTransport, type Transport, type TransportAnswer } from './transport.ts'

export interface Credentials {
  accessKeyId: string
  secretAccessKey: string
  sessionToken?: string
}

/** Attempts of one call, the first included. */
export const MAX_ATTEMPTS = 4
/** No call takes longer than this, whatever it tries. */
export const CALL_MS = 10_000
/** What is left of a Lambda's time for its answer after a call gave up. */
export const ANSWER_MS = 500
/** A socket that says nothing for so long is given up, so that there is time to try another. */
const ATTEMPT_MS = 5_000
/** Calls under way at once; the others wait for their turn, and their time begins with it. */
const CALLS_AT_ONCE = 32
/** Full jitter: a random time up to base × 2^(attempt - 1). */
const BACK_OFF_MS = 25
const THROTTLE_BACK_OFF_MS = 100

export interface ClientOptions {
  region: string
  /** Read for every attempt, since an environment may change. */
  credentials: () => Credentials
  /** When the answer must be out, epoch ms: a Lambda's end. */
  deadline?: (() => number | undefined) | undefined
  transport?: Transport | undefined
  logger?: Logger | undefined
  /** For tests; the real clock, which signatures need whatever the domain's clock says. */
  now?: (() => number) | undefined
  sleep?: ((ms: number) => Promise<void>) | undefined
}

export interface SignedCall {
  service: 'dynamodb' | 's3'
  method: string
  url: URL
  headers: Record<string, string>
  body?: string | undefined
  /** Absolute, epoch ms; `client.deadline()` when absent. */
  until?: number | undefined
}

/** A call that AWS answered: with success, or with a refusal that would come again. */
export type Answered<Answer> =
  | { ok: true; answer: Answer; retried: boolean }
  | { ok: false; type: string; body: unknown; failure: Failure; retried: boolean }

/** The one way out to the network. */
export interface SignedClient {
  /**
   * Signs, sends and, where that can help, tries again. `read` makes an answer of a 2xx and throws when it cannot be
   * one, which is tried again too. `retried` says that an earlier attempt may have taken place.
   * Throws `storage_unavailable` when nothing helped until the deadline.
   */
  send<Answer>(call: SignedCall, read: (answer: TransportAnswer) => Answer): Promise<Answered<Answer>>
  /** When a call that begins now gives up: after 10 s, or half a second before a Lambda's end. Epoch ms. */
  deadline(): number
  /** Waits a random time, longer with every round. Throws `storage_unavailable` when that would pass `until`. */
  backOff(round: number, until: number, why: Failure): Promise<void>
  close(): void
}

/** Reads AWS's variables. Throws `storage_unavailable` when there are none. */
export function credentialsFromEnvironment(env: Record<string, string | undefined> = process.env): Credentials {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = env
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) {
    throw new Fault('storage_unavailable', 'There are no AWS credentials in the environment.')
  }
  const credentials: Credentials = { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY }
  if (AWS_SESSION_TOKEN) credentials.sessionToken = AWS_SESSION_TOKEN
  return credentials
}

/** `20260102T030405Z`, as signatures have it. */
const amzDate = (at: number) => new Date(at).toISOString().replace(/[:-]|\.\d{3}/g, '')

/** A client for DynamoDB and S3. It opens no socket until its first call. */
export function signedClient(options: ClientOptions): SignedClient {
  const now = options.now ?? Date.now
  const sleep = options.sleep ?? ((ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)))
  const transport = options.transport ?? nodeTransport()
  /** Derived signing keys, by secret, day, region and service. */
  const signingKeys = new Map<string, ArrayBuffer>()
  /** The server's clock minus ours, once it has proved to matter. */
  let skew = 0
  let closed = false
  const inTurn = gate(CALLS_AT_ONCE)

  const gaveUp = (failure: Failure | undefined) =>
    failure ? toFault(failure) : new Fault('storage_unavailable', 'There was no time left for the database.')

  async function attempt<Answer>(
    call: SignedCall,
    credentials: Credentials,
    timeoutMs: number,
    read: (answer: TransportAnswer) => Answer,
  ): Promise<{ answer: Answer } | { failure: Failure; skewMs?: number | undefined }> {
    const { service, method, url, headers, body } = call
    const signer = new AwsV4Signer({
      ...credentials,
      method,
      url: url.href,
      headers,
      body: body ?? null,
      service,
      region: options.region,
      cache: signingKeys,
      datetime: amzDate(now() + skew),
    })
    const signed = await signer.sign()
    let answer: TransportAnswer
    try {
      answer = await transport.send({ method, url, headers: Object.fromEntries(signed.headers), body, timeoutMs })
    } catch (error) {
      return { failure: thrownFailure(error) }
    }
    if (answer.status < 200 || answer.status > 299) {
      const served = Date.parse(answer.headers.date ?? '')
      const skewMs = Number.isNaN(served) ? undefined : served - now()
      const unexplained = skewMs === undefined ? undefined : skewMs - skew
      return { failure: answeredFailure(answer.status, answer.body, unexplained), skewMs }
    }
    try {
      return { answer: read(answer) }
    } catch (error) {
      if (error instanceof Fault) throw error
      return { failure: badAnswer('the answer is not one', error) }
    }
  }

  async function backOff(round: number, until: number, why: Failure): Promise<void> {
    const base = why.kind === 'throttle' ? THROTTLE_BACK_OFF_MS : BACK_OFF_MS
    const ms = Math.random() * base * 2 ** Math.min(round - 1, 5)
    if (now() + ms >= until) throw gaveUp(why)
    await sleep(ms)
  }

  const client: SignedClient = {
    send: (call, read) => inTurn(() => attempts(call, read)),
    deadline() {
      const end = options.deadline?.()
      return Math.min(now() + CALL_MS, end === undefined ? Number.POSITIVE_INFINITY : end - ANSWER_MS)
    },
    backOff,
    close() {
      closed = true
      transport.close()
    },
  }
  return client

  async function attempts<Answer>(
    call: SignedCall,
    read: (answer: TransportAnswer) => Answer,
  ): Promise<Answered<Answer>> {
    const until = call.until ?? client.deadline()
    let failure: Failure | undefined
    let corrected = false
    let retried = false
    for (let number = 1; ; number += 1) {
      if (closed) throw new Fault('storage_unavailable', 'The store is closed.')
      const left = until - now()
      if (left <= 0) throw gaveUp(failure)
      const credentials = options.credentials()
      const result = await attempt(call, credentials, Math.min(left, ATTEMPT_MS), read)
      if ('answer' in result) return { ok: true, answer: result.answer, retried }
      failure = result.failure
      const { kind, type, body, message } = failure
      options.logger?.debug('a call to AWS failed', { service: call.service, attempt: number, type, reason: message })
      if (kind === 'final') return { ok: false, type, body, failure, retried }
      if (number >= MAX_ATTEMPTS) throw gaveUp(failure)
      if (kind === 'clock') {
        if (corrected || result.skewMs === undefined) throw gaveUp(failure)
        skew = result.skewMs
        corrected = true
        continue
      }
      if (kind === 'credentials') {
        if (JSON.stringify(options.credentials()) === JSON.stringify(credentials)) throw gaveUp(failure)
        continue
      }
      retried ||= kind === 'transient'
      await backOff(number, until, failure)
    }
  }
}

import { Fault, isFault } from '@stellarr/core'

/**
 * What an attempt that did not succeed means:
 * - `throttle`: wait longer, then again
 * - `transient`: again; the call may have taken place
 * - `busy`: others are changing the same thing; again after them
 * - `clock`: our clock is off; correct it and sign again
 * - `credentials`: again if the environment holds others by now
 * - `final`: the same call would fail again
 */
export type FailureKind = 'throttle' | 'transient' | 'busy' | 'clock' | 'credentials' | 'final'

export interface Failure {
  kind: FailureKind
  /** AWS's name of the error, or a socket error's code. */
  type: string
  /** For the log alone: it may name accounts and addresses. */
  message: string
  /** The answer's body, when it was JSON. */
  body?: unknown
  cause?: unknown
}

/** The fourteen that the AWS SDK counts (smithy-typescript, service-error-classification): most come with status 400. */
export const THROTTLES: readonly string[] = [
  'BandwidthLimitExceeded',
  'EC2ThrottledException',
  'LimitExceededException',
  'PriorRequestNotComplete',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'SlowDown',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
  'TransactionInProgressException',
]

const TRANSIENT = new Set([
  'InternalError',
  'InternalServerError',
  'ReplicatedWriteConflictException',
  'RequestTimeout',
  'RequestTimeoutException',
  'ServiceUnavailable',
  'TimeoutError',
])

/** Node's and undici's names of a line that failed. */
const LINE_ERRORS = new Set([
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_SOCKET',
])

const CLOCK = new Set(['InvalidSignatureException', 'RequestExpired', 'RequestInTheFuture', 'RequestTimeTooSkewed'])
const CREDENTIALS = new Set([
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidAccessKeyId',
  'InvalidToken',
  'UnrecognizedClientException',
])

/** A difference of clocks that AWS refuses, with room to spare (it allows 5 minutes, S3 15). */
const SKEW_MS = 5 * 60_000

/** AWS's error name: JSON's `__type` after `#`, or the `Code` of S3's XML. */
function typeOf(text: string, body: unknown): { type: string; message: string } {
  if (typeof body === 'object' && body !== null && '__type' in body && typeof body.__type === 'string') {
    const message = 'message' in body ? body.message : 'Message' in body ? body.Message : ''
    return { type: body.__type.split('#').at(-1) ?? '', message: String(message) }
  }
  return { type: /<Code>([\w.]+)<\/Code>/.exec(text)?.[1] ?? '', message: text.slice(0, 300) }
}

/**
 * Reads an answer that is no success.
 * @param skewMs the server's clock minus the one we signed with, when the server told it
 */
export function answeredFailure(status: number, text: string, skewMs: number | undefined): Failure {
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    // Gateways answer HTML, S3 XML.
  }
  const told = typeOf(text, body)
  const { message } = told
  // DynamoDB has one name for all that is wrong with a call (API reference, PutItem: "Item size has exceeded …").
  const type = told.type === 'ValidationException' && /item size/i.test(message) ? 'ItemTooLarge' : told.type
  const name = type === '' ? `HTTP ${status}` : type
  const kind = ((): FailureKind => {
    if (THROTTLES.includes(type) || status === 429) return 'throttle'
    // DynamoDB names every refusal: a 400 without a name is an answer that was cut off, or somebody else's.
    if (TRANSIENT.has(type) || [500, 502, 503, 504].includes(status) || name === 'HTTP 400') return 'transient'
    if (CLOCK.has(type) && skewMs !== undefined && Math.abs(skewMs) >= SKEW_MS) return 'clock'
    return CREDENTIALS.has(type) ? 'credentials' : 'final'
  })()
  return { kind, type: name, message, body }
}

/** Reads what a transport threw; what is no failure of the line (a certificate, a mistake of ours) is final. */
export function thrownFailure(error: unknown): Failure {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && typeof cause.code === 'string' && LINE_ERRORS.has(cause.code)) {
      return { kind: 'transient', type: cause.code, message: cause.message, cause: error }
    }
  }
  return { kind: 'final', type: 'NoAnswer', message: String(error), cause: error }
}

/** A 200 that cannot be right. It is no answer: taken for one it would say that nothing is stored. */
export function badAnswer(message: string, cause?: unknown): Failure {
  return { kind: 'transient', type: 'BadAnswer', message, cause }
}

const SENTENCES: Record<FailureKind, string> = {
  throttle: 'The database is limiting us just now. Try again.',
  transient: 'The database cannot be reached just now. Try again.',
  busy: 'Others are changing the same thing just now. Try again.',
  clock: 'The database refuses our clock.',
  credentials: 'The database does not accept our credentials.',
  final: 'The database refused the call.',
}

/** What says that one row cannot be written, while all others can: it is too large, or others keep changing it. */
const ROW_REFUSED = ['ItemTooLarge', 'Contended']

const TABLE_MISSING = 'ResourceNotFoundException'

/** True for a fault that says that there is no such table. */
export function isTableMissing(error: unknown): boolean {
  return isFault(error) && error.cause instanceof Error && error.cause.message.startsWith(`${TABLE_MISSING}:`)
}

const ROW_SENTENCE = 'One row cannot be written just now: it is too large, or others keep changing it.'

/** The one place where failures of DynamoDB and S3 become faults. What AWS said is kept in the cause, for the log. */
export function toFault(failure: Failure): Fault {
  const sentence =
    failure.type === TABLE_MISSING || failure.type === 'NoSuchBucket'
      ? 'The table or bucket does not exist; "npm run dynamodb:create" makes the table.'
      : failure.type === 'AccessDeniedException' || failure.type === 'AccessDenied'
        ? 'Our credentials have no right to do that.'
        : SENTENCES[failure.kind]
  const cause = new Error(`${failure.type}: ${failure.message}`, { cause: failure.cause })
  if (ROW_REFUSED.includes(failure.type)) return new Fault('row_refused', ROW_SENTENCE, cause)
  return new Fault('storage_unavailable', sentence, cause)
}

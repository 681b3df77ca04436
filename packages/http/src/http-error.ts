import { Fault, type FaultCode } from '@stellarr/core'
import type { ErrorRequestHandler, Request, Response } from 'express'
import type { ErrorAnswer } from './wire/index.ts'

/** An answer other than success that a route chose. `detail` is for people, `code` for programs. */
export class HttpError extends Error {
  readonly status: number
  readonly code: string
  readonly field: string | undefined
  readonly extra: Partial<ErrorAnswer>
  readonly retryAfter: number | undefined

  /** @param more `field` at fault, further answer fields, and `retryAfter` in seconds */
  constructor(
    status: number,
    code: string,
    detail: string,
    more: { field?: string; extra?: Partial<ErrorAnswer>; retryAfter?: number } = {},
  ) {
    super(detail)
    this.status = status
    this.code = code
    this.field = more.field
    this.extra = more.extra ?? {}
    this.retryAfter = more.retryAfter
  }
}

/** What each fault means over HTTP; exhaustive, so a new code does not compile without its meaning. */
function statusOf(code: FaultCode): { status: number; retryAfter?: number } {
  switch (code) {
    case 'storage_unavailable':
    case 'row_refused':
      return { status: 503, retryAfter: 5 }
    case 'store_checking':
      return { status: 503, retryAfter: 2 }
    case 'storage_corrupt':
    case 'wrong_store':
    case 'store_new':
    case 'store_other':
    case 'store_older':
    case 'store_copied':
    case 'witness_damaged':
    case 'feed_emptied':
      return { status: 503, retryAfter: 3600 }
    case 'import_running':
      return { status: 503, retryAfter: 60 }
    case 'catalog_unavailable':
      return { status: 503, retryAfter: 30 }
    case 'catalog_key_refused':
      return { status: 503, retryAfter: 300 }
    case 'catalog_bad_answer':
      return { status: 502, retryAfter: 30 }
    case 'sync_unknown':
      return { status: 404 }
  }
}

function fromFault(fault: Fault): HttpError {
  const { status, retryAfter } = statusOf(fault.code)
  return new HttpError(status, fault.code, fault.message, retryAfter === undefined ? {} : { retryAfter })
}

/** Node's names of what a machine has none of just now: free file descriptors, space on its disk, a disk that answers. */
const SHORT_OF = new Set(['EMFILE', 'ENFILE', 'ENOSPC', 'EDQUOT', 'EIO', 'ENOMEM', 'EAGAIN'])

/** True for an error of the operating system that may pass, also where others are wrapped around it. */
function mayPass(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && typeof cause.code === 'string' && SHORT_OF.has(cause.code)) return true
  }
  return false
}

/** Errors that Express and its body parsers raise carry `status` and `type`; any other thing is our own fault. */
function fromExpress(error: unknown): HttpError {
  const { status, type } =
    error !== null && typeof error === 'object' ? (error as { status?: unknown; type?: unknown }) : {}
  if (type === 'entity.too.large') return new HttpError(413, 'too_large', 'The body is too large.')
  if (type === 'entity.parse.failed') return new HttpError(400, 'bad_json', 'The body is not valid JSON.')
  if (type === 'encoding.unsupported' || type === 'charset.unsupported') {
    return new HttpError(415, 'unsupported_encoding', 'The body must be UTF-8, plain or gzip.')
  }
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new HttpError(status, 'bad_request', 'The request cannot be read.')
  }
  if (mayPass(error)) {
    const why = 'This machine has no files, space or memory free just now. Try again.'
    return new HttpError(503, 'machine_short', why, { retryAfter: 5 })
  }
  return new HttpError(500, 'internal', 'Something went wrong here. It has been logged.')
}

/** Writes an error as its JSON answer. */
export function sendError(res: Response, error: HttpError): void {
  // What was to be sent may have said that it could be kept: an error never is.
  for (const name of ['ETag', 'Last-Modified', 'Accept-Ranges']) res.removeHeader(name)
  if (error.status >= 500) res.setHeader('Cache-Control', 'no-store')
  if (error.retryAfter !== undefined) res.setHeader('Retry-After', String(error.retryAfter))
  const body: ErrorAnswer = { detail: error.message, code: error.code, ...error.extra }
  if (error.field !== undefined) body.field = error.field
  const id = res.getHeader('X-Request-Id')
  if (error.status >= 500 && typeof id === 'string') body.request_id = id
  res.status(error.status).json(body)
}

/**
 * The last handler: every error becomes `{detail, code}`; what is ours is logged, never shown.
 * @param refused called with every other error
 */
export function errorHandler(
  log: (req: Request, error: unknown) => void,
  refused: (req: Request, error: HttpError) => void,
): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    if (res.headersSent) return next(error)
    const known = error instanceof HttpError ? error : error instanceof Fault ? fromFault(error) : fromExpress(error)
    if (known.status >= 500) log(req, error)
    else refused(req, known)
    sendError(res, known)
  }
}

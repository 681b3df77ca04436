import { AsyncLocalStorage } from 'node:async_hooks'
import { randomUUID } from 'node:crypto'
import type { Request, RequestHandler } from 'express'

const HEADER = 'X-Request-Id'
const WELL_FORMED = /^[\w.:-]{8,64}$/

const underWay = new AsyncLocalStorage<string>()

/** The id of the request that is being answered, or whose work still goes on; undefined outside of any. */
export const currentRequestId = (): string | undefined => underWay.getStore()

/** An id that a trusted proxy gave, so that its log and ours name a request alike. */
function forwardedId(req: Request): string | undefined {
  const id = req.get(HEADER)
  if (id === undefined || !WELL_FORMED.test(id)) return undefined
  // As Express decides it (its lib/utils.js): a function of an address and of how far away that is.
  const isTrusted: unknown = req.app.get('trust proxy fn')
  return typeof isTrusted === 'function' && isTrusted(req.socket.remoteAddress, 0) === true ? id : undefined
}

/**
 * Names each request in its answer, and in what is logged while it is answered.
 * @param given the id that the deployment has for it already
 */
export const requestIds =
  (given: () => string | undefined = () => undefined): RequestHandler =>
  (req, res, next) => {
    const id = given() ?? forwardedId(req) ?? randomUUID()
    res.setHeader(HEADER, id)
    underWay.run(id, next)
  }

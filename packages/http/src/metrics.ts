import type { Request, RequestHandler, Response } from 'express'
import { headerToken } from './access.ts'
import type { Metrics } from './app-options.ts'
import { HttpError } from './http-error.ts'
import { tokenMatcher } from './token-matcher.ts'

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
/** Pages, and whatever is not there: anybody can ask for any path. */
const NO_ROUTE = 'other'

const routes = new WeakMap<Response, string>()

/** Notes which route answers. */
export const noteRoute = (res: Response, pattern: string): void => void routes.set(res, pattern)

/** Counts what is answered, and how long it takes. */
export const countAnswers =
  (metrics: Metrics): RequestHandler =>
  (req, res, next) => {
    const began = performance.now()
    res.once('close', () => {
      const method = METHODS.has(req.method) ? req.method : NO_ROUTE
      const status = `${Math.floor(res.statusCode / 100)}xx`
      metrics.answered({ route: routes.get(res) ?? NO_ROUTE, method, status }, (performance.now() - began) / 1000)
    })
    next()
  }

/** Answers `GET /metrics` for who brings its token in a header; without one being set there is no such address. */
export function metricsPage(metrics: Metrics | undefined): RequestHandler {
  const matches = tokenMatcher(metrics ? [metrics.token] : [])
  return async (req: Request, res: Response, next) => {
    if (req.path !== '/metrics') return next()
    if (!metrics) throw new HttpError(404, 'not_found', 'There is nothing at this address.')
    noteRoute(res, '/metrics')
    res.setHeader('Cache-Control', 'no-store')
    if (!matches(headerToken(req))) {
      throw new HttpError(401, 'bad_token', 'A valid token is needed here (METRICS_TOKEN), as bearer or X-Api-Key.')
    }
    if (req.method !== 'GET' && req.method !== 'HEAD') {
      res.setHeader('Allow', 'GET, HEAD')
      throw new HttpError(405, 'read_only', 'Metrics are only read here: GET or HEAD.')
    }
    const { type, text } = await metrics.print()
    res.setHeader('Content-Type', type)
    res.end(text)
  }
}

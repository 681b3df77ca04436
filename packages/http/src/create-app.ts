import { isFault, SERVER_PATHS, type UseCases } from '@stellarr/core'
import express, { type Express, type Request, type RequestHandler, Router } from 'express'
import { before, neverKept, requireAdmin, requireFeedToken, requireSession } from './access.ts'
import type { AppOptions } from './app-options.ts'
import { bareForwardedFor } from './client-address.ts'
import { FEED_PATHS } from './feed-help.ts'
import { feedSender } from './feed-sender.ts'
import { headersByScheme } from './headers-by-scheme.ts'
import { requireHost } from './host.ts'
import { errorHandler, HttpError } from './http-error.ts'
import { countAnswers, metricsPage } from './metrics.ts'
import { jsonBody } from './parse.ts'
import { proxyNotTrusted, proxyWatch } from './proxy-watch.ts'
import { noteRefused } from './refused.ts'
import { registrar } from './register.ts'
import { requestIds } from './request-id.ts'
import { revisionCache } from './revision-cache.ts'
import type { Route, RouteDeps } from './route.ts'
import { ROUTES } from './routes/index.ts'
import { siteRoutes } from './routes/site.ts'
import { schemeTeller } from './scheme.ts'
import { requireRightApp, requireRightBase } from './wrong-address.ts'

/** Bodies of people's calls are small; syncs have their own limit. */
const API_BODY_LIMIT = 64 * 1024

/** gzip. Its code is loaded at the first answer that is sent with it: feeds, which keep their own, do not wait for it. */
function compressed(): RequestHandler {
  let compress: RequestHandler | undefined
  return async (req, res, next) => {
    compress ??= (await import('compression')).default({ level: 1 })
    compress(req, res, next)
  }
}

/**
 * The whole server as one Express app over a deployment's use cases. Each route has its guard by its declaration; the
 * guards below stand before unknown addresses too. Throws for a route that has no place here.
 */
export function createApp(useCases: UseCases, options: AppOptions, routes: readonly Route[] = ROUTES): Express {
  const app = express()
  const isHttps = schemeTeller(options)
  const cache = revisionCache(options.keepAnswers, options.answerLimit)
  const proxies = proxyWatch((addresses) => options.logger.warn(proxyNotTrusted(addresses)))
  const deps: RouteDeps = {
    useCases,
    options,
    cache,
    proxies,
    sendFeed: feedSender(useCases, options, cache),
    describe: description(options.version, routes),
  }
  const shared = {
    session: requireSession(useCases, isHttps),
    feedKey: requireFeedToken(useCases, options.tokens.feed),
  }
  const register = registrar(deps, shared)
  const { take, rest } = placing(routes)
  const router = (...which: Parameters<typeof take>) => register(Router(), take(...which))

  app.disable('x-powered-by')
  app.set('etag', false)
  app.set('query parser', 'simple')
  app.set('trust proxy', [...options.trustedProxies])
  app.use(requestIds(options.requestId))
  if (options.metrics) app.use(countAnswers(options.metrics))
  app.use(headersByScheme(isHttps, options.frameAncestors), bareForwardedFor, proxies.watch)
  app.use(before(requireHost), before(requireRightBase(options.baseUrls)))
  app.use(['/list', '/rss', '/radarr', '/sonarr', '/sync', '/api'], before(neverKept))

  app.use(router(['list', 'rss']))
  for (const feed of ['radarr-program', 'sonarr-program'] as const) {
    // Here too, since the other client asks for what is no route: /sonarr/api/v3/movie.
    app.use(FEED_PATHS[feed], before(shared.feedKey), before(requireRightApp(feed, options.baseUrls)), readOnly)
  }
  app.use(router(['radarr', 'sonarr']))
  app.use(compressed())
  app.use(router(['sync', 'webhook']))

  const early = take(['api'], ({ ignoresBody = false }) => ignoresBody)
  register(app, early)
  app.use('/api', jsonOnly, before(jsonBody({ limit: API_BODY_LIMIT })))
  app.use(router(['api'], ({ access }) => access === 'public'))
  app.use('/api', before(shared.session))
  app.use(router(['api'], ({ access }) => access === 'session'))
  app.use('/api/admin', before(requireAdmin))
  app.use(router(['api'], ({ access }) => access === 'admin'))
  const [homeless] = rest()
  if (homeless) throw new Error(`${homeless.path} (${homeless.access}) has no place in create-app.ts`)

  app.use(metricsPage(options.metrics))
  app.use((req, _res, next) => {
    if (SERVER_PATHS.test(req.path)) throw new HttpError(404, 'not_found', 'There is nothing at this address.')
    next()
  })
  app.use(siteRoutes(useCases, options))
  app.use(() => {
    throw new HttpError(404, 'not_found', 'There is nothing at this address.')
  })
  const log = (req: Request, error: unknown) => {
    // The path without its query: that may hold a token. A fault's text says all; anything else needs its stack.
    const where = { method: req.method, path: req.path }
    if (isFault(error)) {
      const cause = error.cause instanceof Error ? error.cause.message : undefined
      options.logger.warn(error.message, { ...where, code: error.code, cause })
    } else options.logger.error('request failed', where, error)
  }
  app.use(errorHandler(log, (req, error) => noteRefused(useCases, req, error)))
  return app
}

/** Gives each route out once: those whose path begins with one of the names, and that are wanted. */
function placing(routes: readonly Route[]) {
  let left = routes
  return {
    take(names: readonly string[], isWanted: (route: Route) => boolean = () => true): readonly Route[] {
      const isTaken = (route: Route) => names.includes(route.path.split('/', 2)[1] ?? '') && isWanted(route)
      const taken = left.filter(isTaken)
      left = left.filter((route) => !isTaken(route))
      return taken
    },
    rest: () => left,
  }
}

/** The OpenAPI document. Its printer is loaded when somebody asks: a start does without it. */
function description(version: string, routes: readonly Route[]): () => Promise<object> {
  let document: object | undefined
  return async () => {
    document ??= (await import('./openapi.ts')).openApiDocument(version, routes)
    return document
  }
}

/** Program lists are only read: 405 for the rest. */
const readOnly: RequestHandler = (req, res, next) => {
  if (req.method === 'GET' || req.method === 'HEAD') return next()
  res.setHeader('Allow', 'GET, HEAD')
  next(new HttpError(405, 'read_only', 'Lists are only read here: GET or HEAD.'))
}

/** 415 for a body that is not JSON: forms of foreign pages can send everything else without asking. */
const jsonOnly: RequestHandler = (req, _res, next) => {
  const hasBody = req.get('transfer-encoding') !== undefined || Number(req.get('content-length') ?? 0) > 0
  if (hasBody && !req.is('application/json')) {
    throw new HttpError(415, 'not_json', 'Content-Type: expected application/json.', { field: 'Content-Type' })
  }
  next()
}

import { isFault, SERVER_PATHS, type UseCases } from '@stellarr/core'
import express, { type Express, type RequestHandler } from 'express'
import helmet from 'helmet'
import { noStore, PROXY_NOT_TRUSTED, proxyWatch, requireAdmin, requireSession } from './access.ts'
import type { AppOptions } from './app-options.ts'
import { feedSender } from './feed-sender.ts'
import { errorHandler, HttpError } from './http-error.ts'
import { jsonBody } from './parse.ts'
import { revisionCache } from './revision-cache.ts'
import { adminRoutes } from './routes/admin.ts'
import { adminSettingsRoutes } from './routes/admin-settings.ts'
import { authRoutes } from './routes/auth.ts'
import { browseRoutes } from './routes/browse.ts'
import { feedListRoutes } from './routes/feed-lists.ts'
import { feedRoutes } from './routes/feeds.ts'
import { librarySyncRoutes } from './routes/library-syncs.ts'
import { programListRoutes } from './routes/program-lists.ts'
import { pushRoutes } from './routes/push.ts'
import { requestRoutes } from './routes/requests.ts'
import { siteRoutes } from './routes/site.ts'
import { activityRoutes, webhookRoutes } from './routes/webhooks.ts'
import { contentSecurityPolicy } from './security-headers.ts'

/** Bodies of people's calls are small; syncs have their own limit. */
const API_BODY_LIMIT = '64kb'

/** gzip. Its code is loaded at the first answer that is sent with it: feeds, which keep their own, do not wait for it. */
function compressed(): RequestHandler {
  let compress: RequestHandler | undefined
  return async (req, res, next) => {
    compress ??= (await import('compression')).default({ level: 1 })
    compress(req, res, next)
  }
}

/** The whole server as one Express app over a deployment's use cases. */
export function createApp(useCases: UseCases, options: AppOptions): Express {
  const app = express()
  const https = options.baseUrls[0]?.startsWith('https:') ?? false
  const cache = revisionCache(options.keepAnswers)
  app.disable('x-powered-by')
  app.set('etag', false)
  app.set('query parser', 'simple')
  app.set('trust proxy', [...options.trustedProxies])

  const proxies = proxyWatch(options.trustedProxies, () => options.logger.warn(PROXY_NOT_TRUSTED))
  app.use(securityHeaders(https), proxies.watch)
  const sendFeed = feedSender(useCases, options, cache)
  app.use(feedListRoutes(useCases, options, sendFeed))
  app.use(programListRoutes(useCases, options, sendFeed))
  app.use(compressed())
  app.use('/sync', (_req, res, next) => {
    noStore(res)
    next()
  })
  app.use(librarySyncRoutes(useCases, options))
  app.use(webhookRoutes(useCases, options))

  app.use('/api', (_req, res, next) => {
    noStore(res)
    next()
  })
  app.get('/api/health', (_req, res) => {
    res.json({ status: 'healthy', service: 'stellarr', version: options.version })
  })
  let document: object | undefined
  app.get('/api/openapi.json', async (_req, res) => {
    // Loaded when somebody asks: a start does without it.
    document ??= (await import('./openapi.ts')).openApiDocument(options.version)
    res.json(document)
  })
  app.use('/api', jsonOnly, jsonBody({ limit: API_BODY_LIMIT }))
  app.use(authRoutes(useCases, options))
  app.use('/api', requireSession(useCases, https))
  app.use(browseRoutes(useCases, options, cache))
  app.use(requestRoutes(useCases, cache))
  app.use(feedRoutes(useCases, options))
  app.use(activityRoutes(useCases, options))
  app.use(pushRoutes(useCases))
  app.use('/api/admin', requireAdmin)
  app.use(adminRoutes(useCases, proxies))
  app.use(adminSettingsRoutes(useCases))

  app.use((req, _res, next) => {
    if (SERVER_PATHS.test(req.path)) throw new HttpError(404, 'not_found', 'There is nothing at this address.')
    next()
  })
  app.use(siteRoutes(useCases, options))
  app.use(() => {
    throw new HttpError(404, 'not_found', 'There is nothing at this address.')
  })
  app.use(
    errorHandler((req, error) => {
      // The path without its query: that may hold a token. A fault's text says all; anything else needs its stack.
      const where = { method: req.method, path: req.path }
      if (isFault(error)) {
        const cause = error.cause instanceof Error ? error.cause.message : undefined
        options.logger.warn(error.message, { ...where, code: error.code, cause })
      } else options.logger.error('request failed', where, error)
    }),
  )
  return app
}

/** 415 for a body that is not JSON: forms of foreign pages can send everything else without asking. */
const jsonOnly: RequestHandler = (req, _res, next) => {
  const hasBody = req.get('transfer-encoding') !== undefined || Number(req.get('content-length') ?? 0) > 0
  if (hasBody && !req.is('application/json')) {
    throw new HttpError(415, 'not_json', 'Content-Type: expected application/json.', { field: 'Content-Type' })
  }
  next()
}

/** One set on every answer. */
function securityHeaders(https: boolean): RequestHandler {
  return helmet({
    contentSecurityPolicy: { useDefaults: false, directives: contentSecurityPolicy(https) },
    // Browsers ignore both on plain http and say so in the console.
    crossOriginOpenerPolicy: https ? { policy: 'same-origin' } : false,
    originAgentCluster: https,
    crossOriginResourcePolicy: { policy: 'same-origin' },
    referrerPolicy: { policy: 'no-referrer' },
  })
}

import type { UseCases } from '@stellarr/core'
import { Router } from 'express'
import { noStore, requireFeedToken } from '../access.ts'
import type { AppOptions } from '../app-options.ts'
import type { FeedSender } from '../feed-sender.ts'
import { HttpError } from '../http-error.ts'
import { queryText } from '../parse.ts'

/** The plain import lists and their RSS form. An error is safe for clients, an accidental `[]` is not. */
export function feedListRoutes(useCases: UseCases, options: AppOptions, send: FeedSender): Router {
  const router = Router()
  const guard = requireFeedToken(useCases, options.tokens.feed)
  router.use(['/list', '/rss'], (_req, res, next) => {
    noStore(res)
    next()
  })

  router.get('/list/radarr', guard, async (req, res) => {
    const by = queryText(req, 'by')
    if (by !== undefined && by !== 'tmdb') {
      throw new HttpError(422, 'invalid', 'by: expected "tmdb" or nothing.', { field: 'by' })
    }
    await send(req, res, by === 'tmdb' ? 'radarr-tmdb' : 'radarr')
  })
  router.get('/list/sonarr', guard, (req, res) => send(req, res, 'sonarr'))
  router.get('/rss/movies', guard, (req, res) => send(req, res, 'rss-movies'))
  router.get('/rss/tv', guard, (req, res) => send(req, res, 'rss-tv'))
  router.get('/rss/all', guard, (req, res) => send(req, res, 'rss-all'))

  return router
}

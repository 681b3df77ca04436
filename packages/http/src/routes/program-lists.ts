import {
  folderOnWire,
  type MediaType,
  qualityProfiles,
  requesterTags,
  rootFoldersOf,
  type UseCases,
} from '@stellarr/core'
import { type Request, type RequestHandler, type Response, Router } from 'express'
import { noStore, requireFeedToken } from '../access.ts'
import type { AppOptions } from '../app-options.ts'
import { type FeedSender, orUnavailable } from '../feed-sender.ts'
import { HttpError } from '../http-error.ts'

const BELOW = ['/radarr', '/sonarr']

/**
 * What another Radarr or Sonarr reads of its like ("program list"): the titles, and what its settings page offers to
 * filter them by. Read-only; bare arrays, never a redirect, never 304: these clients take neither.
 */
export function programListRoutes(useCases: UseCases, options: AppOptions, send: FeedSender): Router {
  const router = Router()
  router.use(BELOW, noKeeping, requireFeedToken(useCases, options.tokens.feed), readOnly)

  /** A menu of the clients' settings page; it is as closed as the feeds are. */
  const menu = (rows: () => Promise<object[]>) => (req: Request, res: Response) =>
    orUnavailable(options, req.path, async () => {
      await useCases.feedVersion()
      res.json(await rows())
    })

  function serve(base: string, titles: string, type: MediaType): void {
    router.get(`${base}/${titles}`, (req, res) =>
      send(req, res, type === 'movie' ? 'radarr-program' : 'sonarr-program'),
    )
    router.get(
      `${base}/qualityprofile`,
      menu(async () => qualityProfiles(await useCases.feedSettings()).map(({ id, name }) => ({ id, name }))),
    )
    router.get(
      `${base}/tag`,
      menu(async () => {
        const { settings } = await useCases.viewFeedSettings()
        return requesterTags(settings).map(({ id, label }) => ({ id, label }))
      }),
    )
    router.get(
      `${base}/rootfolder`,
      menu(async () =>
        rootFoldersOf(await useCases.feedSettings(), type).map(({ id, path }) => ({ id, path: folderOnWire(path) })),
      ),
    )
  }
  serve('/radarr/api/v3', 'movie', 'movie')
  serve('/sonarr/api/v3', 'series', 'tv')
  // Sonarr asks for them and takes none for "any".
  router.get(
    '/sonarr/api/v3/languageprofile',
    menu(async () => []),
  )

  return router
}

const noKeeping: RequestHandler = (_req, res, next) => {
  noStore(res)
  next()
}

const readOnly: RequestHandler = (req, res, next) => {
  if (req.method === 'GET' || req.method === 'HEAD') return next()
  res.setHeader('Allow', 'GET, HEAD')
  next(new HttpError(405, 'read_only', 'Lists are only read here: GET or HEAD.'))
}

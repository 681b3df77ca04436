import type { FeedName, UseCases } from '@stellarr/core'
import { type Request, type Response, Router } from 'express'
import { publicBase, requireToken } from '../access.ts'
import type { AppOptions } from '../app-options.ts'
import { HttpError } from '../http-error.ts'
import { queryText } from '../parse.ts'
import type { RevisionCache } from '../revision-cache.ts'
import type { FeedsAnswer } from '../wire.ts'

/** The import lists that Radarr and Sonarr read. An error is safe for them, an accidental `[]` is not. */
export function listRoutes(useCases: UseCases, options: AppOptions, cache: RevisionCache): Router {
  const router = Router()
  const guard = requireToken(options.tokens.feed, 'FEED_TOKEN')

  async function send(req: Request, res: Response, name: FeedName): Promise<void> {
    const revision = await useCases.feedRevision()
    res.setHeader('Cache-Control', 'no-store')
    await cache.send(req, res, `feed ${name}`, revision, async () => {
      const rows = await useCases.readFeed(name)
      if (rows.length > 0) await useCases.noteRead(name)
      return rows
    })
  }

  router.get('/list/radarr', guard, async (req, res) => {
    const by = queryText(req, 'by')
    if (by !== undefined && by !== 'tmdb') {
      throw new HttpError(422, 'invalid', 'by: expected "tmdb" or nothing.', { field: 'by' })
    }
    await send(req, res, by === 'tmdb' ? 'radarr-tmdb' : 'radarr')
  })
  router.get('/list/sonarr', guard, (req, res) => send(req, res, 'sonarr'))

  return router
}

/** Addresses and steps for people; behind a session. */
export function feedHelpRoutes(useCases: UseCases, options: AppOptions): Router {
  const router = Router()

  router.get('/api/feeds', async (req, res) => {
    const base = publicBase(req, options.baseUrls)
    const token = encodeURIComponent(options.tokens.feed[0] ?? '')
    const closed = await useCases.guard.reason()
    const answer: FeedsAnswer = {
      token_required: true,
      closed: closed ?? null,
      feeds: {
        radarr: {
          name: 'Radarr · StevenLu Custom',
          description: 'Films with an IMDb id. Radarr reads this list type once a day.',
          url: `${base}/list/radarr?token=${token}`,
          format: 'stevenlu',
          setup: ['Settings → Import Lists → + → StevenLu Custom', 'Paste the address into URL', 'Test, then Save'],
        },
        radarr_tmdb: {
          name: 'Radarr · Custom Lists',
          description: 'Every film, by TMDB id. Radarr reads this list type every 12 hours.',
          url: `${base}/list/radarr?by=tmdb&token=${token}`,
          format: 'custom-lists',
          setup: ['Settings → Import Lists → + → Custom Lists', 'Paste the address into List URL', 'Test, then Save'],
        },
        sonarr: {
          name: 'Sonarr · Custom List',
          description: 'Every series, by TVDB id where known. Sonarr reads this list type every 6 hours.',
          url: `${base}/list/sonarr?token=${token}`,
          format: 'sonarr-custom',
          setup: ['Settings → Import Lists → + → Custom List', 'Paste the address into List URL', 'Test, then Save'],
        },
      },
    }
    res.json(answer)
  })

  return router
}

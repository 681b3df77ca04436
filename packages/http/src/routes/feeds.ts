import { Fault, type FeedName, isFault, type UseCases } from '@stellarr/core'
import { type Request, type Response, Router } from 'express'
import { publicBase, requireToken, sessionOf } from '../access.ts'
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
    res.setHeader('Cache-Control', 'no-store')
    try {
      const { revision, day } = await useCases.feedVersion()
      await cache.send(req, res, `feed ${name}`, `${revision} ${day}`, async () => {
        const rows = await useCases.readFeed(name)
        if (rows.length > 0) await useCases.noteRead(name)
        return rows
      })
    } catch (error) {
      if (isFault(error)) throw error
      // Whatever it was, a client must see a server that is down, and try again.
      options.logger.error('feed failed', { feed: name }, error)
      throw new Fault('storage_unavailable', 'The feed cannot be read just now. Try again.')
    }
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
    const withToken = sessionOf(req).role === 'operator'
    const address = (path: string) => {
      const url = new URL(path, base)
      if (withToken) url.searchParams.set('token', options.tokens.feed[0] ?? '')
      return url.href
    }
    const closed = await useCases.guard.reason()
    const answer: FeedsAnswer = {
      token_required: true,
      with_token: withToken,
      closed: closed ?? null,
      feeds: {
        radarr_tmdb: {
          name: 'Radarr · Custom Lists',
          description: 'Every film, by TMDB id: the one to choose. Radarr reads this list type every 12 hours.',
          url: address('/list/radarr?by=tmdb'),
          format: 'custom-lists',
          setup: ['Settings → Import Lists → + → Custom Lists', 'Paste the address into List URL', 'Test, then Save'],
        },
        radarr: {
          name: 'Radarr · StevenLu Custom',
          description: 'Only films with an IMDb id. Radarr reads this list type once a day.',
          url: address('/list/radarr'),
          format: 'stevenlu',
          setup: ['Settings → Import Lists → + → StevenLu Custom', 'Paste the address into URL', 'Test, then Save'],
        },
        sonarr: {
          name: 'Sonarr · Custom List',
          description: 'Every series, by TVDB id where known. Sonarr reads this list type every 6 hours.',
          url: address('/list/sonarr'),
          format: 'sonarr-custom',
          setup: ['Settings → Import Lists → + → Custom List', 'Paste the address into List URL', 'Test, then Save'],
        },
      },
    }
    res.json(answer)
  })

  return router
}

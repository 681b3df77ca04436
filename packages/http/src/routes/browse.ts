import { pickLanguage, type UseCases } from '@stellarr/core'
import { Router } from 'express'
import { toRequestRow, toSearchItem, toTitleAnswer } from '../answers.ts'
import type { AppOptions } from '../app-options.ts'
import { HttpError } from '../http-error.ts'
import { parse, parseTitleKey } from '../parse.ts'
import type { RevisionCache } from '../revision-cache.ts'
import { type AboutAnswer, type SearchAnswer, searchBody } from '../wire/index.ts'

/** Search, title page, library status and what is running; behind a session. */
export function browseRoutes(useCases: UseCases, options: AppOptions, cache: RevisionCache): Router {
  const router = Router()

  router.get('/api/about', (_req, res) => {
    const answer: AboutAnswer = {
      version: options.version,
      store: options.store,
      catalogue: useCases.catalogueKind,
    }
    res.json(answer)
  })

  router.post('/api/search', async (req, res) => {
    const { query, media_type, page } = parse(searchBody, req.body)
    const found = await useCases.search({
      query,
      page,
      language: pickLanguage(req.get('accept-language')),
      ...(media_type ? { mediaType: media_type } : {}),
    })
    const answer: SearchAnswer = {
      results: found.results.map(toSearchItem),
      page: found.page,
      total_pages: found.totalPages,
      total_results: found.totalResults,
    }
    res.json(answer)
  })

  router.get('/api/title/:type/:id', async (req, res) => {
    const view = await useCases.viewTitle(parseTitleKey(req), pickLanguage(req.get('accept-language')))
    if (!view) throw new HttpError(404, 'unknown_title', 'The catalogue has no such title.')
    res.json(toTitleAnswer(view))
  })

  router.get('/api/library-status', async (req, res) => {
    const revision = await useCases.currentRevision()
    const tag = `W/"r${revision}"`
    res.setHeader('ETag', tag)
    res.setHeader('Cache-Control', 'private, no-cache')
    if ((req.get('if-none-match') ?? '').split(/\s*,\s*/).includes(tag)) return void res.status(304).end()
    await cache.sendJson(req, res, 'library-status', String(revision), async () => {
      const { library, requests } = await useCases.libraryStatus()
      return { library, requests: requests.map(toRequestRow) }
    })
  })

  return router
}

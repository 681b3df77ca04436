import { pickLanguage } from '@stellarr/core'
import { toSearchItem, toTitleAnswer } from '../answers.ts'
import { HttpError } from '../http-error.ts'
import { parseTitleKey } from '../parse.ts'
import { route } from '../route.ts'
import { searchAnswer, searchBody, titleAnswer } from '../wire/index.ts'

/** Search, and the page of one title. */
export const catalogueRoutes = [
  route({
    method: 'post',
    path: '/api/search',
    summary: 'Movies and series by title.',
    access: 'session',
    body: searchBody,
    answer: searchAnswer,
    errors: [401, 415, 422, 502, 503],
    async handle({ req, body: { query, media_type, page } }, { useCases }) {
      const found = await useCases.search({
        query,
        page,
        language: pickLanguage(req.get('accept-language')),
        ...(media_type ? { mediaType: media_type } : {}),
      })
      return {
        results: found.results.map(toSearchItem),
        page: found.page,
        total_pages: found.totalPages,
        total_results: found.totalResults,
      }
    },
  }),
  route({
    method: 'get',
    path: '/api/title/{type}/{id}',
    summary: 'One title with its seasons and request.',
    access: 'session',
    params: parseTitleKey,
    answer: titleAnswer,
    errors: [401, 404, 422, 502, 503],
    async handle({ req, params }, { useCases }) {
      const view = await useCases.viewTitle(params, pickLanguage(req.get('accept-language')))
      if (!view) throw new HttpError(404, 'unknown_title', 'The catalogue has no such title.')
      return toTitleAnswer(view)
    },
  }),
]

import { type HouseholdStatus, type MediaRequest, revisionOf, type TitleKey } from '@stellarr/core'
import { toRequestRow } from '../answers.ts'
import { HttpError } from '../http-error.ts'
import { oneText, parseTitleKey, type QueryReader } from '../parse.ts'
import { JSON_TYPE } from '../revision-cache.ts'
import { route } from '../route.ts'
import { libraryStatusAnswer } from '../wire/index.ts'

/** What one call may ask of: their names fill half of the longest address that CloudFront takes (8,192 bytes). */
const MOST_KEYS = 300

/** Titles as `movie/603,tv/1396`; undefined for all. */
const keys: QueryReader<TitleKey[] | undefined> = (given, name) => {
  const value = oneText(given, name)
  if (value === undefined) return undefined
  const names = value === '' ? [] : value.split(',')
  if (names.length <= MOST_KEYS && names.every((one) => /^(movie|tv)\/\d{1,10}$/.test(one))) {
    return names.map((one) => {
      const [type = '', id = ''] = one.split('/')
      return parseTitleKey({ type, id })
    })
  }
  throw new HttpError(422, 'invalid', `${name}: expected at most ${MOST_KEYS} titles as movie/603,tv/1396.`, {
    field: name,
  })
}

/** The tag of the status that a page has; a CDN may have made it a weak one. */
const knownTag = (header = '') => /^(?:W\/)?"([^"]{1,80})"$/.exec(header.trim())?.[1]

/** The whole status as the text of its JSON. */
async function* textOf({ library, requests }: HouseholdStatus<AsyncIterable<MediaRequest[]>>): AsyncIterable<string> {
  yield `{"library":${JSON.stringify(library)},"requests":[`
  let before = ''
  for await (const rows of requests) {
    if (rows.length === 0) continue
    yield before + rows.map((row) => JSON.stringify(toRequestRow(row))).join(',')
    before = ','
  }
  yield ']}'
}

/** What the household has and has requested. */
export const householdRoutes = [
  route({
    method: 'get',
    path: '/api/library-status',
    summary:
      'Library ids and requests of the titles that keys names, and what became last of one’s own requests; of all titles without it. Carries an ETag, which closes the lists when it comes back and the store is older.',
    access: 'session',
    query: { keys },
    answer: libraryStatusAnswer,
    errors: [401, 422, 503],
    async send({ req, res, query, session }, { useCases, cache }) {
      const revision = await useCases.currentRevision()
      const known = knownTag(req.get('if-none-match'))
      if (known !== undefined) await useCases.hearRevision(known, revision)
      res.setHeader('Cache-Control', 'private, no-cache')
      if (known !== undefined && revisionOf(known) === revision) {
        res.setHeader('ETag', `W/"${known}"`)
        return void res.status(304).end()
      }
      res.setHeader('ETag', `W/"${await useCases.revisionTag(revision)}"`)
      if (query.keys) {
        const { library, requests } = await useCases.statusOf(query.keys, session.name, revision)
        return void res.json({ library, requests: requests.map(toRequestRow) })
      }
      const make = async () => ({ type: JSON_TYPE, parts: textOf(await useCases.wholeStatus(revision)) })
      await cache.send(req, res, await cache.load('library-status', String(revision), make), 'answer')
    },
  }),
]

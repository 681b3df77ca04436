import { parsePlace, placeText, type RequestsPage, type RequestsWanted } from '@stellarr/core'
import { toRequestRow } from '../answers.ts'
import { HttpError } from '../http-error.ts'
import { anyMediaType, oneText, parse, type QueryReader } from '../parse.ts'
import { route } from '../route.ts'
import { type RequestsAnswer, requestGroup, requestSort, requestStatus, requestsAnswer } from '../wire/index.ts'

const MOST_ROWS = 500
const MOST_LETTERS = 200
const HOUR_MS = 3_600_000

const group: QueryReader<RequestsWanted['group']> = (given, name) => {
  const value = oneText(given, name)
  return value === undefined ? undefined : parse(requestGroup, value, name)
}
const status: QueryReader<RequestsWanted['status']> = (given, name) => {
  const value = oneText(given, name)
  return value === undefined ? undefined : parse(requestStatus, value, name)
}
const sort: QueryReader<RequestsWanted['sort']> = (given, name) => {
  const value = oneText(given, name)
  return value === undefined ? 'newest' : parse(requestSort, value, name)
}

/** A name or a part of a title. */
const words: QueryReader<string | undefined> = (given, name) => {
  const value = oneText(given, name)
  if (value === undefined || value.length <= MOST_LETTERS) return value
  throw new HttpError(422, 'invalid', `${name}: expected at most ${MOST_LETTERS} characters.`, { field: name })
}

const limit: QueryReader<number> = (given, name) => {
  const value = oneText(given, name) ?? '100'
  const rows = /^\d{1,3}$/.test(value) ? Number(value) : 0
  if (rows >= 1 && rows <= MOST_ROWS) return rows
  throw new HttpError(422, 'invalid', `${name}: expected a whole number from 1 to ${MOST_ROWS}.`, { field: name })
}

function placeIn(cursor: string | undefined, order: RequestsWanted['sort']): RequestsWanted['after'] {
  if (cursor === undefined) return undefined
  const place = parsePlace(cursor, order)
  if (place) return place
  throw new HttpError(422, 'invalid', 'cursor: expected the "next" of an answer in the same order.', {
    field: 'cursor',
  })
}

const toAnswer = ({ requests, next, counts }: RequestsPage, order: RequestsWanted['sort']): RequestsAnswer => ({
  requests: requests.map(toRequestRow),
  next: next ? placeText(order, next) : null,
  counts,
})

/** The requests, a page at a time. */
export const requestPageRoutes = [
  route({
    method: 'get',
    path: '/api/requests',
    summary: 'A page of the requests, newest first unless another order is asked for.',
    access: 'session',
    query: { group, media_type: anyMediaType, status, by: words, q: words, sort, cursor: words, limit },
    answer: requestsAnswer,
    errors: [401, 422, 503],
    async send({ req, res, query, session }, { useCases, cache }) {
      const { media_type: type, q: text, cursor, ...rest } = query
      const wanted: RequestsWanted = { ...rest, type, text, after: placeIn(cursor, query.sort) }
      const revision = await useCases.currentRevision()
      const make = async () => toAnswer(await useCases.requestsPage(wanted, session, revision), wanted.sort)
      const isFirst = req.url.indexOf('?') < 0
      if (!isFirst) return void res.json(await make())
      // What is recent is so for a time.
      const version = `${revision} ${Math.floor(Date.now() / HOUR_MS)}`
      await cache.sendJson<RequestsAnswer>(req, res, `requests of ${session.role}`, version, make)
    },
  }),
]

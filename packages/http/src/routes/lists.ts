import type { FeedName } from '@stellarr/core'
import { HttpError } from '../http-error.ts'
import { oneText, type QueryReader, readElsewhere } from '../parse.ts'
import { route } from '../route.ts'

const ERRORS = [400, 401, 404, 422, 429, 503]

/** A whole list in the form that one kind of client reads. */
const list = (path: string, feed: FeedName, summary: string) =>
  route({
    method: 'get',
    path,
    summary,
    access: 'feed key',
    feed,
    query: { profile: readElsewhere, token: readElsewhere },
    errors: ERRORS,
    send: ({ req, res }, { sendFeed }) => sendFeed(req, res, feed),
  })

const byTmdb: QueryReader<boolean> = (given, name) => {
  const by = oneText(given, name)
  if (by === undefined || by === 'tmdb') return by === 'tmdb'
  throw new HttpError(422, 'invalid', `${name}: expected "tmdb" or nothing.`, { field: name })
}

/** The plain import lists and their RSS form. An error is safe for clients, an accidental `[]` is not. */
export const listRoutes = [
  route({
    method: 'get',
    path: '/list/radarr',
    summary: 'Movies for Radarr (StevenLu Custom, or Custom Lists with by=tmdb).',
    access: 'feed key',
    feed: 'radarr',
    query: { by: byTmdb, profile: readElsewhere, token: readElsewhere },
    errors: ERRORS,
    send: ({ req, res, query }, { sendFeed }) => sendFeed(req, res, query.by ? 'radarr-tmdb' : 'radarr'),
  }),
  list('/list/sonarr', 'sonarr', 'Series for Sonarr (Custom List).'),
  list('/rss/movies', 'rss-movies', 'Movies as RSS (Plex Watchlist RSS).'),
  list('/rss/tv', 'rss-tv', 'Series as RSS (Plex Watchlist RSS).'),
  list('/rss/all', 'rss-all', 'Movies and series as RSS (Plex Watchlist RSS).'),
]

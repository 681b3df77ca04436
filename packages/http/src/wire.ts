import * as v from 'valibot'
import { feedReader } from './wire-feeds.ts'
import { feedName, id, mediaType, nullableText, seasonChoice, seasonNumber, time } from './wire-parts.ts'

export * from './wire-feeds.ts'
export * from './wire-life.ts'
export { feedName, id, mediaType } from './wire-parts.ts'

/**
 * The API's shapes, once: routes validate with them, OpenAPI is made from them, and the web app takes its types from
 * them. snake_case, times as ISO 8601 UTC, absent values null in answers to people (never in feeds).
 */

export const requestStatus = v.picklist([
  'pending',
  'picked_up',
  'downloading',
  'partly_available',
  'available',
  'gone',
])

/** Every error: text for people, a literal for programs, the field at fault when one is. */
export const errorAnswer = v.object({
  detail: v.string(),
  code: v.string(),
  field: v.optional(v.string()),
  /** At sign-in, on 401. */
  tries_left: v.optional(v.number()),
  /** On 429: ISO time. */
  retry_at: v.optional(time),
})

export const healthAnswer = v.object({
  status: v.literal('healthy'),
  service: v.literal('stellarr'),
  version: v.string(),
})

/** What the web app must know before sign-in, besides `iterations` and the server's clock (Unix seconds). */
export const authParamsAnswer = v.object({
  iterations: v.number(),
  now: v.number(),
  /** `sample` while no TMDB key is set. */
  catalogue: v.picklist(['tmdb', 'sample']),
  version: v.string(),
})

export const verifyBody = v.object({
  origin: v.pipe(v.string(), v.maxLength(300)),
  /** Unix seconds. */
  timestamp: v.pipe(v.number(), v.integer(), v.minValue(0)),
  hash: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/i)),
  name: v.pipe(v.string(), v.maxLength(200)),
})
export const verifyAnswer = v.object({
  valid: v.literal(true),
  token: v.string(),
  name: v.string(),
  role: v.picklist(['household', 'admin']),
  /** ISO time at which the session ends. */
  expires_at: time,
})

export const searchBody = v.object({
  query: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(200)),
  media_type: v.optional(v.nullable(mediaType)),
  page: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(500)), 1),
})

export const titleItem = v.object({
  id,
  title: v.string(),
  year: v.nullable(v.number()),
  overview: v.string(),
  /** TMDB's path (`/abc.jpg`, prefix `https://image.tmdb.org/t/p/w342`) or our own (`/posters/…`, as it is). */
  poster_path: nullableText,
  media_type: mediaType,
  vote_average: v.number(),
  number_of_seasons: v.nullable(v.number()),
})
export const searchItem = v.object({
  ...titleItem.entries,
  requested: v.boolean(),
  in_library: v.boolean(),
})
export const searchAnswer = v.object({
  results: v.array(searchItem),
  page: v.number(),
  total_pages: v.number(),
  total_results: v.number(),
})
export const trendingAnswer = v.object({ results: v.array(titleItem) })

/** A season's place between catalogue, request and library. */
export const seasonState = v.picklist(['not_requested', 'requested', 'partly_available', 'available'])

export const requestRow = v.object({
  media_type: mediaType,
  tmdb_id: id,
  title: v.string(),
  original_title: nullableText,
  year: v.nullable(v.number()),
  overview: v.string(),
  poster_path: nullableText,
  imdb_id: nullableText,
  tvdb_id: v.nullable(v.number()),
  seasons: v.nullable(seasonChoice),
  future_seasons: v.nullable(v.boolean()),
  quality_profile_id: v.number(),
  status: requestStatus,
  requested_by: v.string(),
  /** Who is told about it besides: others who asked for it, or chose "tell me too". */
  followers: v.array(v.string()),
  /** Series of which it is known: how many of the wanted seasons are here whole. */
  seasons_here: v.nullable(v.object({ here: v.number(), wanted: v.number() })),
  created_at: time,
  added_at: v.nullable(time),
  /** Seasons wanted besides `all`: specials and later ones that were named. */
  also_seasons: v.array(seasonNumber),
  /** Lists that cannot carry this row for want of an id. */
  undeliverable_by: v.array(feedName),
})

export const titleAnswer = v.object({
  ...searchItem.entries,
  original_title: nullableText,
  backdrop_path: nullableText,
  /** Minutes. */
  runtime: v.nullable(v.number()),
  genres: v.array(v.string()),
  seasons: v.array(
    v.object({
      season_number: seasonNumber,
      name: v.string(),
      episode_count: v.number(),
      /** `YYYY-MM-DD`. */
      air_date: nullableText,
      state: seasonState,
      /** True when the catalogue did not list it yet when the series was asked for. */
      announced_later: v.boolean(),
    }),
  ),
  request: v.nullable(requestRow),
})

export const requestBody = v.object({
  tmdb_id: id,
  media_type: mediaType,
  seasons: v.optional(
    v.pipe(
      seasonChoice,
      v.check((choice) => choice === 'all' || choice.length > 0, 'at least one season'),
    ),
  ),
  future_seasons: v.optional(v.boolean()),
  quality_profile_id: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
})
export const requestAnswer = v.object({
  success: v.boolean(),
  message: v.string(),
  request: requestRow,
})
export const withdrawAnswer = v.object({
  success: v.literal(true),
  message: v.string(),
  /** True when it had arrived: hidden from people, kept in the feeds. */
  still_listed: v.boolean(),
})
export const requestsAnswer = v.object({ requests: v.array(requestRow) })
export const libraryStatusAnswer = v.object({
  library: v.object({ movie: v.array(v.number()), tv: v.array(v.number()) }),
  requests: v.array(requestRow),
})

/** What is running here, for the page about it. */
export const aboutAnswer = v.object({
  version: v.string(),
  /** Which store holds requests and library, in words. */
  store: v.string(),
  catalogue: v.picklist(['tmdb', 'sample']),
})

/** What the admin should know or do, in words. */
export const noticesAnswer = v.object({
  notices: v.array(
    v.object({
      code: v.picklist(['store_closed', 'import_running', 'feed_emptied', 'proxy_not_trusted', 'reader_silent']),
      detail: v.string(),
      /** Whom a silent reader's notice is about. */
      reader: v.optional(feedReader),
    }),
  ),
})

export const librarySource = v.picklist(['plex', 'jellyfin', 'emby', 'radarr', 'sonarr', 'sync'])
export const syncBeginBody = v.object({ media_type: mediaType, source: librarySource })
export const syncBeginAnswer = v.object({ sync_id: v.string() })
export const syncItem = v.object({
  tmdb_id: id,
  tvdb_id: v.optional(v.nullable(id)),
  imdb_id: v.optional(v.nullable(v.pipe(v.string(), v.regex(/^tt\d{7,10}$/)))),
  title: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(1_000)))),
  seasons: v.optional(
    v.nullable(
      v.array(v.object({ season_number: seasonNumber, episodes: v.pipe(v.number(), v.integer(), v.minValue(0)) })),
    ),
  ),
})
export const syncPageAnswer = v.object({
  stored: v.number(),
  skipped: v.array(v.object({ row: v.number(), field: v.string(), expected: v.string() })),
})
export const syncCommitBody = v.object({
  pages: v.pipe(v.number(), v.integer(), v.minValue(0)),
  confirm: v.optional(v.boolean(), false),
})
export const syncCommitAnswer = v.object({
  status: v.literal('success'),
  added: v.number(),
  removed: v.number(),
  unchanged: v.number(),
  marked_as_added: v.number(),
})
/** The predecessor's one-POST form. */
export const syncPostAnswer = v.object({
  status: v.literal('success'),
  synced: v.number(),
  marked_as_added: v.number(),
  media_type: mediaType,
  skipped: syncPageAnswer.entries.skipped,
})

export type ErrorAnswer = v.InferOutput<typeof errorAnswer>
export type AuthParams = v.InferOutput<typeof authParamsAnswer>
export type VerifyBody = v.InferOutput<typeof verifyBody>
export type VerifyAnswer = v.InferOutput<typeof verifyAnswer>
export type SearchBody = v.InferInput<typeof searchBody>
export type SearchAnswer = v.InferOutput<typeof searchAnswer>
export type SearchItem = v.InferOutput<typeof searchItem>
export type TitleItem = v.InferOutput<typeof titleItem>
export type TrendingAnswer = v.InferOutput<typeof trendingAnswer>
export type TitleAnswer = v.InferOutput<typeof titleAnswer>
export type RequestRow = v.InferOutput<typeof requestRow>
export type RequestBody = v.InferInput<typeof requestBody>
export type RequestAnswer = v.InferOutput<typeof requestAnswer>
export type WithdrawAnswer = v.InferOutput<typeof withdrawAnswer>
export type RequestsAnswer = v.InferOutput<typeof requestsAnswer>
export type LibraryStatusAnswer = v.InferOutput<typeof libraryStatusAnswer>
export type AboutAnswer = v.InferOutput<typeof aboutAnswer>
export type NoticesAnswer = v.InferOutput<typeof noticesAnswer>
export type SyncItem = v.InferOutput<typeof syncItem>

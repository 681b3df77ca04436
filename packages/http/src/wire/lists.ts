import { STRANGE_STORES } from '@stellarr/core/rules'
import * as v from 'valibot'
import { feedName, nullableText, seasonNumber, titleRef } from './parts.ts'
import { requestStatus } from './requests.ts'
import { time } from './time.ts'

/** The lists that clients read: their addresses, who reads them, what a client would take. */

/** Who has read a list lately. */
export const feedReader = v.object({
  /** Names it to `DELETE /api/admin/readers/{id}`. */
  id: v.string(),
  /** `Radarr`, `Sonarr` or another program that says its name; `other` for the rest. */
  app: v.string(),
  version: nullableText,
  list: feedName,
  /** The quality profile that its address names. */
  profile: nullableText,
  /** Rows in its last answer. */
  rows: v.number(),
  first_read_at: time,
  last_read_at: time,
  /** True when it used to read and has stopped for a day. */
  silent: v.boolean(),
  /** Whose key it used: the name of a reader's own key, null for the common one; for the admin alone. */
  key_name: nullableText,
  /** True when it still used the older of two keys. */
  old_key: v.boolean(),
})

export const feedReadersAnswer = v.object({ readers: v.array(feedReader) })

export const feedEntry = v.object({
  feed: feedName,
  client: v.picklist(['radarr', 'sonarr']),
  name: v.string(),
  description: v.string(),
  /** The address; with its token for the admin alone, and only where the client cannot send a key beside it. */
  url: v.string(),
  /** The key that goes beside the address, for the admin alone; null where the address carries it. */
  key: nullableText,
  format: v.string(),
  /** The client's own shortest time between two reads. */
  refresh_minutes: v.number(),
  setup: v.array(v.string()),
})

export const feedsAnswer = v.object({
  token_required: v.literal(true),
  /** True when the addresses are whole, that is for the admin; for everybody else they lack their token. */
  with_token: v.boolean(),
  /** What is strange about the store, so that the feeds are closed; null when nothing is. */
  closed: v.nullable(v.picklist(STRANGE_STORES)),
  feeds: v.object({
    radarr_program: feedEntry,
    radarr_tmdb: feedEntry,
    radarr: feedEntry,
    rss_movies: feedEntry,
    sonarr_program: feedEntry,
    sonarr: feedEntry,
    rss_tv: feedEntry,
    rss_all: feedEntry,
  }),
  readers: v.array(feedReader),
})

/** What a client would take from a list, and what it would not: the first of each, and how many there are. */
export const feedPreviewAnswer = v.object({
  feed: feedName,
  counts: v.object({ takes: v.number(), leaves: v.number() }),
  takes: v.array(
    v.object({
      ...titleRef.entries,
      /** Series only: a title may be listed by two, while Sonarr may hold it by either. */
      tvdb_id: v.nullable(v.number()),
      quality_profile: v.string(),
      /** Labels of the requesters' tags. */
      tags: v.array(v.string()),
      /** Program lists of series: what is monitored and what is not. */
      seasons: v.nullable(v.object({ monitored: v.array(seasonNumber), unmonitored: v.array(seasonNumber) })),
      /** Of the request whose title this is. */
      status: requestStatus,
    }),
  ),
  leaves: v.array(
    v.object({
      ...titleRef.entries,
      reason: v.picklist(['no_imdb_id', 'no_tvdb_id', 'other_profile', 'dropped']),
    }),
  ),
})

export type FeedName = v.InferOutput<typeof feedName>
export type FeedReader = v.InferOutput<typeof feedReader>
export type FeedReadersAnswer = v.InferOutput<typeof feedReadersAnswer>
export type FeedPreviewAnswer = v.InferOutput<typeof feedPreviewAnswer>
export type FeedEntry = v.InferOutput<typeof feedEntry>
export type FeedsAnswer = v.InferOutput<typeof feedsAnswer>

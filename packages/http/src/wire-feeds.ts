import * as v from 'valibot'
import { feedName, id, nullableText, seasonNumber, time, titleRef } from './wire-parts.ts'

/** Feeds: who reads them, what they carry, and how the admin routes them. */

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
  /** Why the feeds are closed (another store, an older backup); null when they are open. */
  closed: nullableText,
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

/** What a client would take from a list, and what it would not. */
export const feedPreviewAnswer = v.object({
  feed: feedName,
  takes: v.array(
    v.object({
      ...titleRef.entries,
      quality_profile: v.string(),
      /** Labels of the requesters' tags. */
      tags: v.array(v.string()),
      /** Program lists of series: what is monitored and what is not. */
      seasons: v.nullable(v.object({ monitored: v.array(seasonNumber), unmonitored: v.array(seasonNumber) })),
      /** In the library: the client skips a title that it has. */
      here: v.boolean(),
    }),
  ),
  leaves: v.array(
    v.object({
      ...titleRef.entries,
      reason: v.picklist(['no_imdb_id', 'no_tvdb_id', 'other_profile', 'dropped']),
    }),
  ),
})

const profileName = v.pipe(
  v.string(),
  v.trim(),
  v.minLength(1),
  v.maxLength(40),
  v.regex(/[^\d\s]/, 'a name that is more than a number'),
)
/** An absolute folder as the clients' machines name it; only compared, never opened. */
const rootFolder = v.pipe(
  v.string(),
  v.trim(),
  v.maxLength(200),
  v.regex(/^(\/|[A-Za-z]:[\\/])[^\p{Cc}]*$/u, 'an absolute folder like /movies'),
)
/** The profiles that a request can be given. */
export const qualityProfilesAnswer = v.object({
  quality_profiles: v.array(v.object({ id, name: v.string() })),
  default_quality_profile_id: id,
})
export const adminSettingsAnswer = v.object({
  quality_profiles: v.array(
    v.object({
      id,
      name: v.string(),
      root_folders: v.object({ movie: v.string(), tv: v.string() }),
      /** How many requests carry it; one that is used cannot be removed. */
      requests: v.number(),
    }),
  ),
  default_quality_profile_id: id,
  /** Days after which what has arrived leaves the feeds; null: it stays for good. */
  keep_arrived_days: v.nullable(v.number()),
  tags_hidden: v.boolean(),
  tags: v.array(v.object({ id, label: v.string(), name: v.string() })),
})
/** Profiles as they shall be: those without an id are new, those left out are removed. */
export const adminSettingsBody = v.strictObject({
  quality_profiles: v.optional(
    v.pipe(
      v.array(
        v.object({
          id: v.optional(id),
          name: profileName,
          root_folders: v.optional(v.object({ movie: v.optional(rootFolder), tv: v.optional(rootFolder) })),
        }),
      ),
      v.minLength(1),
      v.maxLength(50),
    ),
  ),
  default_quality_profile_id: v.optional(id),
  keep_arrived_days: v.optional(v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(3650)))),
  tags_hidden: v.optional(v.boolean()),
})

/** A feed key of one reader; the key itself is shown once, when it is made. */
export const readerKey = v.object({
  id: v.string(),
  name: v.string(),
  created_at: time,
  /** When it was replaced: the older key is valid until it is ended. */
  replaced_at: v.nullable(time),
})
export const readerKeysAnswer = v.object({ tokens: v.array(readerKey) })
/** A new reader's name, or the id of the reader whose key is replaced. */
export const readerKeyBody = v.union([
  v.strictObject({ name: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(50)) }),
  v.strictObject({ replaces: v.pipe(v.string(), v.minLength(1), v.maxLength(50)) }),
])
export const newReaderKeyAnswer = v.object({
  /** The key, never shown again. */
  token: v.string(),
  reader: readerKey,
})

export type FeedName = v.InferOutput<typeof feedName>
export type FeedReader = v.InferOutput<typeof feedReader>
export type FeedReadersAnswer = v.InferOutput<typeof feedReadersAnswer>
export type FeedPreviewAnswer = v.InferOutput<typeof feedPreviewAnswer>
export type QualityProfilesAnswer = v.InferOutput<typeof qualityProfilesAnswer>
export type AdminSettingsAnswer = v.InferOutput<typeof adminSettingsAnswer>
export type AdminSettingsBody = v.InferInput<typeof adminSettingsBody>
export type ReaderKey = v.InferOutput<typeof readerKey>
export type ReaderKeysAnswer = v.InferOutput<typeof readerKeysAnswer>
export type ReaderKeyBody = v.InferInput<typeof readerKeyBody>
export type NewReaderKeyAnswer = v.InferOutput<typeof newReaderKeyAnswer>
export type FeedEntry = v.InferOutput<typeof feedEntry>
export type FeedsAnswer = v.InferOutput<typeof feedsAnswer>

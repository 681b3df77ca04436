import { KEPT_REASONS, MEDIA_REQUEST_STATUSES, REQUEST_GROUPS, REQUEST_SORTS } from '@stellarr/core/rules'
import * as v from 'valibot'
import {
  feedName,
  id,
  librarySource,
  mediaType,
  nullableText,
  numbering,
  progress,
  seasonChoice,
  seasonNumber,
} from './parts.ts'
import { time } from './time.ts'

/** Requests, and the quality profiles that one can be given. */

export const requestStatus = v.picklist(MEDIA_REQUEST_STATUSES)

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
  /** Who is told about it besides: others who asked for it, or chose "notify me". */
  followers: v.array(v.string()),
  /** Series only; of all of it where its seasons are numbered otherwise. Null while no season is known. */
  progress: v.nullable(progress),
  /** Series only. */
  numbering: v.nullable(numbering),
  /** When something of it was last lost that has not come back. */
  lost_at: v.nullable(time),
  /** Who told of it. */
  lost_in: v.nullable(librarySource),
  /** Of what was removed: why its row stays in the lists all the same; null where it does not. */
  kept_in_lists: v.nullable(v.picklist(KEPT_REASONS)),
  /** The catalogue has had no such title since: nobody will find it. */
  not_in_catalog_since: v.nullable(time),
  created_at: time,
  added_at: v.nullable(time),
  /** Seasons wanted besides `all`: specials and later ones that were named. */
  also_seasons: v.array(seasonNumber),
  /** Lists that do not deliver this row for want of an id; `sonarr` does from Sonarr 5 on. */
  undeliverable_by: v.array(feedName),
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

export const requestGroup = v.picklist(REQUEST_GROUPS)
export const requestSort = v.picklist(REQUEST_SORTS)

export const requestsAnswer = v.object({
  requests: v.array(requestRow),
  /** The `cursor` of the next page; null after the last one. */
  next: nullableText,
  /** How many there are of each group, of all that was asked for but the group. */
  counts: v.record(requestGroup, v.number()),
})

/** The profiles that a request can be given. */
export const qualityProfilesAnswer = v.object({
  quality_profiles: v.array(v.object({ id, name: v.string() })),
  default_quality_profile_id: id,
})

export type RequestRow = v.InferOutput<typeof requestRow>
export type RequestSort = v.InferOutput<typeof requestSort>
export type RequestBody = v.InferInput<typeof requestBody>
export type RequestAnswer = v.InferOutput<typeof requestAnswer>
export type WithdrawAnswer = v.InferOutput<typeof withdrawAnswer>
export type RequestsAnswer = v.InferOutput<typeof requestsAnswer>
export type QualityProfilesAnswer = v.InferOutput<typeof qualityProfilesAnswer>

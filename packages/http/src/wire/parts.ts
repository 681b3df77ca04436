import { FEED_NAMES, MAX_ID, MAX_SEASON_NUMBER, MEDIA_TYPES } from '@stellarr/core/rules'
import * as v from 'valibot'

/** Parts that several shapes of the API have in common. */

export const id = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_ID))
export const mediaType = v.picklist(MEDIA_TYPES)
export const nullableText = v.nullable(v.string())
export const seasonNumber = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MAX_SEASON_NUMBER))
export const seasonChoice = v.union([v.literal('all'), v.array(seasonNumber)])

/** The lists that clients read. */
export const feedName = v.picklist(FEED_NAMES)

/** Names a title to people. */
export const titleRef = v.object({
  media_type: mediaType,
  tmdb_id: id,
  title: v.string(),
  year: v.nullable(v.number()),
})

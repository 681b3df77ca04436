import { FEED_NAMES, isReadable, LIBRARY_SOURCES, MAX_ID, MAX_SEASON_NUMBER, MEDIA_TYPES } from '@stellarr/core/rules'
import * as v from 'valibot'

/** Parts that several shapes of the API have in common. */

export const id = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_ID))
/** What names something to people can be told from other names by its looks. */
export const readable = v.check(isReadable, 'a name without invisible or control characters')
export const mediaType = v.picklist(MEDIA_TYPES)
export const nullableText = v.nullable(v.string())
export const seasonNumber = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MAX_SEASON_NUMBER))
export const seasonChoice = v.union([v.literal('all'), v.array(seasonNumber)])

/** Episodes of what was asked for, or of a season: those here, those that have aired, and all that are listed. */
export const progress = v.object({
  here: v.number(),
  aired: v.number(),
  total: v.number(),
  /** Day of the next one that is known, `YYYY-MM-DD`. */
  next_air_date: nullableText,
})

/** Whose season numbers a series has: `differs` where they are TMDB's and what has arrived is numbered otherwise. */
export const numbering = v.picklist(['tmdb', 'tvdb', 'differs'])

/** Who tells what the library has. */
export const librarySource = v.picklist(LIBRARY_SOURCES)

/** The lists that clients read. */
export const feedName = v.picklist(FEED_NAMES)

/** Names a title to people. */
export const titleRef = v.object({
  media_type: mediaType,
  tmdb_id: id,
  title: v.string(),
  year: v.nullable(v.number()),
})

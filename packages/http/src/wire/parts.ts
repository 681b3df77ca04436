import * as v from 'valibot'

/** Parts that several shapes of the API have in common. */

const MAX_ID = 2_147_483_647

export const id = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_ID))
export const mediaType = v.picklist(['movie', 'tv'])
export const nullableText = v.nullable(v.string())
export const time = v.pipe(v.string(), v.isoTimestamp())
export const seasonNumber = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(10_000))
export const seasonChoice = v.union([v.literal('all'), v.array(seasonNumber)])

/** The lists that clients read; which list type of which client reads each is in core's `clients/rules/feeds.ts`. */
export const feedName = v.picklist([
  'radarr-program',
  'radarr-tmdb',
  'radarr',
  'rss-movies',
  'sonarr-program',
  'sonarr',
  'rss-tv',
  'rss-all',
])

/** Names a title to people. */
export const titleRef = v.object({
  media_type: mediaType,
  tmdb_id: id,
  title: v.string(),
  year: v.nullable(v.number()),
})

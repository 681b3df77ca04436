import * as v from 'valibot'
import { id, librarySource, mediaType, nullableText, numbering, progress, seasonNumber } from './parts.ts'
import { requestRow } from './requests.ts'
import { time } from './time.ts'

/** Titles: search, the page of one title, the trending files. */

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

/** How much of a season is here: nothing, some, every episode that has aired, or every one that is listed. */
export const seasonState = v.picklist(['none', 'some', 'up_to_date', 'complete'])

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
      progress,
      requested: v.boolean(),
      /** True when the catalogue did not list it yet when the series was asked for. */
      announced_later: v.boolean(),
      /** True for one without a date that is over all the same. */
      past: v.boolean(),
    }),
  ),
  /** Series only: of what was requested, else of all seasons. */
  progress: v.nullable(progress),
  numbering: v.nullable(numbering),
  /** Where the numbering differs: the number of seasons that what has arrived was numbered into. */
  seasons_arrived: v.nullable(v.number()),
  lost_at: v.nullable(time),
  lost_in: v.nullable(librarySource),
  /** False for a title that was requested and that the catalogue has no longer: the rest is what was stored of it. */
  in_catalog: v.boolean(),
  request: v.nullable(requestRow),
})

export type SearchBody = v.InferInput<typeof searchBody>
export type SearchAnswer = v.InferOutput<typeof searchAnswer>
export type SearchItem = v.InferOutput<typeof searchItem>
export type TitleItem = v.InferOutput<typeof titleItem>
export type TrendingAnswer = v.InferOutput<typeof trendingAnswer>
export type TitleAnswer = v.InferOutput<typeof titleAnswer>

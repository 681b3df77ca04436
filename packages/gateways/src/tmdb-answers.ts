import {
  type Broadcast,
  type CatalogItem,
  type CatalogSeason,
  type CatalogTitle,
  type EpisodeAiring,
  Fault,
  isImdbId,
  isTmdbPoster,
  MAX_ID,
  type MediaType,
} from '@stellarr/core'
import { dateOf, numberOf } from './answers.ts'

/** Reads TMDB's answers field by field: one odd item or field never loses the rest. */

type Fields = Record<string, unknown>

function fieldsOf(value: unknown): Fields | undefined {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? { ...value } : undefined
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined

const idOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MAX_ID ? value : undefined

const wholeOf = (value: unknown): number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : 0

const pathOf = (value: unknown): string | undefined =>
  typeof value === 'string' && isTmdbPoster(value) ? value : undefined

/** The year of a date, also of one whose month or day is odd. */
const yearOf = (value: unknown): number | undefined => {
  const year = typeof value === 'string' ? Number(/^(\d{4})-/.exec(value)?.[1]) : Number.NaN
  return year >= 1870 && year <= 2200 ? year : undefined
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

/** An answer's fields. Throws `catalog_bad_answer` when it is no object. */
export function answerOf(value: unknown): Fields {
  const fields = fieldsOf(value)
  if (!fields) throw new Fault('catalog_bad_answer', 'TMDB answered something that is not an answer. Try again later.')
  return fields
}

/** One item of a list; undefined for people and for items without id or title. */
export function readItem(value: unknown, listType: MediaType | undefined): CatalogItem | undefined {
  const fields = fieldsOf(value)
  const type = listType ?? fields?.media_type
  if (!fields || (type !== 'movie' && type !== 'tv')) return undefined
  const tmdbId = idOf(fields.id)
  const title =
    textOf(fields.title) ?? textOf(fields.name) ?? textOf(fields.original_title) ?? textOf(fields.original_name)
  if (tmdbId === undefined || title === undefined) return undefined
  const item: CatalogItem = {
    mediaType: type,
    tmdbId,
    title,
    overview: textOf(fields.overview) ?? '',
    voteAverage: typeof fields.vote_average === 'number' ? Math.min(10, Math.max(0, fields.vote_average)) : 0,
  }
  const year = yearOf(type === 'movie' ? fields.release_date : fields.first_air_date)
  const posterPath = pathOf(fields.poster_path)
  if (year !== undefined) item.year = year
  if (posterPath !== undefined) item.posterPath = posterPath
  return item
}

/** A page of a list. Throws `catalog_bad_answer` when it holds no list at all. */
export function readPage(value: unknown, listType: MediaType | undefined) {
  const fields = answerOf(value)
  if (!Array.isArray(fields.results)) {
    throw new Fault('catalog_bad_answer', 'TMDB answered something that is not a list of titles. Try again later.')
  }
  return {
    results: fields.results.flatMap((item) => readItem(item, listType) ?? []),
    page: wholeOf(fields.page) || 1,
    totalPages: wholeOf(fields.total_pages),
    totalResults: wholeOf(fields.total_results),
  }
}

function readSeason(value: unknown): CatalogSeason | undefined {
  const fields = fieldsOf(value)
  const seasonNumber = numberOf(fields?.season_number)
  if (!fields || seasonNumber === undefined) return undefined
  const season: CatalogSeason = { seasonNumber, episodeCount: wholeOf(fields.episode_count) }
  const [name, airDate] = [textOf(fields.name), dateOf(fields.air_date)]
  if (name !== undefined) season.name = name
  if (airDate !== undefined) season.airDate = airDate
  return season
}

function readAiring(value: unknown): EpisodeAiring | undefined {
  const fields = fieldsOf(value)
  const [seasonNumber, episodeNumber] = [numberOf(fields?.season_number), numberOf(fields?.episode_number)]
  const airDate = dateOf(fields?.air_date)
  if (seasonNumber === undefined || episodeNumber === undefined || airDate === undefined) return undefined
  return { seasonNumber, episodeNumber, airDate }
}

/** How far a series has run; undefined where TMDB says nothing of it. */
function readBroadcast(fields: Fields): Broadcast | undefined {
  const status = textOf(fields.status)
  const [last, next] = [readAiring(fields.last_episode_to_air), readAiring(fields.next_episode_to_air)]
  if (status === undefined && !last && !next) return undefined
  return { ended: /^(ended|cancell?ed)$/i.test(status ?? ''), ...(last && { last }), ...(next && { next }) }
}

/** The details of a title. Throws `catalog_bad_answer` when id or title are missing. */
export function readTitle(value: unknown, mediaType: MediaType): CatalogTitle {
  const fields = answerOf(value)
  const item = readItem(fields, mediaType)
  if (!item) throw new Fault('catalog_bad_answer', 'TMDB answered something that is not a title. Try again later.')
  const external = fieldsOf(fields.external_ids) ?? {}
  const title: CatalogTitle = {
    ...item,
    genres: listOf(fields.genres).flatMap((genre) => textOf(fieldsOf(genre)?.name) ?? []),
    seasons: listOf(fields.seasons)
      .flatMap((season) => readSeason(season) ?? [])
      .sort((a, b) => a.seasonNumber - b.seasonNumber),
  }
  const imdbId = [fields.imdb_id, external.imdb_id].map(textOf).find((id) => id !== undefined && isImdbId(id))
  const tvdbId = mediaType === 'tv' ? idOf(external.tvdb_id) : undefined
  const originalTitle = textOf(fields.original_title) ?? textOf(fields.original_name)
  const backdropPath = pathOf(fields.backdrop_path)
  const runtime = wholeOf(fields.runtime) || wholeOf(listOf(fields.episode_run_time)[0])
  if (imdbId !== undefined) title.imdbId = imdbId
  if (tvdbId !== undefined) title.tvdbId = tvdbId
  if (originalTitle !== undefined) title.originalTitle = originalTitle
  if (backdropPath !== undefined) title.backdropPath = backdropPath
  if (runtime > 0) title.runtime = runtime
  if (mediaType === 'tv') {
    title.numberOfSeasons = title.seasons.filter((season) => season.seasonNumber > 0).length
    const broadcast = readBroadcast(fields)
    if (broadcast) title.broadcast = broadcast
  }
  return title
}

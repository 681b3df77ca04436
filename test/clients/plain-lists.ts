import { boolOf, checkFloat, checkNullableInts, type FeedAnswer, intOf, jsonRows, textOf } from './answers.ts'

/**
 * The plain JSON lists, from src/NzbDrone.Core/ImportLists of Radarr (StevenLu, RadarrList) and Sonarr (Custom). A
 * function named `…Rows` answers what the client makes of an answer and throws where it fails the whole list; the
 * `readAs…` beside it throws as well for rows that the client takes but that name no title for certain.
 */

/** A row of Radarr's StevenLu list; without an id Radarr searches the title and takes the first hit. */
export interface StevenLuRow {
  title?: string
  imdbId?: string
}

/** Radarr, "StevenLu Custom". `null` and an empty body are an empty list; `text/json` is refused. */
export function stevenLuRows({ status, headers, text }: FeedAnswer): StevenLuRow[] {
  if (status !== 200) throw new Error(`HTTP ${status}`)
  if (headers.get('content-type')?.includes('text/json')) throw new Error('content type text/json')
  return (jsonRows(text) ?? []).map((row) => {
    const read: StevenLuRow = {}
    const [title, imdbId] = [textOf(row, 'title'), textOf(row, 'imdb_id')]
    textOf(row, 'poster_url')
    if (title !== undefined) read.title = title
    if (imdbId !== undefined) read.imdbId = imdbId
    return read
  })
}

/** True for an IMDb id that Radarr looks up as it is; a malformed one can match an arbitrary movie. */
export const isSafeImdbId = (imdbId: string | undefined): imdbId is string =>
  imdbId !== undefined && /^tt\d{7,10}$/.test(imdbId)

/** As `stevenLuRows`; throws for a row without title or with an id that would not find the movie by itself. */
export function readAsStevenLu(answer: FeedAnswer): { title: string; imdbId: string }[] {
  return stevenLuRows(answer).map(({ title, imdbId }) => {
    if (!isSafeImdbId(imdbId)) throw new Error(`imdb_id ${imdbId} would become a title search`)
    if (!title) throw new Error('a row without title')
    return { title, imdbId }
  })
}

/**
 * Radarr, "Custom Lists": `id` is the TMDB id; every other key named as TMDB's must have TMDB's type. `null` and an empty
 * body are an empty list; rows with an id below 1 are left out.
 */
export function radarrCustomRows({ status, text }: FeedAnswer): { tmdbId: number }[] {
  if (status !== 200) throw new Error(`HTTP ${status}`)
  const rows = (jsonRows(text) ?? []).map((row) => {
    for (const name of [
      'title',
      'original_title',
      'original_language',
      'overview',
      'poster_path',
      'backdrop_path',
      'release_date',
    ]) {
      textOf(row, name)
    }
    for (const name of ['adult', 'video']) boolOf(row, name)
    for (const name of ['popularity', 'vote_average']) checkFloat(row, name)
    intOf(row, 'vote_count')
    checkNullableInts(row, 'genre_ids')
    return { tmdbId: intOf(row, 'id') }
  })
  return rows.filter((row) => row.tmdbId > 0)
}

/** As `radarrCustomRows`; throws for a row that Radarr would leave out. */
export function readAsRadarrCustom(answer: FeedAnswer): { tmdbId: number }[] {
  const rows = radarrCustomRows(answer)
  if (rows.length !== (jsonRows(answer.text) ?? []).length) throw new Error('id is not above 0')
  return rows
}

export interface SonarrCustomRow {
  title?: string
  /** 0 when the row has none: Sonarr then looks the series up by IMDb id, then by TMDB id. */
  tvdbId: number
  tmdbId: number
  imdbId?: string
}

/** Sonarr, "Custom List". `null` and an empty body fail it, though its Test button says all is well. */
export function sonarrCustomRows({ status, text }: FeedAnswer): SonarrCustomRow[] {
  if (status >= 400) throw new Error(`HTTP ${status}`)
  const rows = jsonRows(text)
  if (rows === undefined) throw new Error('no list')
  return rows.map((row) => {
    const read: SonarrCustomRow = { tvdbId: intOf(row, 'tvdbId'), tmdbId: intOf(row, 'tmdbId') }
    const [title, imdbId] = [textOf(row, 'title'), textOf(row, 'imdbId')]
    if (title !== undefined) read.title = title
    if (imdbId !== undefined) read.imdbId = imdbId
    return read
  })
}

/** As `sonarrCustomRows`; throws for a row without any id. */
export function readAsSonarrCustom(answer: FeedAnswer): SonarrCustomRow[] {
  const rows = sonarrCustomRows(answer)
  for (const row of rows) {
    if (row.tvdbId <= 0 && row.tmdbId <= 0 && !row.imdbId) throw new Error('a row without any id')
  }
  return rows
}

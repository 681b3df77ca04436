/**
 * Strict stand-ins for the parsers of Radarr and Sonarr, written from their sources
 * (src/NzbDrone.Core/ImportLists). Each throws where the client would fail the whole list.
 */

interface FeedAnswer {
  status: number
  headers: Headers
  text: string
}

function rowsOf({ status, headers, text }: FeedAnswer, strictType: boolean): Record<string, unknown>[] {
  if (status !== 200) throw new Error(`HTTP ${status}`)
  const type = headers.get('content-type') ?? ''
  if (strictType && !type.startsWith('application/json')) throw new Error(`content type ${type}`)
  if (text.startsWith('\ufeff')) throw new Error('byte order mark')
  const rows: unknown = JSON.parse(text)
  if (!Array.isArray(rows)) throw new Error('not an array')
  return rows.map((row: unknown) => {
    if (row === null || typeof row !== 'object' || Array.isArray(row)) throw new Error('a row is no object')
    // Their JSON names are case-insensitive.
    return Object.fromEntries(Object.entries(row).map(([name, value]) => [name.toLowerCase(), value]))
  })
}

function text(value: unknown, name: string): string {
  if (typeof value !== 'string') throw new Error(`${name} is no string`)
  return value
}

function int32(value: unknown, name: string): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || Math.abs(value) > 2_147_483_647) {
    throw new Error(`${name} is no 32-bit integer`)
  }
  return value
}

/** Radarr, "StevenLu Custom": `title` and `imdb_id`; a malformed id can match an arbitrary film. */
export function readAsStevenLu(answer: FeedAnswer): { title: string; imdbId: string }[] {
  return rowsOf(answer, true).map((row) => {
    const imdbId = text(row.imdb_id, 'imdb_id')
    if (!/^tt\d{7,10}$/.test(imdbId)) throw new Error(`imdb_id ${imdbId} would become a title search`)
    return { title: text(row.title, 'title'), imdbId }
  })
}

/** Radarr, "Custom Lists": `id` is the TMDB id; other TMDB-named keys must have TMDB's types. */
export function readAsRadarrCustom(answer: FeedAnswer): { tmdbId: number }[] {
  return rowsOf(answer, false).map((row) => {
    for (const name of ['title', 'overview', 'poster_path', 'release_date', 'imdb_id']) {
      if (name in row) text(row[name], name)
    }
    const tmdbId = int32(row.id, 'id')
    if (tmdbId <= 0) throw new Error('id is not above 0')
    return { tmdbId }
  })
}

/** Sonarr, "Custom List": `tvdbId` (int or digits), else `tmdbId` or `imdbId`; null in any row fails the list. */
export function readAsSonarrCustom(
  answer: FeedAnswer,
): { title?: string; tvdbId: number; tmdbId: number; imdbId?: string }[] {
  return rowsOf(answer, false).map((row) => {
    const number = (name: string) => {
      if (!(name in row)) return 0
      const value = row[name]
      return typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : int32(value, name)
    }
    const read: { title?: string; tvdbId: number; tmdbId: number; imdbId?: string } = {
      tvdbId: number('tvdbid'),
      tmdbId: number('tmdbid'),
    }
    if ('title' in row) read.title = text(row.title, 'title')
    if ('imdbid' in row) read.imdbId = text(row.imdbid, 'imdbId')
    if (read.tvdbId === 0 && read.tmdbId === 0 && read.imdbId === undefined) throw new Error('a row without any id')
    return read
  })
}

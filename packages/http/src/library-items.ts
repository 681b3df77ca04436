import { type LibraryItem, type MediaType, pacer } from '@stellarr/core'
import * as v from 'valibot'
import { HttpError } from './http-error.ts'
import { describeIssue } from './parse.ts'
import { syncItem } from './wire/index.ts'

interface ReadItems {
  items: LibraryItem[]
  skipped: { row: number; field: string; expected: string }[]
}

/** Reads a sync's items row by row, in turn with all else: an odd one is reported and left out, the rest is stored. */
export async function readItems(body: unknown, mediaType: MediaType, most: number): Promise<ReadItems> {
  if (!Array.isArray(body)) throw new HttpError(422, 'invalid', 'The body must be a JSON array of items.')
  if (body.length > most) {
    throw new HttpError(
      413,
      'too_many_items',
      `At most ${most} items in one body. Larger libraries go in pages: POST /sync/library/begin.`,
    )
  }
  const read: ReadItems = { items: [], skipped: [] }
  /** Where each title stands: of doubles the last counts. */
  const places = new Map<number, { row: number; place: number }>()
  const pace = pacer()
  for (const [index, row] of (body as unknown[]).entries()) {
    await pace()
    const result = v.safeParse(syncItem, row, { abortEarly: true })
    if (!result.success) {
      read.skipped.push({ row: index, ...describeIssue(result.issues[0]) })
      continue
    }
    const { tmdb_id, tvdb_id, imdb_id, title, seasons } = result.output
    const item: LibraryItem = { mediaType, tmdbId: tmdb_id }
    if (tvdb_id) item.tvdbId = tvdb_id
    if (imdb_id) item.imdbId = imdb_id
    if (title) item.title = title
    if (seasons && mediaType === 'tv') {
      item.seasons = seasons
        .map((season) => ({ seasonNumber: season.season_number, episodes: season.episodes }))
        .sort((a, b) => a.seasonNumber - b.seasonNumber)
    }
    const before = places.get(tmdb_id)
    if (before)
      read.skipped.push({ row: before.row, field: 'tmdb_id', expected: 'each title once (the last was taken)' })
    places.set(tmdb_id, { row: index, place: before?.place ?? read.items.length })
    if (before) read.items[before.place] = item
    else read.items.push(item)
  }
  read.skipped.sort((a, b) => a.row - b.row)
  return read
}

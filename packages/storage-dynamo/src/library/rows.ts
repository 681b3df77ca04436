import {
  LIBRARY_SOURCES,
  type LibraryItem,
  type LibraryRow,
  type LibrarySource,
  type MediaType,
  type SeasonPresence,
  type TitleKey,
} from '@stellarr/core'
import { fromJson, optionalText, optionalWhole, type Row, wellFormed, whole } from '../table/attribute-values.ts'
import type { Wording } from '../table/expressions.ts'
import { libraryKey } from '../table/keys.ts'
import type { StoreState } from '../table/state-row.ts'

/**
 * One item a title, under `LIBRARY#movie` or `LIBRARY#tv`, for all sources together: so a search asks for twenty titles
 * with twenty keys, whatever number of media servers a household has. Each source has up to three attributes (here of
 * `plex`):
 *
 * - `plex`: what it says of the title, until the generation `plex_from` is shown
 * - `plex_next`: what it says from then on; absent when the title is gone from then on
 * - `plex_from`: that generation; absent when `plex` simply holds
 *
 * The state row says which generation of a source is shown. A commit writes the next generation beside the present one,
 * where no reader sees it, and then shows it by one update. Both are JSON texts with short names: they are read 20,000
 * at a time, and DynamoDB bills by the byte.
 */
const nextName = (source: LibrarySource) => `${source}_next`
const fromName = (source: LibrarySource) => `${source}_from`

/** What a media server says of a title: TVDB id, IMDb id, title, and episodes by season. */
export interface Facts {
  v?: number
  i?: string
  n?: string
  s?: [season: number, episodes: number][]
}

/** As stored: the facts, when the source first had it (epoch ms), and the newest sync that had begun when `add` last reported it. */
export interface Entry extends Facts {
  a: number
  t: number
}

/** The facts of an item, their names always in the same order, so that equal facts are equal texts. */
export function factsOf({ tvdbId, imdbId, title, seasons }: LibraryItem): Facts {
  const facts: Facts = {}
  if (tvdbId !== undefined) facts.v = tvdbId
  if (imdbId !== undefined) facts.i = wellFormed(imdbId)
  if (title !== undefined) facts.n = wellFormed(title)
  if (seasons !== undefined) facts.s = seasons.map(({ seasonNumber, episodes }) => [seasonNumber, episodes])
  return facts
}

/** True when both say the same of a title. */
export function sameFacts(a: Facts, b: Facts): boolean {
  return JSON.stringify([a.v, a.i, a.n, a.s]) === JSON.stringify([b.v, b.i, b.n, b.s])
}

/** The entry's text that is shown at a generation; undefined when the source does not have the title then. */
function shownText(row: Row, source: LibrarySource, generation: number): string | undefined {
  const from = optionalWhole(row, fromName(source))
  return optionalText(row, from !== undefined && from <= generation ? nextName(source) : source)
}

/** What a source says of a title at a generation; undefined when it does not have it. */
export function entryOf(row: Row, source: LibrarySource, generation: number): Entry | undefined {
  const shown = shownText(row, source, generation)
  return shown === undefined ? undefined : fromJson(shown)
}

/** True when a commit that was never shown has left something of this source here. */
export function hasLeftover(row: Row, source: LibrarySource, generation: number): boolean {
  return (optionalWhole(row, fromName(source)) ?? 0) > generation
}

/** True when a sync of this source took the title out and the row says what it was. */
export function isRemoved(row: Row, source: LibrarySource, generation: number): boolean {
  return optionalText(row, source) !== undefined && shownText(row, source, generation) === undefined
}

/** True when no source has the title, nor will have it by a commit under way: nobody would miss the row. */
export function isOver(row: Row, mediaType: MediaType, state: StoreState): boolean {
  const isAwaited = (source: LibrarySource) => hasLeftover(row, source, state.generationOf(source, mediaType))
  return !isPresent(row, mediaType, state) && !LIBRARY_SOURCES.some(isAwaited)
}

/** True for what a commit that was never shown has left of a row that was none before. */
export function saysNothing(row: Row): boolean {
  return LIBRARY_SOURCES.every((source) => (row[source] ?? row[nextName(source)]) === undefined)
}

/** True when any source has the title. */
export function isPresent(row: Row, mediaType: MediaType, state: StoreState): boolean {
  return LIBRARY_SOURCES.some((source) => shownText(row, source, state.generationOf(source, mediaType)) !== undefined)
}

/** The row with another entry of a source (none: without the source), at once. */
export function withEntry(row: Row, source: LibrarySource, entry: Entry | undefined): Row {
  return {
    ...row,
    [source]: entry && JSON.stringify(entry),
    [nextName(source)]: undefined,
    [fromName(source)]: undefined,
  }
}

/** The row with another entry of a source (none: without the source) from the next generation on. */
export function withNextEntry(row: Row, source: LibrarySource, shown: number, entry: Entry | undefined): Row {
  return {
    ...row,
    [source]: shownText(row, source, shown),
    [nextName(source)]: entry && JSON.stringify(entry),
    [fromName(source)]: shown + 1,
  }
}

/** What a title's row says in the domain's words, sources in order. */
export function libraryRows(row: Row, mediaType: MediaType, state: StoreState): LibraryRow[] {
  return [...LIBRARY_SOURCES].sort().flatMap((source) => {
    const entry = entryOf(row, source, state.generationOf(source, mediaType))
    return entry ? [toLibraryRow(entry, source, mediaType, whole(row, 'tmdb_id'))] : []
  })
}

/** One source's entry as the domain has it. */
function toLibraryRow(entry: Entry, source: LibrarySource, mediaType: MediaType, tmdbId: number): LibraryRow {
  const row: LibraryRow = { source, mediaType, tmdbId, addedAt: entry.a }
  if (entry.v !== undefined) row.tvdbId = entry.v
  if (entry.i !== undefined) row.imdbId = entry.i
  if (entry.n !== undefined) row.title = entry.n
  if (entry.s !== undefined) {
    row.seasons = entry.s.map(([seasonNumber, episodes]): SeasonPresence => ({ seasonNumber, episodes }))
  }
  return row
}

/** Only rows of a source; for exports. */
export const ofSource =
  (source: LibrarySource): Wording =>
  (e) =>
    `attribute_exists(${e.name(source)}) OR attribute_exists(${e.name(nextName(source))})`

/** An empty row of a title. */
export const emptyRow = (key: TitleKey): Row => ({ ...libraryKey(key) })

import type { MediaRequest } from '../../requests/index.ts'
import { taggedNames, wantedSeasons } from '../../requests/rules/index.ts'
import { type FeedSettings, folderOf, requesterTags } from '../../routing/rules/index.ts'
import { isDrawnPoster, isImdbId, titleOf, titleWithYear } from '../../titles/rules/index.ts'
import type { FeedName } from './feed-names.ts'
import { type ListedTitle, listedTitles } from './listed-titles.ts'
import { rssParts } from './rss.ts'

/** A row of `/list/radarr`: StevenLu reads `title` and `imdb_id`, Custom Lists reads `id` (TMDB). */
export interface RadarrRow {
  id: number
  title: string
  imdb_id: string
  poster_url?: string
}

/** A row of `/list/radarr?by=tmdb`. No title: StevenLu would search it and take the first hit. */
export interface RadarrTmdbRow {
  id: number
}

/** A row of `/list/sonarr`; unknown ids are left out, never null (one null fails the whole list). */
export interface SonarrRow {
  title: string
  tvdbId?: number
  tmdbId: number
  imdbId?: string
}

/** What the rows of both program lists have in common, as Radarr's and Sonarr's own API names it. */
interface ProgramRow {
  /** The TMDB id: ours have no other number of their own. */
  id: number
  title: string
  year?: number
  tmdbId: number
  imdbId?: string
  qualityProfileId: number
  rootFolderPath: string
  path: string
  /** Ids of the requesters' tags. */
  tags: number[]
  monitored: true
}

export interface SonarrProgramRow extends ProgramRow {
  tvdbId: number
  languageProfileId: number
  /** Every season there is: Sonarr may monitor one that is not listed by a rule of its own. */
  seasons: { seasonNumber: number; monitored: boolean }[]
}

const TMDB_IMAGES = 'https://image.tmdb.org/t/p/w500'

/** The public address of a poster, for clients that show one; our own drawn posters have none outside. */
function posterUrl(posterPath: string | undefined): string | undefined {
  return posterPath === undefined || isDrawnPoster(posterPath) ? undefined : TMDB_IMAGES + posterPath
}

const feedTitle = (request: MediaRequest) => titleWithYear(titleOf(request), request.year)

function radarrRow(request: MediaRequest): RadarrRow {
  const poster = posterUrl(request.posterPath)
  const row: RadarrRow = {
    id: request.tmdbId,
    title: feedTitle(request),
    imdb_id: request.imdbId ?? '',
  }
  return poster === undefined ? row : { ...row, poster_url: poster }
}

function sonarrRow({ request, tvdbId }: ListedTitle): SonarrRow {
  const row: SonarrRow = { title: titleOf(request), tmdbId: request.tmdbId }
  if (tvdbId !== undefined) row.tvdbId = tvdbId
  if (request.imdbId !== undefined && isImdbId(request.imdbId)) row.imdbId = request.imdbId
  return row
}

/** A folder as clients compare it: with the slash at its end, since `/movies` is also a part of `/movies-4k`. */
export function folderOnWire(folder: string): string {
  const slash = folder.includes('\\') ? '\\' : '/'
  return folder.endsWith(slash) ? folder : folder + slash
}

/**
 * Makes a function that gives a title its rows of a program list: one, or one for each root folder where requests of one
 * series at TVDB have several, since a list may be filtered by any of them.
 */
function programRows(settings: FeedSettings): (title: ListedTitle) => ProgramRow[] {
  const tagIds = new Map(requesterTags(settings).map((tag) => [tag.name, tag.id]))
  return ({ request, all }) => {
    const folders = new Set(all.map((one) => folderOnWire(folderOf(settings, one))))
    const row = {
      id: request.tmdbId,
      title: titleOf(request),
      tmdbId: request.tmdbId,
      qualityProfileId: request.qualityProfileId,
      tags: [...new Set(all.flatMap(taggedNames))].flatMap((name) => tagIds.get(name) ?? []),
      monitored: true as const,
      ...(request.year !== undefined && { year: request.year }),
      ...(request.imdbId !== undefined && isImdbId(request.imdbId) && { imdbId: request.imdbId }),
    }
    const name = feedTitle(request).replace(/[\\/]/g, '+')
    return [...folders].map((rootFolderPath) => ({ ...row, rootFolderPath, path: rootFolderPath + name }))
  }
}

/**
 * Every season of a series, wanted or not. Specials are always among them, and so are seasons that were named while the
 * catalogue's list was not known, and those that something arrived of.
 * @param requests for one series at TVDB: a season that one of them wants is wanted
 */
export function seasonRows(requests: readonly MediaRequest[]): SonarrProgramRow['seasons'] {
  const monitored = new Map<number, boolean>([[0, false]])
  for (const request of requests) {
    for (const { seasonNumber } of request.seasonState) {
      monitored.set(seasonNumber, monitored.get(seasonNumber) ?? false)
    }
    for (const { seasonNumber } of wantedSeasons(request)) monitored.set(seasonNumber, true)
  }
  return [...monitored]
    .map(([seasonNumber, isWanted]) => ({ seasonNumber, monitored: isWanted }))
    .sort((a, b) => a.seasonNumber - b.seasonNumber)
}

/** Titles of one part: a list of any length is written without keeping all else waiting. */
const TITLES_A_PART = 1_000

/** A list as it goes out. */
export interface FeedBody {
  type: 'application/json; charset=utf-8' | 'text/json; charset=utf-8' | 'application/rss+xml; charset=utf-8'
  /** Its text, from beginning to end; made as it is asked for. */
  parts: Iterable<string>
  rows: number
}

/**
 * The body of a list.
 * @param requests those that the list carries (`isAt`) and keeps (`keptRows`)
 */
export function feedBody(feed: FeedName, requests: readonly MediaRequest[], settings: FeedSettings): FeedBody {
  const titles = listedTitles(requests)
  const rows = titles.length
  if (feed === 'rss-movies' || feed === 'rss-tv' || feed === 'rss-all') {
    return { type: 'application/rss+xml; charset=utf-8', parts: rssParts(inSlices(titles)), rows }
  }
  // StevenLu fails on text/json (StevenLuParser in Radarr's source), which keeps it off the list that Custom Lists reads.
  const type = feed === 'radarr-tmdb' ? 'text/json; charset=utf-8' : 'application/json; charset=utf-8'
  return { type, parts: jsonParts(rowsOf(feed, settings), titles), rows }
}

function* inSlices(titles: readonly ListedTitle[]): Iterable<readonly ListedTitle[]> {
  for (let from = 0; from < titles.length; from += TITLES_A_PART) yield titles.slice(from, from + TITLES_A_PART)
}

/** A JSON array of all rows. A list without a part of its own is one part. */
function* jsonParts(rows: (title: ListedTitle) => readonly object[], titles: readonly ListedTitle[]): Iterable<string> {
  let before = '['
  for (const slice of inSlices(titles)) {
    const texts = slice.flatMap(rows).map((row) => JSON.stringify(row))
    if (texts.length === 0) continue
    yield before + texts.join(',')
    before = ','
  }
  yield before === '[' ? '[]' : ']'
}

/** Makes a function that gives a title its rows of a JSON list. */
function rowsOf(
  feed: Exclude<FeedName, `rss-${string}`>,
  settings: FeedSettings,
): (title: ListedTitle) => readonly object[] {
  switch (feed) {
    case 'radarr':
      return ({ request }) => [radarrRow(request)]
    case 'radarr-tmdb':
      return ({ request }): RadarrTmdbRow[] => [{ id: request.tmdbId }]
    case 'sonarr':
      return (title) => [sonarrRow(title)]
    case 'radarr-program':
      return programRows(settings)
    case 'sonarr-program': {
      const rows = programRows(settings)
      return (title): SonarrProgramRow[] => {
        const { tvdbId } = title
        if (tvdbId === undefined) return []
        return rows(title).map((row) => ({ ...row, tvdbId, languageProfileId: 1, seasons: seasonRows(title.all) }))
      }
    }
  }
}

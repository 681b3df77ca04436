import type { FeedAnswer } from './answers.ts'
import { parseXml, type XmlElement } from './xml.ts'

/** What the RSS list types send as `Accept` (HttpAccept.Rss). */
export const RSS_ACCEPT = 'application/rss+xml, text/rss+xml, text/xml'

/** The clients' patterns stop after eight digits: a longer id is cut to another movie's. */
const IMDB_ID = /tt\d{7,8}/i

const child = (item: XmlElement, name: string) => item.children.find((one) => one.name === name)?.text

/** The items of `rss/channel`; a document without a channel is an empty list. */
function items({ status, headers, text }: FeedAnswer): XmlElement[] {
  if (status !== 200) throw new Error(`HTTP ${status}`)
  if (headers.get('content-type')?.includes('text/html')) throw new Error('content type text/html')
  const channel = parseXml(text).children.find((one) => one.name === 'channel')
  return channel?.children.filter((one) => one.name === 'item') ?? []
}

/** .NET's int.TryParse of a guid without its scheme. */
function idAfter(guid: string, scheme: string): number {
  const rest = guid.replaceAll(scheme, '').trim()
  return /^[+-]?\d{1,10}$/.test(rest) && Math.abs(Number(rest)) <= 2_147_483_647 ? Number(rest) : 0
}

const imdbIdAfter = (guid: string) =>
  guid.startsWith('imdb://') ? IMDB_ID.exec(guid.replaceAll('imdb://', ''))?.[0] : undefined

export interface RadarrPlexRow {
  title: string
  tmdbId: number
  imdbId?: string
}

/**
 * Radarr, "Plex Watchlist RSS": items of the category `movie`, each with one `guid` `imdb://tt…` or `tmdb://N`. One
 * such item without fails the whole list; a bare number counts as a TMDB id.
 */
export function readAsRadarrPlexRss(answer: FeedAnswer): RadarrPlexRow[] {
  return items(answer).flatMap((item) => {
    if (child(item, 'category') !== 'movie') return []
    const guid = child(item, 'guid') ?? ''
    const row: RadarrPlexRow = { title: child(item, 'title') ?? 'Unknown', tmdbId: idAfter(guid, 'tmdb://') }
    const imdbId = imdbIdAfter(guid)
    if (imdbId !== undefined) row.imdbId = imdbId
    else if (row.tmdbId === 0) throw new Error(`an item without IMDb or TMDB id: ${guid}`)
    return [row]
  })
}

export interface SonarrPlexRow extends RadarrPlexRow {
  tvdbId: number
}

/**
 * Sonarr, "Plex Watchlist RSS": items of the category `show`, each with one `guid` `tvdb://N`, `tmdb://N` or
 * `imdb://tt…`. One such item without fails the whole list; a bare number counts as TVDB and TMDB id at once.
 */
export function readAsSonarrPlexRss(answer: FeedAnswer): SonarrPlexRow[] {
  return items(answer).flatMap((item) => {
    if (child(item, 'category') !== 'show') return []
    const guid = child(item, 'guid') ?? ''
    const row: SonarrPlexRow = {
      title: child(item, 'title') ?? 'Unknown',
      tvdbId: idAfter(guid, 'tvdb://'),
      tmdbId: idAfter(guid, 'tmdb://'),
    }
    const imdbId = imdbIdAfter(guid)
    if (imdbId !== undefined) row.imdbId = imdbId
    else if (row.tvdbId === 0 && row.tmdbId === 0) throw new Error(`an item without any id: ${guid}`)
    return [row]
  })
}

export interface RssListRow {
  title: string
  /** 0 when the title names none. */
  year: number
  /** Absent: Radarr searches the title and takes the first hit. */
  imdbId?: string
}

/**
 * Radarr, "RSS List": `title` is a release name with a year, and the IMDb id stands in the title or the `link`. Items
 * whose title says that they are television are left out. No item fails the list.
 */
export function readAsRadarrRssList(answer: FeedAnswer): RssListRow[] {
  return items(answer).flatMap((item) => {
    const title = child(item, 'title') ?? 'Unknown'
    if (/TV Series|Mini-Series|TV Episode/i.test(title)) return []
    const parsed = /^(.+?)[\s.([_-]+((?:19|20)\d{2})(?!\d)/.exec(title)
    const row: RssListRow = {
      title: parsed?.[1]?.replaceAll(/[._]/g, ' ') ?? title,
      year: Number(parsed?.[2] ?? 0),
    }
    const imdbId = IMDB_ID.exec(title)?.[0] ?? IMDB_ID.exec(child(item, 'link') ?? '')?.[0]
    return [imdbId === undefined ? row : { ...row, imdbId }]
  })
}

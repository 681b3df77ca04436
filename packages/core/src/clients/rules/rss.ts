import type { MediaRequest } from '../../requests/index.ts'
import { titleOf, titleWithYear } from '../../titles/rules/index.ts'
import type { ListedTitle } from './listed-titles.ts'

/**
 * Text for XML 1.0: markup escaped, and characters that XML has no place for (control characters, lone surrogates)
 * left out, since one of them fails the whole feed.
 */
function xmlText(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
}

/** The clients' patterns read 7 or 8 digits and cut the rest, which would be another title. */
function rssImdbId(request: MediaRequest): string | undefined {
  return request.imdbId !== undefined && /^tt\d{7,8}$/.test(request.imdbId) ? request.imdbId : undefined
}

/** The one guid of an item: an IMDb id, which every Radarr reads, else the TMDB id; for series the TVDB id. */
function guidOf({ request, tvdbId }: ListedTitle): string {
  if (tvdbId !== undefined) return `tvdb://${tvdbId}`
  const imdbId = request.mediaType === 'movie' ? rssImdbId(request) : undefined
  return imdbId === undefined ? `tmdb://${request.tmdbId}` : `imdb://${imdbId}`
}

function itemOf(title: ListedTitle): string {
  const { request } = title
  const imdbId = rssImdbId(request)
  const page =
    imdbId === undefined
      ? `https://www.themoviedb.org/${request.mediaType}/${request.tmdbId}`
      : `https://www.imdb.com/title/${imdbId}/`
  return [
    '<item>',
    `<title>${xmlText(titleWithYear(titleOf(request), request.year))}</title>`,
    `<link>${page}</link>`,
    `<guid isPermaLink="false">${guidOf(title)}</guid>`,
    `<category>${request.mediaType === 'movie' ? 'movie' : 'show'}</category>`,
    `<pubDate>${new Date(request.createdAt).toUTCString()}</pubDate>`,
    '</item>',
  ].join('')
}

const HEAD = [
  '<?xml version="1.0" encoding="utf-8"?>',
  '<rss version="2.0"><channel>',
  '<title>Stellarr</title><link>https://www.themoviedb.org/</link><description>Requests of the household</description>',
]

/**
 * The requests as RSS 2.0, in parts, in the form that "Plex Watchlist RSS" of Radarr and Sonarr reads
 * (PlexRssImportParser).
 * @param slices all titles, a part's at once
 */
export function* rssParts(slices: Iterable<readonly ListedTitle[]>): Iterable<string> {
  yield HEAD.join('\n')
  for (const slice of slices) yield slice.map((title) => `\n${itemOf(title)}`).join('')
  yield '\n</channel></rss>'
}

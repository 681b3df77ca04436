import { FEED_TOKEN } from '../test/http/deployment.ts'

/** What a list answered: its ids, or why it is closed. */
export type Listed = { kind: 'rows'; ids: number[] } | { kind: 'closed'; status: number; code: string }

/** All lists of both clients. */
export const LISTS = [
  '/list/radarr',
  '/list/radarr?by=tmdb',
  '/list/sonarr',
  '/radarr/api/v3/movie',
  '/sonarr/api/v3/series',
  '/rss/movies',
  '/rss/tv',
  '/rss/all',
] as const

/** How long a start may check its store before lists open. */
const CHECKED_WITHIN_MS = 10_000

/** Reads a list as a client does, once the store has been checked. Throws for what no client could read. */
export async function readList(url: string, path: string = LISTS[0]): Promise<Listed> {
  const end = Date.now() + CHECKED_WITHIN_MS
  for (;;) {
    const answer = await fetch(url + path, { headers: { 'x-api-key': FEED_TOKEN } })
    const text = await answer.text()
    if (answer.status === 200) return { kind: 'rows', ids: idsOf(text) }
    const code = String(JSON.parse(text).code)
    if (code !== 'store_checking' || Date.now() > end) return { kind: 'closed', status: answer.status, code }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** The TMDB ids of a list, or as many zeros as an RSS list has rows. */
function idsOf(text: string): number[] {
  if (text.startsWith('<')) return [...text.matchAll(/<item>/g)].map(() => 0)
  const rows: unknown = JSON.parse(text)
  if (!Array.isArray(rows)) throw new Error('a list is no list')
  return rows.map((row: { id?: number; tmdbId?: number }) => row.tmdbId ?? row.id ?? 0)
}

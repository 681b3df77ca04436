import { addMovie, radarrMessage, send } from '../http/arr-messages.ts'
import { call } from '../http/deployment.ts'
import { askFor, type BrowserSession, FEED, RADARR_HOOK } from './browse-app.ts'

/** What Radarr does while a test's pages are open. */
export function moviesOfRadarr(session: BrowserSession) {
  const radarr = (event: string, tmdbId: number) =>
    send(session.app, 'radarr', radarrMessage(event, tmdbId), RADARR_HOOK)

  return {
    radarr,
    /** Requests movies of these names, which Radarr brings. */
    async arrive(token: string, titles: Readonly<Record<number, string>>) {
      const { app, tmdb } = session
      if (!tmdb) throw new Error('the catalogue must be a stand-in')
      for (const [id, title] of Object.entries(titles)) {
        await askFor(app, token, { tmdb_id: addMovie({ tmdb }, Number(id), title), media_type: 'movie' })
        await radarr('Download', Number(id))
      }
    },
    /** Ids in Radarr's list, which has been read then. */
    async listed(): Promise<number[]> {
      const { body } = await call(session.app.url, '/radarr/api/v3/movie', { headers: { 'x-api-key': FEED } })
      return body.map(({ tmdbId }: { tmdbId: number }) => tmdbId)
    },
  }
}

import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { isSeasonWanted, type MediaRequest, type Storage, type UseCases } from '../../packages/core/src/index.ts'

/**
 * The least of the program lists and the Plex RSS that lets clients read them, guarded as the app's own lists are; all
 * other paths go to the app.
 */
export function withStubbedRoutes(
  app: RequestListener,
  {
    useCases,
    storage,
    token,
    keepAnswers,
  }: { useCases: UseCases; storage: Storage; token: string; keepAnswers: boolean },
): RequestListener {
  const listed = (type: 'movie' | 'tv') => storage.requests.list({ type, listedOnly: true })
  const kept = new Map<() => Promise<string>, { revision: number; body: string }>()

  async function bodyOf(route: () => Promise<string>): Promise<string> {
    const { revision } = await useCases.feedVersion()
    const before = kept.get(route)
    if (keepAnswers && before?.revision === revision) return before.body
    const body = await route()
    kept.set(route, { revision, body })
    return body
  }

  const routes: Record<string, () => Promise<string>> = {
    '/radarr/api/v3/movie': async () => JSON.stringify((await listed('movie')).map(programFilm)),
    '/sonarr/api/v3/series': async () => JSON.stringify((await listed('tv')).flatMap(programSeries)),
    '/rss/all': async () => rss([...(await listed('movie')), ...(await listed('tv'))]),
  }

  async function answer(route: () => Promise<string>, isJson: boolean, res: ServerResponse): Promise<void> {
    try {
      const body = await bodyOf(route)
      res.setHeader('content-type', isJson ? 'application/json; charset=utf-8' : 'application/rss+xml')
      res.end(body)
    } catch {
      res.statusCode = 503
      res.end('{}')
    }
  }

  return (req: IncomingMessage, res) => {
    const url = new URL(req.url ?? '/', 'http://any')
    const route = routes[url.pathname]
    if (!route) return app(req, res as ServerResponse & { req: IncomingMessage })
    if ((req.headers['x-api-key'] ?? url.searchParams.get('token')) !== token) {
      res.statusCode = 401
      return res.end('{}')
    }
    void answer(route, url.pathname !== '/rss/all', res)
  }
}

function programFilm(request: MediaRequest): object {
  const { title, year, tmdbId, qualityProfileId } = request
  return { title, year, tmdbId, qualityProfileId, tags: [], path: `/movies/${title} (${year})` }
}

function programSeries(request: MediaRequest): object[] {
  const { title, year, tvdbId, tmdbId, qualityProfileId } = request
  if (tvdbId === undefined) return []
  const seasons = request.seasonState.map((season) => ({
    seasonNumber: season.seasonNumber,
    monitored: isSeasonWanted(request, season),
  }))
  const folder = { languageProfileId: 1, rootFolderPath: '/tv/', tags: [] }
  return [{ title, year, tvdbId, tmdbId, qualityProfileId, seasons, ...folder }]
}

function rss(requests: readonly MediaRequest[]): string {
  const text = (value: string) => value.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
  const guid = ({ mediaType, imdbId, tmdbId, tvdbId }: MediaRequest) => {
    if (mediaType === 'tv') return tvdbId === undefined ? undefined : `tvdb://${tvdbId}`
    return imdbId !== undefined && /^tt\d{7,8}$/.test(imdbId) ? `imdb://${imdbId}` : `tmdb://${tmdbId}`
  }
  const items = requests.flatMap((request) => {
    const id = guid(request)
    const category = request.mediaType === 'tv' ? 'show' : 'movie'
    const title = `<title>${text(request.title)}</title>`
    return id ? [`<item>${title}<category>${category}</category><guid isPermaLink="false">${id}</guid></item>`] : []
  })
  return `<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>${items.join('')}</channel></rss>`
}

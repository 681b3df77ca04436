import type { Clock, Logger, MediaCatalog } from '@stellarr/core'
import type { LazyTvdb } from './tvdb.ts'

/** A catalogue whose code is loaded when it is first asked. */
export function lazyCatalog(kind: MediaCatalog['kind'], load: () => Promise<MediaCatalog>): MediaCatalog {
  let loading: Promise<MediaCatalog> | undefined
  const loaded = () => {
    loading ??= load()
    return loading
  }
  return {
    kind,
    search: async (search) => (await loaded()).search(search),
    details: async (key, language) => (await loaded()).details(key, language),
    trending: async (trendingKind, language) => (await loaded()).trending(trendingKind, language),
  }
}

/**
 * TMDB with a key, else the sample catalogue; each in a chunk of its own. The details of TMDB's series come with TVDB's
 * seasons where there is a key for it, too.
 */
export function openCatalog(
  settings: { tmdbApiKey: string | undefined; tmdbBaseUrl: string | undefined },
  deps: { clock: Clock; logger: Logger },
  tvdb: LazyTvdb | undefined,
): MediaCatalog {
  const { tmdbApiKey: apiKey, tmdbBaseUrl: baseUrl } = settings
  if (apiKey === undefined) {
    return lazyCatalog('sample', async () => (await import('@stellarr/gateways/sample')).sampleCatalog())
  }
  const tmdb = lazyCatalog('tmdb', async () => {
    const { tmdbCatalog } = await import('@stellarr/gateways/tmdb')
    return tmdbCatalog({ apiKey, ...deps, ...(baseUrl === undefined ? {} : { baseUrl }) })
  })
  if (!tvdb) return tmdb
  const series = lazyCatalog('tmdb', async () => (await tvdb()).numbered(tmdb))
  return { ...tmdb, details: (key, language) => (key.mediaType === 'tv' ? series : tmdb).details(key, language) }
}

import type { Clock, Logger, MediaCatalog } from '@stellarr/core'

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

/** TMDB with a key, else the sample catalogue; each in a chunk of its own. */
export function openCatalog(
  settings: { tmdbApiKey: string | undefined; tmdbBaseUrl: string | undefined },
  deps: { clock: Clock; logger: Logger },
): MediaCatalog {
  const { tmdbApiKey: apiKey, tmdbBaseUrl: baseUrl } = settings
  if (apiKey === undefined) {
    return lazyCatalog('sample', async () => (await import('@stellarr/gateways/sample')).sampleCatalog())
  }
  return lazyCatalog('tmdb', async () => {
    const { tmdbCatalog } = await import('@stellarr/gateways/tmdb')
    return tmdbCatalog({ apiKey, ...deps, ...(baseUrl === undefined ? {} : { baseUrl }) })
  })
}

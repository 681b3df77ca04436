import type { Clock, EpisodeResolver, Logger, MediaCatalog } from '@stellarr/core'

/** Loads TVDB's code, once, when something is first asked of it. */
export type LazyTvdb = () => Promise<{
  episodes: EpisodeResolver
  /** The catalogue with TVDB's seasons. */
  numbered(catalog: MediaCatalog): MediaCatalog
}>

/** TVDB where there is a key for it; one login serves all. */
export function lazyTvdb(
  settings: { tvdbApiKey: string | undefined; tvdbBaseUrl: string | undefined },
  surroundings: { clock: Clock; logger: Logger },
): LazyTvdb | undefined {
  const { tvdbApiKey: apiKey, tvdbBaseUrl: baseUrl } = settings
  if (apiKey === undefined) return undefined
  let loading: ReturnType<LazyTvdb> | undefined
  return () => {
    loading ??= import('@stellarr/gateways/tvdb').then(({ openTvdb, withTvdbSeasons }) => {
      const { episodes, seasons } = openTvdb({ apiKey, ...surroundings, ...(baseUrl !== undefined && { baseUrl }) })
      return { episodes, numbered: (catalog) => withTvdbSeasons(catalog, seasons) }
    })
    return loading
  }
}

/** Finds the series of episodes at TVDB. */
export function openEpisodes(tvdb: LazyTvdb | undefined): { episodes?: EpisodeResolver } {
  if (!tvdb) return {}
  return { episodes: { seriesOf: async (episodeTvdbId) => (await tvdb()).episodes.seriesOf(episodeTvdbId) } }
}

import type { Clock } from '../base/index.ts'
import type { CatalogTitle, ShownRequests } from '../catalogue/index.ts'
import type { RoutedRequests } from '../routing/index.ts'
import type { MediaRequest } from './media-request.ts'
import type { RequestOverview } from './overview.ts'
import type { MediaRequestRepository } from './ports.ts'
import { taggedNames } from './rules/askers.ts'
import { isListed } from './rules/presence.ts'

/** True for a request that people see: nobody withdrew it. */
export const isVisible = (request: Pick<MediaRequest, 'withdrawnAt'>) => request.withdrawnAt === undefined

/** The requests that people see: all that were not withdrawn. */
export function visibleRequests(requests: Pick<MediaRequestRepository, 'find' | 'findMany'>) {
  const shown: ShownRequests<MediaRequest> = {
    async find(key) {
      const request = await requests.find(key)
      return request && isVisible(request) ? request : undefined
    },
    findMany: async (keys) => (await requests.findMany(keys)).filter(isVisible),
  }
  return shown
}

/** The requests as routing asks for them. */
export function routedRequests(
  requests: Pick<MediaRequestRepository, 'learn'>,
  overview: RequestOverview,
  clock: Clock,
): RoutedRequests {
  return {
    async list() {
      const { rows } = await overview.now()
      return rows.map((request) => {
        const { mediaType, tmdbId, tvdbId, qualityProfileId, rootFolderId } = request
        const listedAs = isListed(request) ? (mediaType === 'movie' ? tmdbId : tvdbId) : undefined
        return { mediaType, tmdbId, qualityProfileId, rootFolderId, listedAs, tagged: taggedNames(request) }
      })
    },
    async place(key, rootFolderId) {
      await requests.learn(key, { at: clock.now(), rootFolderId })
    },
  }
}

/** What a request has kept of its title, for one that the catalogue has no longer. */
export function keptTitle(request: MediaRequest): CatalogTitle {
  const { mediaType, tmdbId, title, originalTitle, year, overview, posterPath, imdbId, tvdbId } = request
  const seasons = request.seasonState.filter((season) => !season.unlisted)
  return {
    mediaType,
    tmdbId,
    title,
    overview,
    voteAverage: 0,
    genres: [],
    seasons: seasons.map(({ seasonNumber, name, episodeCount, airDate }) => ({
      seasonNumber,
      episodeCount,
      ...(name !== undefined && { name }),
      ...(airDate !== undefined && { airDate }),
    })),
    ...(originalTitle !== undefined && { originalTitle }),
    ...(year !== undefined && { year }),
    ...(posterPath !== undefined && { posterPath }),
    ...(imdbId !== undefined && { imdbId }),
    ...(tvdbId !== undefined && { tvdbId }),
    ...(request.broadcast && { broadcast: request.broadcast }),
    ...(request.numbering && { numbering: request.numbering }),
  }
}

import type { MediaRequest } from '../../requests/index.ts'
import { listedTvdbIds } from '../../requests/rules/index.ts'

/** A title as one row of a list carries it. */
export interface ListedTitle {
  /** The older where several stand for one series: title, path and ids of the row are its own. */
  request: MediaRequest
  /** Every request that the row stands for, the older first. */
  all: readonly MediaRequest[]
  /** Series only. */
  tvdbId?: number
}

const older = (a: MediaRequest, b: MediaRequest) => a.createdAt - b.createdAt || a.tmdbId - b.tmdbId

/**
 * The rows of a list, in the order of the requests. A series has one row for each TVDB id that Sonarr may hold it by;
 * two requests of one TVDB id and quality profile have one row together, since Sonarr has one series for both.
 */
export function listedTitles(requests: readonly MediaRequest[]): ListedTitle[] {
  const rows = new Map<string, { all: MediaRequest[]; tvdbId?: number }>()
  for (const request of requests) {
    const ids = request.mediaType === 'tv' ? listedTvdbIds(request) : []
    if (ids.length === 0) rows.set(`${request.mediaType}/${request.tmdbId}`, { all: [request] })
    for (const tvdbId of ids) {
      const name = `tvdb/${tvdbId}/${request.qualityProfileId}`
      const row = rows.get(name)
      if (row) row.all.push(request)
      else rows.set(name, { all: [request], tvdbId })
    }
  }
  return [...rows.values()].flatMap(({ all, ...row }) => {
    const [request, ...others] = all.sort(older)
    return request ? [{ ...row, request, all: [request, ...others] }] : []
  })
}

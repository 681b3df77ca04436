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
  const rows: { all: MediaRequest[]; tvdbId?: number }[] = []
  const ofSeries = new Map<string, { all: MediaRequest[] }>()
  for (const request of requests) {
    const ids = request.mediaType === 'tv' ? listedTvdbIds(request) : []
    if (ids.length === 0) rows.push({ all: [request] })
    for (const tvdbId of ids) {
      const name = `${tvdbId}/${request.qualityProfileId}`
      const known = ofSeries.get(name)
      if (known) {
        known.all.push(request)
        continue
      }
      const row = { all: [request], tvdbId }
      ofSeries.set(name, row)
      rows.push(row)
    }
  }
  return rows.flatMap((row) => {
    if (row.all.length > 1) row.all.sort(older)
    const [request] = row.all
    return request ? [{ ...row, request }] : []
  })
}

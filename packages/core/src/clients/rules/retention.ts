import type { MediaRequest } from '../../requests/index.ts'

const DAY_MS = 24 * 3_600_000

/**
 * When a second source confirmed that a title is here whole (epoch ms): one event alone may be wrong. Undefined while
 * fewer than two say so.
 */
export function confirmedAt(request: Pick<MediaRequest, 'status' | 'statements'>): number | undefined {
  if (request.status !== 'available') return undefined
  const times = request.statements
    .filter((statement) => statement.source !== 'person' && statement.status === 'available')
    .map((statement) => statement.at)
    .sort((a, b) => a - b)
  return times[1]
}

/**
 * True when what has arrived has been kept long enough: so many days since it was confirmed, and a day since it came. Of
 * a series the days begin when it has ended and is complete: until then more of it may come.
 */
export function isDropped(request: MediaRequest, keepDays: number, day: number): boolean {
  const confirmed = confirmedAt(request)
  if (confirmed === undefined || request.addedAt === undefined) return false
  const since = request.mediaType === 'tv' ? request.completeAt : confirmed
  if (since === undefined) return false
  return Math.max(confirmed + keepDays * DAY_MS, since + keepDays * DAY_MS, request.addedAt + DAY_MS) <= day * DAY_MS
}

/**
 * The rows of a list that stay on it. Retention never empties a list, since a client could take that for the order to
 * delete: the one that arrived last stays then.
 * @param keepDays undefined: everything stays
 * @param day UTC day, counted from 1970: a list changes by retention once a day
 */
export function keptRows(
  listed: readonly MediaRequest[],
  keepDays: number | undefined,
  day: number,
): readonly MediaRequest[] {
  if (keepDays === undefined || listed.length === 0) return listed
  // Sonarr has one series for all entries of one TVDB id: its row goes when all of them may.
  const nameOf = ({ mediaType, tmdbId, tvdbId, qualityProfileId }: MediaRequest) =>
    mediaType === 'tv' && tvdbId !== undefined ? `tvdb/${tvdbId}/${qualityProfileId}` : `${mediaType}/${tmdbId}`
  const stay = new Set(listed.filter((request) => !isDropped(request, keepDays, day)).map(nameOf))
  const kept = listed.filter((request) => stay.has(nameOf(request)))
  if (kept.length > 0) return kept
  return [listed.reduce((last, next) => ((next.addedAt ?? 0) > (last.addedAt ?? 0) ? next : last))]
}

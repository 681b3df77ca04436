import type { ExternalIds } from '../../titles/index.ts'
import type { FormerId, MediaRequest } from '../media-request.ts'
import { isCounted } from './arrivals.ts'
import { hasArrived, isListed } from './presence.ts'

/** An id that was replaced goes on matching for so long. */
const FORMER_MS = 90 * 24 * 3_600_000

type Known = Pick<MediaRequest, 'tvdbId' | 'imdbId' | 'formerIds'>

/** Every TVDB id that stands for the series: its own, and those that it had lately. */
export function tvdbIdsOf({ tvdbId, formerIds = [] }: Known): number[] {
  return [tvdbId, ...formerIds.map((one) => one.tvdbId)].filter((id) => id !== undefined)
}

/** Every IMDb id that stands for the title. */
export function imdbIdsOf({ imdbId, formerIds = [] }: Known): string[] {
  return [imdbId, ...formerIds.map((one) => one.imdbId)].filter((id) => id !== undefined)
}

/** Those whose id it is before those whose it was. */
const ownFirst = <Row, Id>(
  rows: readonly Row[],
  id: Id,
  own: (row: Row) => Id | undefined,
  all: (row: Row) => Id[],
) => [...rows.filter((row) => own(row) === id), ...rows.filter((row) => own(row) !== id && all(row).includes(id))]

/** The requests whose TVDB id it is, then those whose it was. */
export const withTvdbId = (requests: readonly MediaRequest[], tvdbId: number): MediaRequest[] =>
  ownFirst(requests, tvdbId, (request) => request.tvdbId, tvdbIdsOf)

/** The requests whose IMDb id it is, then those whose it was. */
export const withImdbId = (requests: readonly MediaRequest[], imdbId: string): MediaRequest[] =>
  ownFirst(requests, imdbId, (request) => request.imdbId, imdbIdsOf)

/**
 * The other requests among those given that stand for the same series at TVDB, since Sonarr has one for all of them.
 * One that was withdrawn before anything came is nobody's any more.
 */
export const twinsOf = (request: MediaRequest, requests: readonly MediaRequest[]): MediaRequest[] =>
  requests.filter(
    (other) =>
      other.mediaType === 'tv' &&
      other.tmdbId !== request.tmdbId &&
      other.tvdbId === request.tvdbId &&
      (other.withdrawnAt === undefined || isListed(other)),
  )

/** `twinsOf` for many requests among each other. */
export function twinsAmong(requests: readonly MediaRequest[]): (request: MediaRequest) => MediaRequest[] {
  const groups = new Map<number, MediaRequest[]>()
  for (const request of requests) {
    if (request.tvdbId === undefined) continue
    const group = groups.get(request.tvdbId)
    if (group) group.push(request)
    else groups.set(request.tvdbId, [request])
  }
  return (request) => (request.tvdbId === undefined ? [] : twinsOf(request, groups.get(request.tvdbId) ?? []))
}

/** The TVDB ids by which Sonarr's lists name the series: its own, and one that Sonarr may hold it by still. */
export function listedTvdbIds({ tvdbId, formerIds = [] }: Known): number[] {
  const former = formerIds.flatMap((one) => (one.listed && one.tvdbId !== undefined ? [one.tvdbId] : []))
  return tvdbId === undefined ? [] : [tvdbId, ...former]
}

/** True when an id of the same kind is known on both sides and the title never had the one that is told. */
export function contradictsRequest(
  request: Known & { tmdbId: number },
  told: ExternalIds & { tmdbId?: number },
): boolean {
  const never = <Id>(known: readonly Id[], id: Id | undefined) =>
    id !== undefined && known.length > 0 && !known.includes(id)
  return (
    never([request.tmdbId], told.tmdbId) ||
    never(tvdbIdsOf(request), told.tvdbId) ||
    never(imdbIdsOf(request), told.imdbId)
  )
}

function withFormer(request: MediaRequest, formerIds: readonly FormerId[]): MediaRequest {
  const next: MediaRequest = { ...request, formerIds: [...formerIds] }
  if (formerIds.length === 0) delete next.formerIds
  return next
}

/**
 * Ids that the catalogue tells. One that is missing changes nothing; another one takes the place of the old, which goes
 * on matching for 90 days. Where something has arrived, Sonarr's lists name both until Sonarr names the new one.
 * @param at epoch ms
 */
export function withIds(request: MediaRequest, { imdbId, tvdbId }: ExternalIds, at: number): MediaRequest {
  let next = request
  if (imdbId !== undefined && imdbId !== request.imdbId) {
    const kept = (request.formerIds ?? []).filter((one) => one.imdbId !== imdbId)
    const old: FormerId[] = request.imdbId === undefined ? [] : [{ imdbId: request.imdbId, until: at + FORMER_MS }]
    next = withFormer({ ...next, imdbId }, [...kept, ...old])
  }
  if (tvdbId === undefined || tvdbId === request.tvdbId) return next
  const refused = next.formerIds?.find((one) => one.bySonarr && one.tvdbId === tvdbId)
  if (refused) {
    // As long as the catalogue says so, it is refused.
    if (refused.until - at > FORMER_MS / 3) return next
    return withFormer(
      next,
      (next.formerIds ?? []).map((one) => (one === refused ? { ...one, until: at + FORMER_MS } : one)),
    )
  }
  const isHeld = request.addedAt !== undefined || hasArrived(request.status) || isCounted(request)
  return renumbered(next, tvdbId, { until: at + FORMER_MS, ...(isHeld && { listed: true as const }) })
}

function renumbered(request: MediaRequest, tvdbId: number, old: Omit<FormerId, 'tvdbId'>): MediaRequest {
  const kept = (request.formerIds ?? []).filter((one) => one.tvdbId !== tvdbId)
  const former: FormerId[] = request.tvdbId === undefined ? [] : [{ tvdbId: request.tvdbId, ...old }]
  return withFormer({ ...request, tvdbId }, [...kept, ...former])
}

/**
 * The TVDB id by which Sonarr holds a series that it names by its TMDB id or one of its TVDB ids. Another one than is
 * known is the series' own from now on; once it is named, the lists need no other.
 * @param at epoch ms
 */
export function heldBySonarr(request: MediaRequest, tvdbId: number | undefined, at: number): MediaRequest {
  if (tvdbId === undefined || request.mediaType !== 'tv') return request
  const former = request.formerIds ?? []
  // By an id of before it may hold it still.
  if (tvdbId !== request.tvdbId && former.some((one) => one.tvdbId === tvdbId)) return request
  const next =
    tvdbId === request.tvdbId ? request : renumbered(request, tvdbId, { until: at + FORMER_MS, bySonarr: true })
  if (!next.formerIds?.some((one) => one.listed)) return next
  return withFormer(
    next,
    next.formerIds.map(({ listed: _, ...one }) => one),
  )
}

/** Without the ids whose time is over. @param now epoch ms */
export function withoutOldIds(request: MediaRequest, now: number): MediaRequest {
  const { formerIds } = request
  if (!formerIds?.some((one) => one.until <= now)) return request
  return withFormer(
    request,
    formerIds.filter((one) => one.until > now),
  )
}

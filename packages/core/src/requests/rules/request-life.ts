import { isDrawnPoster } from '../../titles/rules/index.ts'
import type { MediaRequest, RequestEvent, RequestFacts, StatusStatement } from '../media-request.ts'
import { isCounted, presentStatus, recounted, seasonsAfter } from './arrivals.ts'
import type { MediaRequestStatus } from './statuses.ts'

const STRENGTH: Record<Exclude<MediaRequestStatus, 'gone'>, number> = {
  pending: 0,
  picked_up: 1,
  downloading: 2,
  partly_available: 3,
  available: 4,
}

/** True when at least a part of the title is in the library. */
export function hasArrived(status: MediaRequestStatus): boolean {
  return status === 'available' || status === 'partly_available'
}

/**
 * True when a request belongs in the feeds: not gone, and not withdrawn before it arrived. What arrived and was
 * withdrawn afterwards stays listed, since leaving the list could make a client's clean step delete it.
 */
export function isListed(request: Pick<MediaRequest, 'status' | 'withdrawnAt'>): boolean {
  return request.status !== 'gone' && (request.withdrawnAt === undefined || hasArrived(request.status))
}

/** True when `next` replaces `current`: the stronger wins in any order; `gone` goes by the time of the event. */
function replaces(next: StatusStatement, current: Pick<MediaRequest, 'status' | 'statusAt'>): boolean {
  if (next.status === current.status) return false
  if (next.status === 'gone' || current.status === 'gone') return next.at > current.statusAt
  return STRENGTH[next.status] > STRENGTH[current.status]
}

function withStatement(statements: readonly StatusStatement[], next: StatusStatement): StatusStatement[] {
  const known = statements.find((one) => one.source === next.source)
  if (known && known.at >= next.at) return [...statements]
  return [...statements.filter((one) => one.source !== next.source), next].sort((a, b) =>
    a.source < b.source ? -1 : a.source > b.source ? 1 : 0,
  )
}

/**
 * Records an event. `changed` is true when the status changes; the same event again, or an older or weaker one,
 * leaves the status (the latest statement of each source is kept all the same). Of a series whose parts are known the
 * status is what they come to, up or down, so that any order of the same events ends the same.
 */
export function applyEvent(request: MediaRequest, event: RequestEvent): { request: MediaRequest; changed: boolean } {
  const { parts, counted, ...said } = event
  const isOfParts = hasArrived(said.status) || said.status === 'gone'
  if (request.mediaType !== 'tv' || !isOfParts || !(parts || counted)) return applyStatement(request, said)
  const grown: MediaRequest = { ...request, seasonState: seasonsAfter(request, event) }
  if (!isCounted(grown))
    return said.status === 'gone' ? applyStatement(grown, said) : { request: grown, changed: false }
  const status = presentStatus(grown)
  const next: MediaRequest = {
    ...grown,
    statements: withStatement(request.statements, { ...said, status }),
    addedAt: Math.min(request.addedAt ?? Number.POSITIVE_INFINITY, said.at),
  }
  if (status === request.status) return { request: next, changed: false }
  return { request: { ...next, status, statusAt: said.at }, changed: true }
}

function applyStatement(request: MediaRequest, said: StatusStatement): { request: MediaRequest; changed: boolean } {
  const statements = withStatement(request.statements, said)
  if (!replaces(said, request)) return { request: { ...request, statements }, changed: false }
  const next: MediaRequest = { ...request, status: said.status, statusAt: said.at, statements }
  if (hasArrived(said.status) && next.addedAt === undefined) next.addedAt = said.at
  return { request: next, changed: true }
}

/** Who asks again, when (epoch ms), and under which profile if they named one. */
export interface Renewal {
  by: string
  at: number
  qualityProfileId?: number | undefined
}

/**
 * Asks again for a withdrawn or gone title: the same row, visible once more, `pending` when it was gone. The new
 * asker of a withdrawn or gone title becomes the one who is told about it. `changed` is false when it was neither.
 */
export function renewRequest(
  request: MediaRequest,
  { by, at, qualityProfileId }: Renewal,
): { request: MediaRequest; changed: boolean } {
  const gone = request.status === 'gone'
  if (!gone && request.withdrawnAt === undefined) return { request, changed: false }
  const { withdrawnAt: _, ...visible } = request
  const next: MediaRequest = { ...visible, requestedBy: by, followers: visible.followers.filter((name) => name !== by) }
  // While it is listed a client may hold it under the profile it has: changing that would take it off a list.
  if (qualityProfileId !== undefined && !isListed(request)) next.qualityProfileId = qualityProfileId
  if (!gone) return { request: next, changed: true }
  const { addedAt: __, ...fresh } = next
  const statements = withStatement(fresh.statements, { status: 'pending', source: 'person', at })
  return { request: { ...fresh, status: 'pending', statusAt: at, statements }, changed: true }
}

/** Takes a follower out. `changed` is false when they were none. */
export function withoutFollower(request: MediaRequest, name: string): { request: MediaRequest; changed: boolean } {
  if (!request.followers.includes(name)) return { request, changed: false }
  return { request: { ...request, followers: request.followers.filter((one) => one !== name) }, changed: true }
}

/** Hides a request from people. `changed` is false when it was hidden before. */
export function markWithdrawn(request: MediaRequest, at: number): { request: MediaRequest; changed: boolean } {
  if (request.withdrawnAt !== undefined) return { request, changed: false }
  return { request: { ...request, withdrawnAt: at }, changed: true }
}

/** Adds facts from the catalogue. An external id once known is kept whatever a later answer says or lacks. */
export function learnFacts(request: MediaRequest, facts: RequestFacts): { request: MediaRequest; changed: boolean } {
  const next: MediaRequest = { ...request }
  if (request.imdbId === undefined && facts.imdbId !== undefined) next.imdbId = facts.imdbId
  if (request.tvdbId === undefined && facts.tvdbId !== undefined) next.tvdbId = facts.tvdbId
  if (facts.posterPath !== undefined && (request.posterPath === undefined || isDrawnPoster(request.posterPath))) {
    next.posterPath = facts.posterPath
  }
  if (facts.seasonState !== undefined && facts.seasonState.length > 0) {
    const known = new Map(request.seasonState.map((season) => [season.seasonNumber, season]))
    // Specials that were asked for may stand there before any list was known.
    const isFirstList = request.seasonState.every((season) => season.asked && season.episodeCount === 0)
    for (const season of facts.seasonState) {
      // What is ours of a season stays; the rest is the catalogue's present word.
      const ours = known.get(season.seasonNumber) ?? (isFirstList ? {} : { later: true as const })
      known.set(season.seasonNumber, { ...ours, ...season })
    }
    next.seasonState = recounted([...known.values()].sort((a, b) => a.seasonNumber - b.seasonNumber))
  }
  const changed = JSON.stringify(next) !== JSON.stringify(request)
  return { request: changed ? next : request, changed }
}

/** The names behind a request: who asked first, and who asked for the same after them. */
export const askersOf = (request: Pick<MediaRequest, 'requestedBy' | 'followers'>): string[] => [
  request.requestedBy,
  ...request.followers,
]

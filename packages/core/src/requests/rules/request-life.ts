import { isDrawnPoster } from '../../titles/rules/index.ts'
import type {
  MediaRequest,
  RequestEvent,
  RequestFacts,
  SeasonReached,
  SeasonState,
  StatusStatement,
} from '../media-request.ts'
import { isPastUndated, lastDatedOf, regularRun } from './airing.ts'
import { isCounted, recounted, seasonsAfter } from './arrivals.ts'
import { clocked } from './clocked.ts'
import { heldBySonarr, withIds, withoutOldIds } from './former-ids.ts'
import { hasArrived, isListed, onItsWay, settle, settledFirst } from './presence.ts'
import { hasOnlySpecials } from './seasons.ts'
import { isStronger, type MediaRequestStatus } from './statuses.ts'

/** What a rule makes of a request. */
export interface Outcome {
  request: MediaRequest
  /** True when what people see of its life changed: see each rule. */
  changed: boolean
  /** Seasons of which people are to be told now; this is said once. */
  reached?: SeasonReached[]
}

/** True when one says that a title has come and the other that it is gone. */
const isAgainst = (a: MediaRequestStatus, b: MediaRequestStatus) => a !== b && (a === 'gone' || b === 'gone')

/**
 * True when `next` replaces `current`: the stronger wins in any order. That a title is gone, or has come after all, goes
 * by the order in which one sender told it here, and among several by the time of the event.
 */
function replaces(next: StatusStatement, current: Pick<MediaRequest, 'status' | 'statusAt' | 'statements'>): boolean {
  if (next.status === current.status) return false
  if (next.status !== 'gone' && current.status !== 'gone') return isStronger(next.status, current.status)
  const against = current.statements.filter((one) => isAgainst(one.status, next.status))
  const others = against.filter((one) => one.source !== next.source).map((one) => one.at)
  return next.at > Math.max(...others, against.length > 0 ? 0 : current.statusAt)
}

function withStatement(statements: readonly StatusStatement[], next: StatusStatement): StatusStatement[] {
  const known = statements.find((one) => one.source === next.source)
  if (known && known.at >= next.at && !isAgainst(known.status, next.status)) return [...statements]
  const at = Math.max(next.at, known?.at ?? next.at)
  return [...statements.filter((one) => one.source !== next.source), { ...next, at }].sort((a, b) =>
    a.source < b.source ? -1 : a.source > b.source ? 1 : 0,
  )
}

/**
 * Records an event. `changed` is true when the status changes; the same event again, or an older or weaker one, leaves
 * the status (the latest statement of each source is kept all the same). What an event tells of a series' parts is kept,
 * and its status is what they come to, up or down, so that any order of the same events ends the same.
 */
export function applyEvent(before: MediaRequest, event: RequestEvent): Outcome {
  const { parts, counted, filesKept, sonarrTvdbId, now, ...said } = event
  const known = now === undefined ? before : clocked(before, now)
  const request = heldBySonarr(settledFirst(known, now), sonarrTvdbId, said.at)
  if (request.mediaType !== 'tv' || !(hasArrived(said.status) || said.status === 'gone')) {
    const { request: next, changed } = applyStatement(request, said)
    const way = onItsWay(next)
    return { request: next.mediaType === 'tv' && way !== 'pending' ? { ...next, way } : next, changed }
  }
  const grown: MediaRequest = { ...request, seasonState: seasonsAfter(request, event) }
  return said.status === 'gone' ? takeAway(grown, event) : bringIn(grown, event)
}

/** A series of which something came; its seasons say so already. */
function bringIn(request: MediaRequest, { parts, counted, source, status, at, now }: RequestEvent): Outcome {
  const isUncounted = !parts && !counted
  const said: StatusStatement = isUncounted
    ? { status: 'partly_available', source, at, uncounted: true }
    : { status, source, at }
  const isGone = request.status === 'gone'
  const revived: MediaRequest = isGone ? { ...request, status: 'pending' } : request
  const statements = isUncounted ? withStatement(request.statements, said) : request.statements
  const { request: next, reached } = settle({ ...revived, statements }, now)
  const isHere = hasArrived(next.status)
  // What came before it was gone is no news, nor is what nobody asked for.
  if (isGone && !(isHere && replaces(said, request))) return { request: settle(request, now).request, changed: false }
  const settled: MediaRequest = {
    ...next,
    ...(isHere && { addedAt: Math.min(request.addedAt ?? at, at) }),
    statements: isHere && !isUncounted ? withStatement(statements, { ...said, status: next.status }) : statements,
  }
  if (next.status === request.status) return { request: settled, changed: false, reached }
  return { request: { ...settled, statusAt: at }, changed: true, reached }
}

/** A series of which something left; its seasons say so already. */
function takeAway(request: MediaRequest, { parts, filesKept, source, at, now }: RequestEvent): Outcome {
  const said: StatusStatement = { status: 'gone', source, at }
  const { request: next, reached } = settle(request, now)
  // Of what never came nothing can be gone but the title as such.
  const isThere = isCounted(request) || request.statements.some((one) => one.uncounted)
  if (!parts || (hasArrived(request.status) && !isThere)) {
    const gone = applyStatement({ ...next, status: request.status }, said)
    if (gone.changed) {
      const statements = gone.request.statements.filter((one) => filesKept || !one.uncounted)
      return { ...gone, request: { ...gone.request, statements } }
    }
  }
  if (next.status === request.status) return { request: next, changed: false, reached }
  return { request: { ...next, statusAt: at }, changed: true, reached }
}

function applyStatement(request: MediaRequest, said: StatusStatement): Outcome {
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
export function renewRequest(request: MediaRequest, { by, at, qualityProfileId }: Renewal): Outcome {
  const gone = request.status === 'gone'
  if (!gone && request.withdrawnAt === undefined) return { request, changed: false }
  const { withdrawnAt: _, ...visible } = settledFirst(request, at)
  const next: MediaRequest = { ...visible, requestedBy: by, followers: visible.followers.filter((name) => name !== by) }
  // While it is listed a client may hold it under the profile it has: changing that would take it off a list.
  if (qualityProfileId !== undefined && !isListed(request)) next.qualityProfileId = qualityProfileId
  if (!gone) return { request: next, changed: true }
  const { addedAt: __, way: ___, ...fresh } = next
  const statements: StatusStatement[] = [{ status: 'pending', source: 'person', at }]
  const begun: MediaRequest = {
    ...fresh,
    status: 'pending',
    statusAt: at,
    statements,
    seasonState: fresh.seasonState.map(({ state, held, awaitedSince, told, ...season }) => season),
  }
  delete begun.altogether
  // Files that were left where they are, are here again.
  const { request: settled } = settle(begun, at)
  return { request: hasArrived(settled.status) ? { ...settled, addedAt: at } : settled, changed: true }
}

/** Takes a follower out. `changed` is false when they were none. */
export function withoutFollower(request: MediaRequest, name: string): Outcome {
  if (!request.followers.includes(name)) return { request, changed: false }
  return { request: { ...request, followers: request.followers.filter((one) => one !== name) }, changed: true }
}

/** Hides a request from people. `changed` is false when it was hidden before. */
export function markWithdrawn(request: MediaRequest, at: number): Outcome {
  if (request.withdrawnAt !== undefined) return { request, changed: false }
  return { request: { ...request, withdrawnAt: at }, changed: true }
}

/**
 * The catalogue's list of seasons, as one that is asked for now has it: those that are over although no date says so are
 * marked, and where there are only specials `all` means them.
 */
export function firstSeasons(
  seasons: NonNullable<RequestFacts['seasons']>,
  { ended, choice }: { ended: boolean; choice: MediaRequest['seasons'] },
): SeasonState[] {
  const areAsked = choice === 'all' && hasOnlySpecials(seasons)
  const lastDated = lastDatedOf(seasons)
  return seasons.map((season) => ({
    ...season,
    ...(isPastUndated(season, lastDated, ended) && { past: true as const }),
    ...(areAsked && { asked: true as const }),
  }))
}

/** Seasons after the catalogue has listed them anew. */
function relisted(request: MediaRequest, facts: RequestFacts): SeasonState[] {
  const { seasons = [], numbering } = facts
  const known = new Map(request.seasonState.map((season) => [season.seasonNumber, season]))
  const listed = new Set(seasons.map((season) => season.seasonNumber))
  // Specials that were asked for may stand there before any list was known.
  const isFirstList = request.seasonState.every((one) => one.unlisted || (one.asked && one.episodeCount === 0))
  const isRenumbered = !isFirstList && numbering !== request.numbering
  const first = firstSeasons(seasons, { ended: facts.broadcast?.ended ?? false, choice: request.seasons })
  const fresh = new Map(first.map((season) => [season.seasonNumber, season]))
  const next: SeasonState[] = []
  for (const season of seasons) {
    const { seasonNumber } = season
    const asNew = isFirstList || isRenumbered ? fresh.get(seasonNumber) : { ...season, later: true as const }
    // What is ours of a season stays; the rest is the catalogue's present word.
    const { unlisted: _, ...ours } = known.get(seasonNumber) ?? {}
    next.push({ ...(known.has(seasonNumber) && !isFirstList ? {} : asNew), ...ours, ...season })
  }
  // Whoever has read of the others in a list goes on reading of them.
  for (const season of request.seasonState) {
    if (!listed.has(season.seasonNumber)) next.push({ ...season, unlisted: true })
  }
  const areAsked = request.seasons === 'all' && hasOnlySpecials(seasons)
  const all = areAsked ? next.map((season) => ({ ...season, asked: true as const })) : next
  return recounted(all.sort((a, b) => a.seasonNumber - b.seasonNumber))
}

/**
 * Adds facts from the catalogue and works out what has aired by then. An external id that an answer lacks is kept, and
 * so are seasons; another id takes the place of the old one (`withIds`). `changed` is true when anything did.
 */
export function learnFacts(before: MediaRequest, facts: RequestFacts): Outcome {
  const { at, imdbId, tvdbId, posterPath, seasons = [], broadcast, isInCatalog } = facts
  const request = settledFirst(before, at)
  const ids = { ...(imdbId !== undefined && { imdbId }), ...(tvdbId !== undefined && { tvdbId }) }
  const next: MediaRequest = withIds(withoutOldIds(request, at), ids, at)
  const learnt: MediaRequest = { ...next }
  if (posterPath !== undefined && (request.posterPath === undefined || isDrawnPoster(request.posterPath))) {
    learnt.posterPath = posterPath
  }
  if (isInCatalog) delete learnt.unlistedAt
  else if (isInCatalog === false) learnt.unlistedAt ??= at
  const isBetterKnown = request.numbering === 'tvdb' && facts.tvdbMissed
  if (seasons.length > 0 && !isBetterKnown) {
    learnt.seasonState = relisted(request, facts)
    if (facts.numbering) learnt.numbering = facts.numbering
    else delete learnt.numbering
  }
  if (broadcast && !isBetterKnown) learnt.broadcast = regularRun(broadcast, request.broadcast)
  const { request: settled, reached } = settle(learnt, at)
  const outcome = settled.status === request.status ? settled : { ...settled, statusAt: at }
  const changed = JSON.stringify(outcome) !== JSON.stringify(before)
  return { request: changed ? outcome : before, changed, reached }
}

/** The names behind a request: who asked first, and who asked for the same after them. */
export const askersOf = (request: Pick<MediaRequest, 'requestedBy' | 'followers'>): string[] => [
  request.requestedBy,
  ...request.followers,
]

import { isDrawnPoster } from '../../titles/rules/index.ts'
import type { MediaRequest, RequestEvent, RequestFacts, SeasonState, StatusStatement } from '../media-request.ts'
import { isPastUndated, lastDatedOf, regularRun } from './airing.ts'
import { recounted, seasonsAfter } from './arrivals.ts'
import { askedBy } from './askers.ts'
import { withClientWord } from './client-words.ts'
import { clocked } from './clocked.ts'
import { heldBySonarr, withIds, withoutOldIds } from './former-ids.ts'
import { giveUp, keepListed, loseFiles } from './leaving.ts'
import type { Outcome } from './outcome.ts'
import { hasArrived, isListed, onItsWay, settle, settledFirst } from './presence.ts'
import { hasOnlySpecials } from './seasons.ts'
import { applyStatement, replaces, withStatement } from './statements.ts'

/**
 * Records an event. `changed` is true when the status changes; the same event again, or an older or weaker one, leaves
 * the status (the latest statement of each source is kept all the same). What an event tells of a series' parts is kept,
 * and its status is what they come to, up or down, so that any order of the same events ends the same. That files are
 * lost ends no request; that is for `gone` alone to say.
 */
export function applyEvent(before: MediaRequest, event: RequestEvent): Outcome {
  const { source, status, at, sonarrTvdbId, now } = event
  if (status === 'kept') return keepListed(before, event.kept)
  const known = now === undefined ? before : clocked(before, now)
  const request = withClientWord(heldBySonarr(settledFirst(known, now), sonarrTvdbId, at), event)
  if (status === 'lost') return loseFiles(request, event)
  if (status === 'gone') return giveUp(request, event)
  if (request.mediaType === 'tv' && hasArrived(status)) return bringIn(request, event)
  const { request: next, changed } = applyStatement(request, { status, source, at })
  const way = onItsWay(next)
  return { request: next.mediaType === 'tv' && way !== 'pending' ? { ...next, way } : next, changed }
}

/** A series of which something came. */
function bringIn(before: MediaRequest, event: RequestEvent): Outcome {
  const { parts, counted, source, at, now } = event
  const isUncounted = !parts && !counted
  const status = event.status === 'available' ? ('available' as const) : ('partly_available' as const)
  const said: StatusStatement = isUncounted
    ? { status: 'partly_available', source, at, uncounted: true }
    : { status, source, at }
  const isGone = before.status === 'gone'
  const { lost: _, kept: __, ...come } = before
  const request: MediaRequest = { ...come, seasonState: seasonsAfter(before, event) }
  const revived: MediaRequest = isGone ? { ...request, status: 'pending' } : request
  const statements = isUncounted ? withStatement(request.statements, said) : request.statements
  const { request: next, reached } = settle({ ...revived, statements }, now)
  const isHere = hasArrived(next.status)
  // What came before it was gone is no news, nor is what nobody asked for.
  if (isGone && !(isHere && replaces(said, before))) {
    const { kept } = before
    return { request: { ...settle(request, now).request, ...(kept && { kept }) }, changed: false }
  }
  const settled: MediaRequest = {
    ...next,
    ...(isHere && { addedAt: Math.min(request.addedAt ?? at, at) }),
    statements: isHere && !isUncounted ? withStatement(statements, { ...said, status: next.status }) : statements,
  }
  if (next.status === before.status) return { request: settled, changed: false, reached }
  return { request: { ...settled, statusAt: at }, changed: true, reached }
}

/** Who asks again, when (epoch ms), and under which profile and root folder it is to be listed if it is not now. */
export interface Renewal {
  by: string
  at: number
  qualityProfileId?: number | undefined
  rootFolderId?: number | undefined
}

/**
 * Asks again for a withdrawn or gone title: the same row, visible once more, `pending` when it was gone. The new
 * asker of a withdrawn or gone title becomes the one who is told about it. `changed` is false when it was neither.
 */
export function renewRequest(request: MediaRequest, renewal: Renewal): Outcome {
  const { by, at, qualityProfileId, rootFolderId } = renewal
  const gone = request.status === 'gone'
  if (!gone && request.withdrawnAt === undefined) return { request, changed: false }
  const { withdrawnAt: _, ...next } = askedBy(settledFirst(request, at), by)
  // While it is listed a client may hold it as it is: another profile or folder would take it off a list.
  if (!isListed(request)) {
    if (qualityProfileId !== undefined) next.qualityProfileId = qualityProfileId
    if (rootFolderId !== undefined) next.rootFolderId = rootFolderId
  }
  if (!gone) return { request: next, changed: true }
  const { addedAt: __, way: ___, clients: ____, lost: _____, kept: ______, ...fresh } = next
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
  if (facts.rootFolderId !== undefined) learnt.rootFolderId ??= facts.rootFolderId
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

import type { MediaRequest, RequestEvent, Said, StatusStatement } from '../media-request.ts'
import { seasonsAfter } from './arrivals.ts'
import { hasFilesElsewhere, isHeld, isNamed } from './client-words.ts'
import type { Outcome } from './outcome.ts'
import { hasArrived, settle } from './presence.ts'
import { applyStatement } from './statements.ts'
import type { KeptReason } from './statuses.ts'

/**
 * A request after files of it were lost, whatever the reason: it stays in the lists, and its status is what is still
 * here. Where nothing is left it is `picked_up` when a client ever named the title, else `pending`.
 */
export function loseFiles(request: MediaRequest, event: RequestEvent): Outcome {
  const isElsewhere = hasFilesElsewhere(request, event)
  if (request.mediaType === 'tv') {
    // Which episodes another client has, nobody tells.
    const isLess = !isElsewhere && (event.parts !== undefined || !event.elsewhere)
    return isLess ? loseParts(request, event) : { request, changed: false }
  }
  if (request.status === 'gone' || request.addedAt === undefined) return { request, changed: false }
  const next: MediaRequest = { ...request, lost: lossOf(event) }
  if (!hasArrived(request.status) || isElsewhere) return { request: next, changed: false }
  if (!event.elsewhere) return onItsWayAgain(next, event.at)
  // Its statement goes, and with it may go the only word that a client has named the title.
  if (isNamed(request)) next.way ??= 'picked_up'
  next.statements = request.statements.filter((one) => one.source !== event.source || !hasArrived(one.status))
  return { request: next, changed: false }
}

/** A series of which episodes, or all of it, were lost. */
function loseParts(request: MediaRequest, event: RequestEvent): Outcome {
  const { parts, at, now } = event
  const statements = parts ? request.statements : request.statements.filter((one) => !hasArrived(one.status))
  const seasonState = seasonsAfter(request, event)
  const { request: next, reached } = settle({ ...request, seasonState, statements }, now)
  if (next.status === request.status) return { request: next, changed: false, reached }
  if (hasArrived(next.status)) return { request: { ...next, statusAt: at }, changed: true, reached }
  return { ...onItsWayAgain({ ...next, lost: lossOf(event) }, at), reached }
}

/** A loss is told by a library source alone. */
const lossOf = ({ source, at }: RequestEvent): Said => ({ source: source === 'person' ? 'sync' : source, at })

/** A request of which nothing is here any more, though it is wanted still. */
function onItsWayAgain(request: MediaRequest, at: number): Outcome {
  const status = isNamed(request) ? ('picked_up' as const) : ('pending' as const)
  const statements = request.statements
    .filter((one) => !hasArrived(one.status))
    .map((one): StatusStatement => (one.status === 'downloading' ? { ...one, status: 'picked_up' } : one))
  const next: MediaRequest = { ...request, status, statusAt: at, statements }
  if (status === 'picked_up') next.way = 'picked_up'
  return { request: next, changed: true }
}

/**
 * A request whose title a client has given up. It is gone once every client that spoke of it has; what others hold has
 * lost this one's files at most.
 */
export function giveUp(request: MediaRequest, event: RequestEvent): Outcome {
  const { source, at, now, filesKept, kept, othersUnknown } = event
  if (request.status === 'gone') return { request, changed: false }
  if (isHeld(request) || othersUnknown) {
    return filesKept ? { request, changed: false } : loseFiles(request, { ...event, status: 'lost' })
  }
  const seasonState = request.mediaType === 'tv' ? seasonsAfter(request, event) : request.seasonState
  const { request: next, reached } = settle({ ...request, seasonState }, now)
  const gone = applyStatement({ ...next, status: request.status }, { status: 'gone', source, at })
  if (!gone.changed) return { ...gone, reached }
  const statements = gone.request.statements.filter((one) => filesKept || !one.uncounted)
  return { request: { ...gone.request, statements, ...(kept && { kept }) }, changed: true }
}

/** A request after it was said whether its row stays in the lists although it is gone. */
export function keepListed(request: MediaRequest, kept: KeptReason | undefined): Outcome {
  if (request.status !== 'gone' || request.kept === kept) return { request, changed: false }
  const { kept: _, ...rest } = request
  return { request: kept ? { ...rest, kept } : rest, changed: false }
}

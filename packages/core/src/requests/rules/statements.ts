import type { MediaRequest, StatusStatement } from '../media-request.ts'
import { hasArrived } from './presence.ts'
import { isStronger, type MediaRequestStatus } from './statuses.ts'

/** True when one says that a title has come and the other that it is gone. */
const isAgainst = (a: MediaRequestStatus, b: MediaRequestStatus) => a !== b && (a === 'gone' || b === 'gone')

/**
 * True when `next` replaces `current`: the stronger wins in any order. That a title is gone, or has come after all, goes
 * by the order in which one sender told it here, and among several by the time of the event.
 */
export function replaces(
  next: StatusStatement,
  current: Pick<MediaRequest, 'status' | 'statusAt' | 'statements'>,
): boolean {
  if (next.status === current.status) return false
  if (next.status !== 'gone' && current.status !== 'gone') return isStronger(next.status, current.status)
  const against = current.statements.filter((one) => isAgainst(one.status, next.status))
  const others = against.filter((one) => one.source !== next.source).map((one) => one.at)
  return next.at > Math.max(...others, against.length > 0 ? 0 : current.statusAt)
}

/** The latest statement of each source, with one more. */
export function withStatement(statements: readonly StatusStatement[], next: StatusStatement): StatusStatement[] {
  const known = statements.find((one) => one.source === next.source)
  if (known && known.at >= next.at && !isAgainst(known.status, next.status)) return [...statements]
  const at = Math.max(next.at, known?.at ?? next.at)
  return [...statements.filter((one) => one.source !== next.source), { ...next, at }].sort((a, b) =>
    a.source < b.source ? -1 : a.source > b.source ? 1 : 0,
  )
}

/** A request after a statement; `changed` is true when its status changes. */
export function applyStatement(
  request: MediaRequest,
  said: StatusStatement,
): { request: MediaRequest; changed: boolean } {
  const { kept: _, ...rest } = request
  const isReplaced = replaces(said, request)
  const next: MediaRequest = { ...(isReplaced ? rest : request), statements: withStatement(request.statements, said) }
  if (hasArrived(said.status) || (isReplaced && said.status === 'gone')) delete next.lost
  if (!isReplaced) return { request: next, changed: false }
  // What comes after it was gone has come anew.
  if (hasArrived(said.status) && (next.addedAt === undefined || request.status === 'gone')) next.addedAt = said.at
  return { request: { ...next, status: said.status, statusAt: said.at }, changed: true }
}

import type { MediaRequest } from '../media-request.ts'
import { hasArrived, isListed } from './presence.ts'

/** What the list of requests is divided into, in the order in which people see it. */
export const REQUEST_GROUPS = ['needs_you', 'on_its_way', 'requested', 'recent', 'earlier'] as const
export type RequestGroup = (typeof REQUEST_GROUPS)[number]

/** So long what has arrived counts as recently added. */
const RECENT_MS = 14 * 24 * 3_600_000

type Grouped = Pick<MediaRequest, 'mediaType' | 'status' | 'addedAt' | 'withdrawnAt' | 'tvdbId' | 'kept' | 'unlistedAt'>

/**
 * True when a request goes on only once the admin has done something: no list can deliver a series without a TVDB id,
 * nobody finds what the catalogue has no longer, and many deletions wait for an answer.
 */
function needsAdmin(request: Grouped): boolean {
  const { mediaType, status, tvdbId, kept, unlistedAt } = request
  if (status === 'gone') return kept === 'many_deletions'
  const isStuck = (mediaType === 'tv' && tvdbId === undefined) || unlistedAt !== undefined
  return isStuck && !hasArrived(status) && isListed(request)
}

/**
 * The group that a request stands in.
 * @param reader who reads: what needs the admin is `needs_you` to the admin alone
 * @param now epoch ms
 */
export function groupOf(request: Grouped, reader: { isAdmin: boolean }, now: number): RequestGroup {
  if (reader.isAdmin && needsAdmin(request)) return 'needs_you'
  switch (request.status) {
    case 'pending':
      return 'requested'
    case 'picked_up':
    case 'downloading':
    case 'partly_available':
      return 'on_its_way'
    case 'available':
      return request.addedAt !== undefined && now - request.addedAt < RECENT_MS ? 'recent' : 'earlier'
    case 'gone':
      return 'earlier'
  }
}

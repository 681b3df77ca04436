import type { MediaRequest } from '../media-request.ts'

/** What a store keeps as one text, since it is only ever read whole: JSON; undefined for nothing. */
export function storedFacts(request: MediaRequest): string | undefined {
  const { broadcast, numbering, altogether, way, completeAt, unlistedAt } = request
  const { formerAskers, rootFolderId, clients, lost, kept } = request
  const facts = { broadcast, numbering, altogether, way, completeAt, unlistedAt }
  const text = JSON.stringify({ ...facts, formerAskers, rootFolderId, clients, lost, kept })
  return text === '{}' ? undefined : text
}

import type { MediaRequest } from '../media-request.ts'

/** What a store keeps as one text, since it is only ever read whole: JSON; undefined for nothing. */
export function storedFacts(request: MediaRequest): string | undefined {
  const { broadcast, numbering, altogether, way, completeAt, unlistedAt } = request
  const text = JSON.stringify({ broadcast, numbering, altogether, way, completeAt, unlistedAt })
  return text === '{}' ? undefined : text
}

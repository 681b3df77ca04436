import type { MediaRequest } from '../media-request.ts'
import type { Outcome } from './outcome.ts'
import { isListed } from './presence.ts'

/** Those who are told besides who asked. */
export const MAX_FOLLOWERS = 50
/** All who were ever behind a row while it was listed: each keeps its tag on it, and a row must stay small. */
const MAX_NAMES = 200

/** The names behind a request: who asked first, and who asked for the same after them. */
export const askersOf = (request: Pick<MediaRequest, 'requestedBy' | 'followers'>): string[] => [
  request.requestedBy,
  ...request.followers,
]

/** The names whose tags a row carries: those behind it, and those that were while it has been listed. */
export const taggedNames = (request: Pick<MediaRequest, 'requestedBy' | 'followers' | 'formerAskers'>): string[] => [
  ...new Set([...askersOf(request), ...(request.formerAskers ?? [])]),
]

/** True when one more name can stand behind a request: a name that a row is tagged with is never dropped for another. */
const hasPlaceFor = (request: MediaRequest, name: string): boolean => {
  const names = taggedNames(request)
  return names.includes(name) || names.length < MAX_NAMES
}

/** A request with one more follower; the same where they are behind it already, or there is no room. */
export function withFollower(request: MediaRequest, name: string): MediaRequest {
  const isFull = request.followers.length >= MAX_FOLLOWERS || !hasPlaceFor(request, name)
  if (isFull || askersOf(request).includes(name)) return request
  return { ...request, followers: [...request.followers, name] }
}

/** A request that somebody asks for anew: it is theirs now, or stays whose it was where no more names have room. */
export function askedBy(request: MediaRequest, name: string): MediaRequest {
  return withAskers(request, hasPlaceFor(request, name) ? name : request.requestedBy, request.followers)
}

/** Takes a follower out. `changed` is false when they were none. */
export function withoutFollower(request: MediaRequest, name: string): Outcome {
  if (!request.followers.includes(name)) return { request, changed: false }
  const others = request.followers.filter((one) => one !== name)
  return { request: withAskers(request, request.requestedBy, others), changed: true }
}

/** A request with other names behind it. Those of before keep their tags on its row for as long as it is listed. */
function withAskers(request: MediaRequest, requestedBy: string, followers: readonly string[]): MediaRequest {
  const { formerAskers: _, ...rest } = request
  const next: MediaRequest = { ...rest, requestedBy, followers: followers.filter((name) => name !== requestedBy) }
  const now = askersOf(next)
  const left = isListed(request) ? taggedNames(request).filter((name) => !now.includes(name)) : []
  return left.length > 0 ? { ...next, formerAskers: left } : next
}

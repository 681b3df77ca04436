import {
  applyEvent,
  type Changed,
  isListed,
  learnFacts,
  type MediaRequest,
  type MediaRequestRepository,
  markWithdrawn,
  mergeSeasonChoice,
  normaliseTitle,
  outlineOf,
  renewRequest,
  type TitleKey,
  withImdbId,
  withoutFollower,
  withTvdbId,
} from '../index.ts'
import { byKey, nameOf, type OpenData, pageOf, sortText } from './memory-data.ts'

/** The requests of a memory store. */
export function memoryRequests(open: OpenData): MediaRequestRepository {
  const all = () => [...open().requests.values()].map((row) => structuredClone(row))

  function change(key: TitleKey, rule: (request: MediaRequest) => Changed): Changed | undefined {
    const data = open()
    const before = data.requests.get(nameOf(key))
    if (!before) return undefined
    const result = rule(structuredClone(before))
    if (JSON.stringify(result.request) !== JSON.stringify(before)) {
      data.requests.set(nameOf(key), structuredClone(result.request))
      data.revision += 1
    }
    return result
  }

  return {
    async add(request) {
      const data = open()
      if (data.requests.has(nameOf(request))) return 'exists'
      data.requests.set(nameOf(request), structuredClone(request))
      data.revision += 1
      return 'added'
    },
    find: async (key) => structuredClone(open().requests.get(nameOf(key))),
    async findMany(keys) {
      const { requests } = open()
      return [...new Set(keys.map(nameOf))].flatMap((name) => structuredClone(requests.get(name)) ?? [])
    },
    findByTvdbId: async (tvdbId) => withTvdbId(all().sort(byKey), tvdbId),
    findByImdbId: async (imdbId) => withImdbId(all().sort(byKey), imdbId)[0],
    findByTitle: async (normalised, year) =>
      all()
        .filter((row) => row.year === year)
        .filter((row) =>
          [row.title, row.originalTitle].some((title) => title !== undefined && normaliseTitle(title) === normalised),
        )
        .sort(byKey),
    list: async (filter) =>
      all()
        .filter((row) => filter.type === undefined || row.mediaType === filter.type)
        .filter((row) => filter.status === undefined || row.status === filter.status)
        .filter((row) => !filter.listedOnly || isListed(row))
        .sort((a, b) => b.createdAt - a.createdAt || byKey(a, b)),
    slice: async (type) => ({
      rows: all()
        .filter((row) => row.mediaType === type)
        .sort(byKey),
    }),
    mergeSeasons: async (key, wanted, follower) =>
      change(key, (request) => mergeSeasonChoice(request, wanted, follower)),
    unfollow: async (key, name) => change(key, (request) => withoutFollower(request, name)),
    advance: async (key, event) => change(key, (request) => applyEvent(request, event)),
    advanceMany: async (changes) =>
      changes.map(({ key, event }) => change(key, (request) => applyEvent(request, event))),
    renew: async (key, renewal) => change(key, (request) => renewRequest(request, renewal)),
    learn: async (key, facts) => change(key, (request) => learnFacts(request, facts)),
    withdraw: async (key, at) => change(key, (request) => markWithdrawn(request, at)),
    async remove(key) {
      const data = open()
      const removed = data.requests.delete(nameOf(key))
      if (removed) data.revision += 1
      return removed
    },
    exportAll: async (cursor) => pageOf(open().requests.values(), sortText, cursor),
    async outlines(cursor) {
      const page = pageOf(open().requests.values(), sortText, cursor)
      return { ...page, rows: page.rows.map(outlineOf) }
    },
  }
}

import {
  applyEvent,
  type Changed,
  type Clock,
  type ExportPage,
  Fault,
  isListed,
  learnFacts,
  localTurns,
  MEDIA_TYPES,
  type MediaRequest,
  type MediaRequestRepository,
  markWithdrawn,
  mergeSeasonChoice,
  normaliseTitle,
  renewRequest,
  type Storage,
  type TitleKey,
  withoutFollower,
} from '../index.ts'
import { memoryLibrary } from './memory-library.ts'
import { memorySmallStores } from './memory-small-stores.ts'

const PAGE = 1_000

/** What all repositories of one memory store share. */
export interface MemoryState {
  revision: number
  /** Throws once the store is closed. */
  open(): void
}

/** The name of a title in maps. */
export const nameOf = (key: TitleKey) => `${key.mediaType}/${key.tmdbId}`

/** A page of sorted rows after the cursor. */
export function pageOf<Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
  cursor: string | undefined,
): ExportPage<Row> {
  const from = cursor === undefined ? 0 : rows.findIndex((row) => keyOf(row) === cursor) + 1
  const page = rows.slice(from, from + PAGE)
  const last = from + PAGE < rows.length ? page.at(-1) : undefined
  return last === undefined ? { rows: page } : { rows: page, cursor: keyOf(last) }
}

/** By media type, then TMDB id. */
export function byKey(a: TitleKey, b: TitleKey): number {
  return MEDIA_TYPES.indexOf(a.mediaType) - MEDIA_TYPES.indexOf(b.mediaType) || a.tmdbId - b.tmdbId
}

/** A whole store in memory: for tests of use cases, and the first that the storage contract runs on. */
export function memoryStorage({ clock }: { clock: Clock }): Storage {
  let closed = false
  const state: MemoryState = {
    revision: 0,
    open() {
      if (closed) throw new Fault('storage_unavailable', 'The store is closed.')
    },
  }
  const storeId = crypto.randomUUID()
  return {
    requests: memoryRequests(state),
    library: memoryLibrary(state, clock),
    revision: {
      async current() {
        state.open()
        return state.revision
      },
    },
    ...memorySmallStores(state),
    turns: localTurns(),
    identity: {
      async storeId() {
        state.open()
        return storeId
      },
    },
    async close() {
      closed = true
    },
  }
}

function memoryRequests(state: MemoryState): MediaRequestRepository {
  const rows = new Map<string, MediaRequest>()
  const all = () => {
    state.open()
    return [...rows.values()].map((row) => structuredClone(row))
  }

  function change(key: TitleKey, rule: (request: MediaRequest) => Changed): Changed | undefined {
    state.open()
    const before = rows.get(nameOf(key))
    if (!before) return undefined
    const { request, changed } = rule(structuredClone(before))
    if (JSON.stringify(request) !== JSON.stringify(before)) {
      rows.set(nameOf(key), structuredClone(request))
      state.revision += 1
    }
    return { request, changed }
  }

  return {
    async add(request) {
      state.open()
      if (rows.has(nameOf(request))) return 'exists'
      rows.set(nameOf(request), structuredClone(request))
      state.revision += 1
      return 'added'
    },
    async find(key) {
      state.open()
      return structuredClone(rows.get(nameOf(key)))
    },
    async findMany(keys) {
      state.open()
      return [...new Set(keys.map(nameOf))].flatMap((name) => structuredClone(rows.get(name)) ?? [])
    },
    findByTvdbId: async (tvdbId) =>
      all()
        .sort(byKey)
        .find((row) => row.tvdbId === tvdbId),
    findByImdbId: async (imdbId) =>
      all()
        .sort(byKey)
        .find((row) => row.imdbId === imdbId),
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
    mergeSeasons: async (key, wanted, follower) =>
      change(key, (request) => mergeSeasonChoice(request, wanted, follower)),
    unfollow: async (key, name) => change(key, (request) => withoutFollower(request, name)),
    advance: async (key, event) => change(key, (request) => applyEvent(request, event)),
    renew: async (key, renewal) => change(key, (request) => renewRequest(request, renewal)),
    learn: async (key, facts) => change(key, (request) => learnFacts(request, facts)),
    withdraw: async (key, at) => change(key, (request) => markWithdrawn(request, at)),
    async remove(key) {
      state.open()
      const removed = rows.delete(nameOf(key))
      if (removed) state.revision += 1
      return removed
    },
    exportAll: async (cursor) => pageOf(all().sort(byKey), nameOf, cursor),
  }
}

import { type ActivityEntry, MAX_ACTIVITY } from '../activity.ts'
import { Fault } from '../errors.ts'
import { localTurns } from '../local-turns.ts'
import type { TitleKey } from '../media.ts'
import { MEDIA_TYPES } from '../media.ts'
import type { MediaRequest } from '../media-request.ts'
import type {
  Changed,
  Clock,
  ExportPage,
  MediaRequestRepository,
  OutboxMessage,
  PushSubscription,
  Storage,
} from '../ports.ts'
import {
  applyEvent,
  isListed,
  learnFacts,
  markWithdrawn,
  renewRequest,
  withoutFollower,
} from '../rules/request-life.ts'
import { mergeSeasonChoice } from '../rules/seasons.ts'
import { MAX_TRIES, TRIES_WINDOW_MS } from '../rules/sign-in.ts'
import { normaliseTitle } from '../rules/titles.ts'
import { memoryLibrary } from './memory-library.ts'

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

function memorySmallStores(
  state: MemoryState,
): Pick<Storage, 'pushSubscriptions' | 'signInAttempts' | 'plexGuids' | 'settings' | 'activity' | 'outbox'> {
  const devices = new Map<string, PushSubscription>()
  const guids = new Map<string, TitleKey & { tvdbId?: number }>()
  const settings = new Map<string, string>()
  const tries = new Map<string, number[]>()
  const challenges = new Map<string, number>()
  const entries: ActivityEntry[] = []
  const messages = new Map<string, OutboxMessage>()
  let lastId = 0
  const sorted = <Value>(map: Map<string, Value>) => {
    state.open()
    return [...map].sort(([a], [b]) => (a < b ? -1 : 1))
  }
  return {
    pushSubscriptions: {
      async save(subscription) {
        state.open()
        devices.set(subscription.endpoint, structuredClone(subscription))
      },
      listFor: async (user) =>
        sorted(devices)
          .map(([, device]) => structuredClone(device))
          .filter((device) => device.user === user)
          .sort((a, b) => a.createdAt - b.createdAt),
      async find(endpoint) {
        state.open()
        return structuredClone(devices.get(endpoint))
      },
      async remove(endpoint) {
        state.open()
        return devices.delete(endpoint)
      },
      exportAll: async (cursor) =>
        pageOf(
          sorted(devices).map(([, device]) => device),
          (row) => row.endpoint,
          cursor,
        ),
    },
    plexGuids: {
      async find(guid) {
        state.open()
        return structuredClone(guids.get(guid))
      },
      async save(guid, ids) {
        state.open()
        guids.set(guid, structuredClone(ids))
      },
      exportAll: async (cursor) =>
        pageOf(
          sorted(guids).map(([guid, ids]) => ({ guid, ...ids })),
          (row) => row.guid,
          cursor,
        ),
    },
    settings: {
      async get(name) {
        state.open()
        return settings.get(name)
      },
      async set(name, value) {
        state.open()
        settings.set(name, value)
      },
      async getOrCreate(name, make) {
        state.open()
        const known = settings.get(name)
        if (known !== undefined) return known
        const made = await make()
        const winner = settings.get(name) ?? made
        settings.set(name, winner)
        return winner
      },
      async update(name, change) {
        state.open()
        const next = change(settings.get(name))
        settings.set(name, next)
        return next
      },
      exportAll: async (cursor) =>
        pageOf(
          sorted(settings).map(([name, value]) => ({ name, value })),
          (row) => row.name,
          cursor,
        ),
    },
    activity: {
      async record(entry) {
        state.open()
        entries.push(structuredClone(entry))
        entries.sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1))
        entries.splice(MAX_ACTIVITY)
      },
      async recent(limit) {
        state.open()
        return structuredClone(entries.slice(0, limit))
      },
    },
    outbox: {
      async add(given) {
        state.open()
        return given.map((message) => {
          lastId += 1
          const added = { ...message, id: String(lastId), tries: 0 }
          messages.set(added.id, added)
          return { ...added }
        })
      },
      async due(now, limit) {
        state.open()
        return [...messages.values()]
          .filter((message) => message.dueAt <= now)
          .sort((a, b) => a.dueAt - b.dueAt || Number(a.id) - Number(b.id))
          .slice(0, limit)
          .map((message) => ({ ...message }))
      },
      async claim({ id, tries, dueAt }, nextDueAt) {
        state.open()
        const stored = messages.get(id)
        if (stored?.tries !== tries || stored.dueAt !== dueAt) return false
        messages.set(id, { ...stored, tries: tries + 1, dueAt: nextDueAt })
        return true
      },
      async remove(id) {
        state.open()
        return messages.delete(id)
      },
    },
    signInAttempts: {
      async reserve(client, now) {
        state.open()
        const recent = (tries.get(client) ?? []).filter((at) => at > now - TRIES_WINDOW_MS)
        const allowed = recent.length < MAX_TRIES
        if (allowed) recent.push(now)
        tries.set(client, recent)
        return { allowed, triesLeft: MAX_TRIES - recent.length, retryAt: (recent[0] ?? now) + TRIES_WINDOW_MS }
      },
      async release(client) {
        state.open()
        tries.get(client)?.pop()
      },
      async useChallengeOnce(hash, until, now) {
        state.open()
        const known = challenges.get(hash)
        if (known !== undefined && known > now) return false
        challenges.set(hash, until)
        return true
      },
    },
  }
}

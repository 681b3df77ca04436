import {
  type ActivityEntry,
  MAX_ACTIVITY,
  MAX_TRIES,
  type OutboxMessage,
  type PushSubscription,
  type Storage,
  type TitleKey,
  TRIES_WINDOW_MS,
} from '../index.ts'
import { type MemoryState, pageOf } from './memory-storage.ts'

/** All of a memory store besides requests and library. */
export function memorySmallStores(
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

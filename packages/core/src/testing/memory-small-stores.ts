import {
  activityBegins,
  type Clock,
  LONGEST_PAUSE_MS,
  MAX_ACTIVITY,
  memoryTries,
  type Storage,
  tooMany,
} from '../index.ts'
import { type OpenData, pageOf } from './memory-data.ts'

/** All of a memory store besides requests and library. */
export function memorySmallStores(
  open: OpenData,
  clock: Clock,
): Pick<Storage, 'pushSubscriptions' | 'signInAttempts' | 'plexGuids' | 'settings' | 'activity' | 'outbox'> {
  return {
    pushSubscriptions: {
      async save(subscription) {
        open().devices.set(subscription.endpoint, structuredClone(subscription))
      },
      listFor: async (user) =>
        structuredClone([...open().devices.values()].filter((device) => device.user === user)).sort(
          (a, b) => a.createdAt - b.createdAt || (a.endpoint < b.endpoint ? -1 : 1),
        ),
      find: async (endpoint) => structuredClone(open().devices.get(endpoint)),
      remove: async (endpoint) => open().devices.delete(endpoint),
      exportAll: async (cursor) => pageOf(open().devices.values(), (row) => row.endpoint, cursor),
    },
    plexGuids: {
      find: async (guid) => structuredClone(open().guids.get(guid)),
      async save(guid, ids) {
        open().guids.set(guid, structuredClone(ids))
      },
      exportAll: async (cursor) =>
        pageOf(
          [...open().guids].map(([guid, ids]) => ({ guid, ...ids })),
          (row) => row.guid,
          cursor,
        ),
    },
    settings: {
      get: async (name) => open().settings.get(name),
      async set(name, value) {
        open().settings.set(name, value)
      },
      async getOrCreate(name, make) {
        const { settings } = open()
        const known = settings.get(name)
        if (known !== undefined) return known
        const made = await make()
        const winner = settings.get(name) ?? made
        settings.set(name, winner)
        return winner
      },
      async update(name, change) {
        const { settings } = open()
        const next = change(settings.get(name))
        settings.set(name, next)
        return next
      },
      exportAll: async (cursor) =>
        pageOf(
          [...open().settings].map(([name, value]) => ({ name, value })),
          (row) => row.name,
          cursor,
        ),
    },
    activity: {
      async record(entry) {
        const { activity } = open()
        activity.push(structuredClone(entry))
        activity.sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1))
        const ahead = activity.filter(({ at }) => at > Math.max(entry.at, clock.now()))
        activity.splice(ahead.length + MAX_ACTIVITY)
      },
      async recent(limit) {
        const now = clock.now()
        const begins = activityBegins(now)
        return structuredClone(
          open()
            .activity.filter((entry) => entry.at >= begins && entry.at <= now)
            .slice(0, Math.min(limit, MAX_ACTIVITY)),
        )
      },
    },
    outbox: {
      async add(given) {
        const data = open()
        const stored = given.map((message) => {
          data.lastMessage += 1
          const added = { ...message, id: String(data.lastMessage), tries: 0 }
          data.messages.set(added.id, added)
          return { ...added }
        })
        for (const id of tooMany([...data.messages.values()])) data.messages.delete(id)
        return stored
      },
      due: async (now, limit) =>
        [...open().messages.values()]
          .filter((message) => message.dueAt <= now || message.dueAt > now + LONGEST_PAUSE_MS)
          .sort((a, b) => a.dueAt - b.dueAt || Number(a.id) - Number(b.id))
          .slice(0, limit)
          .map((message) => ({ ...message })),
      async claim({ id, tries, dueAt }, nextDueAt) {
        const { messages } = open()
        const stored = messages.get(id)
        if (stored?.tries !== tries || stored.dueAt !== dueAt) return false
        messages.set(id, { ...stored, tries: tries + 1, dueAt: nextDueAt })
        return true
      },
      remove: async (id) => open().messages.delete(id),
    },
    signInAttempts: {
      begin: async (client, now, most) => memoryTries(open().tries).begin(client, now, most),
      end: async (client, id, end) => memoryTries(open().tries).end(client, id, end),
      async useChallengeOnce(hash, until, now) {
        const { challenges } = open()
        const known = challenges.get(hash)
        if (known !== undefined && known > now) return false
        challenges.set(hash, until)
        return true
      },
    },
  }
}

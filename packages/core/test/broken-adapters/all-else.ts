import { localTurns, memoryTries } from '../../src/index.ts'
import { memoryStorage } from '../../src/testing/index.ts'
import { type Broken, nameOf, pause } from './broken.ts'

export const BROKEN_ELSEWHERE: readonly Broken[] = [
  ['keeps nothing over a restart', 'kept', (_, __, clock) => memoryStorage({ clock })],
  [
    'forgets tries over a restart',
    'kept',
    (_, __, clock) => ({ signInAttempts: memoryStorage({ clock }).signInAttempts }),
  ],
  [
    'answers with its own rows',
    'kept',
    ({ requests }, data) => ({ requests: { ...requests, find: async (key) => data.requests.get(nameOf(key)) } }),
  ],
  [
    'keeps the very object it was given',
    'kept',
    ({ plexGuids }, data) => ({
      plexGuids: { ...plexGuids, save: async (guid, ids) => void data.guids.set(guid, ids) },
    }),
  ],

  [
    'keeps the first that a Plex GUID stood for',
    'library messages',
    ({ plexGuids }) => ({
      plexGuids: {
        ...plexGuids,
        async save(guid, ids) {
          if (!(await plexGuids.find(guid))) await plexGuids.save(guid, ids)
        },
      },
    }),
  ],
  [
    'keeps any number of messages',
    'library messages',
    ({ activity }) => {
      const all: Parameters<typeof activity.record>[0][] = []
      return {
        activity: {
          record: async (entry) => void all.push(structuredClone(entry)),
          recent: async (limit) => all.sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1)).slice(0, limit),
        },
      }
    },
  ],
  [
    'keeps messages for ever',
    'library messages',
    ({ activity }, data) => ({ activity: { ...activity, recent: async (limit) => data.activity.slice(0, limit) } }),
  ],

  [
    'takes tries under way along with a right one',
    'people',
    ({ signInAttempts }, data) => ({
      signInAttempts: { ...signInAttempts, end: async (client) => void data.tries.delete(client) },
    }),
  ],
  [
    'keeps failed tries when one is right',
    'people',
    ({ signInAttempts }) => ({
      signInAttempts: {
        ...signInAttempts,
        end: (client, id, end) => signInAttempts.end(client, id, end === 'right' ? 'neither' : end),
      },
    }),
  ],
  [
    'never says that tries are under way',
    'people',
    ({ signInAttempts }) => ({
      signInAttempts: {
        ...signInAttempts,
        async begin(client, now, most) {
          const turn = await signInAttempts.begin(client, now, most)
          return turn.kind === 'busy' ? { kind: 'limited', retryAt: now } : turn
        },
      },
    }),
  ],
  [
    'waits for a try that has died',
    'people',
    ({ signInAttempts }, data) => ({
      signInAttempts: {
        ...signInAttempts,
        async begin(client, now, most) {
          const turn = await signInAttempts.begin(client, now, most)
          const isUnderWay = [...(data.tries.get(client)?.values() ?? [])].some(({ underWay }) => underWay)
          return turn.kind === 'limited' && isUnderWay ? { kind: 'busy' } : turn
        },
      },
    }),
  ],
  [
    'counts tries of the future',
    'people',
    ({ signInAttempts }, data) => ({
      signInAttempts: {
        ...signInAttempts,
        async begin(client, now, most) {
          const newest = Math.max(now, ...[...(data.tries.get(client)?.values() ?? [])].map(({ at }) => at))
          return signInAttempts.begin(client, newest, most)
        },
      },
    }),
  ],
  [
    'begins two tries at once',
    'people',
    ({ signInAttempts }) => {
      const { begin, end } = memoryTries()
      return {
        signInAttempts: {
          ...signInAttempts,
          end,
          async begin(client, now, most) {
            await pause()
            return begin(client, now, most + 1)
          },
        },
      }
    },
  ],
  [
    'takes one challenge twice at once',
    'people',
    ({ signInAttempts }, data) => ({
      signInAttempts: {
        ...signInAttempts,
        async useChallengeOnce(hash, until, now) {
          const known = data.challenges.get(hash)
          await pause()
          if (known !== undefined && known > now) return false
          data.challenges.set(hash, until)
          return true
        },
      },
    }),
  ],

  [
    'lets two send one message',
    'telling',
    ({ outbox }, data) => ({
      outbox: {
        ...outbox,
        async claim(message, nextDueAt) {
          const stored = data.messages.get(message.id)
          await pause()
          if (stored?.tries !== message.tries || stored.dueAt !== message.dueAt) return false
          data.messages.set(message.id, { ...stored, tries: stored.tries + 1, dueAt: nextDueAt })
          return true
        },
      },
    }),
  ],
  [
    'keeps any number of messages that wait',
    'telling',
    ({ outbox }, data) => ({
      outbox: {
        ...outbox,
        async add(messages) {
          const before = [...data.messages]
          const added = await outbox.add(messages)
          for (const [id, message] of before) data.messages.set(id, message)
          return added
        },
      },
    }),
  ],
  [
    'waits for a time that a wrong clock named',
    'telling',
    ({ outbox }) => ({
      outbox: {
        ...outbox,
        due: async (now, limit) => (await outbox.due(now, limit)).filter((one) => one.dueAt <= now),
      },
    }),
  ],
  [
    'gives the id of a removed message again',
    'telling',
    ({ outbox }, data) => ({
      outbox: {
        ...outbox,
        add(messages) {
          data.lastMessage = data.messages.size
          return outbox.add(messages)
        },
      },
    }),
  ],

  [
    'exports no devices',
    'moving',
    ({ pushSubscriptions }) => ({
      pushSubscriptions: { ...pushSubscriptions, exportAll: async () => ({ rows: [] }) },
    }),
  ],
  [
    'exports in the order of the alphabet',
    'moving',
    ({ requests }) => ({
      requests: {
        ...requests,
        async exportAll(cursor) {
          const page = await requests.exportAll(cursor)
          return { ...page, rows: page.rows.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1)) }
        },
      },
    }),
  ],
  [
    'begins an export again when the row at its cursor is gone',
    'moving',
    ({ requests }, data) => ({
      requests: {
        ...requests,
        async exportAll(cursor) {
          const [mediaType, id] = cursor?.split('/') ?? []
          const name = `${mediaType === '0' ? 'movie' : 'tv'}/${Number(id)}`
          return requests.exportAll(data.requests.has(name) ? cursor : undefined)
        },
      },
    }),
  ],

  [
    'counts a changed setting as a change',
    'base',
    ({ settings }, data) => ({
      settings: {
        ...settings,
        update(name, change) {
          data.revision += 1
          return settings.update(name, change)
        },
      },
    }),
  ],
  [
    'lets two makers of a setting win',
    'base',
    ({ settings }, data) => ({
      settings: {
        ...settings,
        async getOrCreate(name, make) {
          const value = data.settings.get(name) ?? (await make())
          data.settings.set(name, value)
          return value
        },
      },
    }),
  ],
  [
    'keeps settings in a plain object',
    'base',
    ({ settings }) => {
      const values: Record<string, string> = {}
      return {
        settings: {
          ...settings,
          get: async (name) => values[name],
          async set(name, value) {
            values[name] = value
          },
          async getOrCreate(name, make) {
            const value = await make()
            values[name] ??= value
            return values[name]
          },
          async update(name, change) {
            values[name] = change(values[name])
            return values[name]
          },
        },
      }
    },
  ],
  [
    'is new only while nothing was written into it',
    'base',
    ({ identity }, data) => ({ identity: { ...identity, isNew: async () => data.isNew && data.revision === 0 } }),
  ],
  [
    'is new again after a restart',
    'base',
    ({ identity }) => {
      let isMeant = false
      return {
        identity: {
          ...identity,
          isNew: async () => !isMeant,
          async confirmNew() {
            isMeant = true
          },
        },
      }
    },
  ],
  [
    'is no longer new after a restart',
    'kept',
    ({ identity }, data) => {
      const { isNew } = data
      data.isNew = false
      return { identity: { ...identity, isNew: async () => isNew } }
    },
  ],
  ['lets two work at one turn', 'base', () => ({ turns: { take: async (_, work) => work() } })],
  ['waits for a turn without end', 'base', () => ({ turns: localTurns({ now: () => 0 }) })],
]

import { MAX_FOLLOWERS, mergeSeasonChoice, normaliseTitle } from '../../src/index.ts'
import { type Broken, nameOf, pause } from './broken.ts'

export const BROKEN_REQUESTS_AND_LIBRARIES: readonly Broken[] = [
  [
    'adds a title twice when asked twice at once',
    'requests',
    ({ requests }, data) => ({
      requests: {
        ...requests,
        async add(request) {
          const known = await requests.find(request)
          await pause()
          if (known) return 'exists'
          data.requests.set(nameOf(request), structuredClone(request))
          data.revision += 1
          return 'added'
        },
      },
    }),
  ],
  [
    'loses what was stated',
    'requests',
    ({ requests }, data) => ({
      requests: {
        ...requests,
        async advance(key, event) {
          const before = await requests.find(key)
          const result = await requests.advance(key, event)
          if (before) data.requests.set(nameOf(key), before)
          return result
        },
      },
    }),
  ],
  [
    'advances the first of many alone',
    'requests',
    ({ requests }) => ({
      requests: {
        ...requests,
        advanceMany: (changes) =>
          Promise.all(
            changes.map(({ key, event }, n) => (n === 0 ? requests.advance(key, event) : requests.find(key))),
          ).then((all) => all.map((one) => (one && 'request' in one ? one : one && { request: one, changed: false }))),
      },
    }),
  ],
  [
    'parts the series of one TVDB id',
    'requests',
    ({ requests }) => ({
      requests: {
        ...requests,
        async slice(type, cursor) {
          const { rows } = await requests.slice(type)
          const from = Number(cursor ?? 0)
          const part = rows.sort((a, b) => a.tmdbId - b.tmdbId).slice(from, from + 250)
          return part.length < 250 ? { rows: part } : { rows: part, cursor: String(from + 250) }
        },
      },
    }),
  ],
  [
    'loses one of two merges at once',
    'requests',
    ({ requests }, data) => ({
      requests: {
        ...requests,
        async mergeSeasons(key, wanted, follower) {
          const before = await requests.find(key)
          await pause()
          if (!before) return undefined
          const merged = mergeSeasonChoice(before, wanted, follower)
          data.requests.set(nameOf(key), merged.request)
          return structuredClone(merged)
        },
      },
    }),
  ],
  [
    'lets one more follow than there is room for',
    'requests',
    ({ requests }, data) => ({
      requests: {
        ...requests,
        async mergeSeasons(key, wanted, follower) {
          const before = await requests.find(key)
          await pause()
          const merged = await requests.mergeSeasons(key, wanted)
          const stored = data.requests.get(nameOf(key))
          const isFull = before === undefined || before.followers.length >= MAX_FOLLOWERS
          if (!merged || !stored || isFull || follower === undefined || stored.followers.includes(follower))
            return merged
          stored.followers.push(follower)
          data.revision += 1
          return { ...merged, request: structuredClone(stored), changed: true }
        },
      },
    }),
  ],
  [
    'tells nobody what is reached',
    'requests',
    ({ requests }) => ({
      requests: {
        ...requests,
        async advance(key, event) {
          const result = await requests.advance(key, event)
          return result && { request: result.request, changed: result.changed }
        },
      },
    }),
  ],
  [
    'finds one series of a TVDB id alone',
    'requests',
    ({ requests }) => ({
      requests: { ...requests, findByTvdbId: async (tvdbId) => (await requests.findByTvdbId(tvdbId)).slice(0, 1) },
    }),
  ],
  [
    'finds nothing by an id of before',
    'requests',
    ({ requests }) => ({
      requests: {
        ...requests,
        findByTvdbId: async (tvdbId) => (await requests.findByTvdbId(tvdbId)).filter((row) => row.tvdbId === tvdbId),
      },
    }),
  ],
  [
    'forgets in an outline why a row is kept in its list',
    'moving',
    ({ requests }) => ({
      requests: {
        ...requests,
        async outlines(cursor) {
          const page = await requests.outlines(cursor)
          return { ...page, rows: page.rows.map(({ kept: _, ...row }) => row) }
        },
      },
    }),
  ],
  [
    'lists the oldest first',
    'requests',
    ({ requests }) => ({
      requests: { ...requests, list: async (filter) => (await requests.list(filter)).reverse() },
    }),
  ],
  [
    'lists what is withdrawn',
    'requests',
    ({ requests }) => ({
      requests: { ...requests, list: ({ listedOnly: _, ...filter }) => requests.list(filter) },
    }),
  ],
  [
    'knows no original title',
    'requests',
    ({ requests }) => ({
      requests: {
        ...requests,
        findByTitle: async (title, year) =>
          (await requests.findByTitle(title, year)).filter((row) => normaliseTitle(row.title) === title),
      },
    }),
  ],
  [
    'says it removed what was not there',
    'requests',
    ({ requests }) => ({
      requests: {
        ...requests,
        async remove(key) {
          await requests.remove(key)
          return true
        },
      },
    }),
  ],

  [
    'adds a page to the one that it replaces',
    'library',
    ({ library }, data) => ({
      library: {
        ...library,
        stage: (id, page, items) =>
          library.stage(id, page, [...(data.syncs.get(id)?.pages.get(page) ?? []), ...items.slice(0, 1)]),
      },
    }),
  ],
  [
    'shows half a commit',
    'library',
    ({ library }, data) => ({
      library: {
        ...library,
        async commit(id) {
          const before = new Map(data.library)
          data.library.clear()
          await pause()
          for (const [name, row] of before) data.library.set(name, row)
          return library.commit(id)
        },
        async listIds() {
          await Promise.resolve()
          return library.listIds()
        },
      },
    }),
  ],
  [
    'forgets what a sync removed before it is told to',
    'library',
    ({ library }, data) => ({
      library: {
        ...library,
        commit(id) {
          data.removed.clear()
          return library.commit(id)
        },
      },
    }),
  ],
  [
    'remembers what was removed for ever',
    'library',
    ({ library }) => ({ library: { ...library, forgetRemoved: async () => undefined } }),
  ],
  [
    'counts each of many items as a change',
    'library',
    ({ library }, data) => ({
      library: {
        ...library,
        add(source, items) {
          data.revision += items.length > 1_000 ? 1 : 0
          return library.add(source, items)
        },
      },
    }),
  ],
  [
    'removes what was reported during a sync',
    'library',
    ({ library }, data) => ({
      library: {
        ...library,
        commit(id) {
          for (const row of data.library.values()) row.touched = 0
          return library.commit(id)
        },
      },
    }),
  ],
  [
    'takes a report without news for none',
    'library',
    ({ library }, data) => ({
      library: {
        ...library,
        async add(source, items) {
          const revision = data.revision
          const touched = new Map([...data.library].map(([name, row]) => [name, row.touched]))
          const added = await library.add(source, items)
          for (const [name, row] of data.revision === revision ? data.library : []) {
            row.touched = touched.get(name) ?? row.touched
          }
          return added
        },
      },
    }),
  ],
]

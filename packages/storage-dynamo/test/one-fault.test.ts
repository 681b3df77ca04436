import type { LibraryRow, Storage } from '@stellarr/core'
import { aLibraryItem, aMovieRequest, aSeriesRequest, type FixedClock, fixedClock } from '@stellarr/core/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { awsError, dropped, type Engine, faultyTransport, startEngine, type Trouble } from '../src/testing/index.ts'

let engine: Engine
beforeAll(async () => {
  engine = await startEngine()
})
afterAll(() => engine.stop())

const CLIENT = '192.0.2.1'
const movie = { mediaType: 'movie', tmdbId: 603 } as const
const series = { mediaType: 'tv', tmdbId: 1396 } as const
const device = {
  endpoint: 'https://push.example/1',
  user: 'Zoë',
  keys: { p256dh: 'p', auth: 'a' },
  language: 'de' as const,
  createdAt: 1,
}
const items = (from: number, count: number) =>
  Array.from({ length: count }, (_, n) => aLibraryItem({ tmdbId: from + n, title: `T ${from + n}` }))
const rows = (from: number, count: number): LibraryRow[] =>
  items(from, count).map((item) => ({ ...item, source: 'plex', addedAt: item.tmdbId }))

interface Scenario {
  name: string
  prepare?(store: Storage): Promise<unknown>
  act(store: Storage, clock: FixedClock): Promise<unknown>
}

async function sync(store: Storage, from: number, count: number) {
  const id = await store.library.beginSync('plex', 'movie')
  await store.library.stage(id, 0, items(from, count))
  return [await store.library.preview(id), await store.library.commit(id)]
}

const SCENARIOS: readonly Scenario[] = [
  { name: 'adding a request', act: (store) => store.requests.add(aMovieRequest()) },
  {
    name: 'adding a request that is there',
    prepare: (store) => store.requests.add(aMovieRequest()),
    act: (store) => store.requests.add(aMovieRequest({ requestedBy: 'Bob' })),
  },
  {
    name: 'an event',
    prepare: (store) => store.requests.add(aMovieRequest()),
    act: (store) => store.requests.advance(movie, { status: 'available', source: 'plex', at: 5e12 }),
  },
  {
    name: 'merging seasons',
    prepare: (store) => store.requests.add(aSeriesRequest({ seasons: [1] })),
    act: (store) => store.requests.mergeSeasons(series, { seasons: [2] }, 'Bob'),
  },
  {
    name: 'removing a request',
    prepare: (store) => store.requests.add(aMovieRequest()),
    act: (store) => store.requests.remove(movie),
  },
  {
    name: 'reporting titles',
    prepare: (store) => store.library.add('plex', items(1, 2)),
    act: (store) => store.library.add('plex', [...items(2, 2), aLibraryItem({ tmdbId: 1, title: 'Another' })]),
  },
  { name: 'reporting many titles', act: (store) => store.library.add('plex', items(1, 30)) },
  {
    name: 'restoring titles',
    prepare: (store) => store.library.add('plex', items(1, 1)),
    act: (store) => store.library.restore(rows(1, 2)),
  },
  { name: 'restoring many titles', act: (store) => store.library.restore(rows(1, 30)) },
  {
    name: 'removing a title',
    prepare: (store) => store.library.add('plex', items(1, 2)),
    act: (store) => store.library.remove('plex', { mediaType: 'movie', tmdbId: 1 }),
  },
  {
    name: 'a sync',
    prepare: (store) => sync(store, 1, 30),
    act: (store) => sync(store, 16, 30),
  },
  {
    name: 'changing a setting',
    prepare: (store) => store.settings.set('numbers', '[1]'),
    act: (store) => store.settings.update('numbers', (value) => JSON.stringify([...JSON.parse(value ?? '[]'), 2])),
  },
  {
    name: 'noting a message',
    act: async (store, clock) => {
      const entry = { source: 'plex', name: 'n', title: 't', detail: '', outcome: 'test' } as const
      await store.activity.record({ ...entry, id: 'a', at: clock.now() })
      return new Set((await store.activity.recent(10)).map(({ id }) => id)).size
    },
  },
  {
    name: 'taking on a push message',
    act: async (store) => {
      const [message] = await store.outbox.add([{ endpoint: 'e', body: '{}', dueAt: 1 }])
      if (!message) throw new Error('not added')
      await store.outbox.claim(message, 5)
      return (await store.outbox.due(5, 10)).some(({ body, dueAt }) => body === '{}' && dueAt === 5)
    },
  },
  {
    name: 'counting a failed sign-in',
    act: async (store, clock) => {
      const turn = await store.signInAttempts.begin(CLIENT, clock.now(), 5)
      if (turn.kind === 'begun') await store.signInAttempts.end(CLIENT, turn.id, 'wrong')
      return turn.kind
    },
  },
  {
    name: 'forgetting failed sign-ins',
    prepare: async (store) => {
      const turn = await store.signInAttempts.begin(CLIENT, Date.UTC(2026, 0, 1), 5)
      if (turn.kind === 'begun') await store.signInAttempts.end(CLIENT, turn.id, 'wrong')
    },
    act: async (store, clock) => {
      const turn = await store.signInAttempts.begin(CLIENT, clock.now(), 5)
      if (turn.kind === 'begun') await store.signInAttempts.end(CLIENT, turn.id, 'right')
      return turn.kind
    },
  },
  { name: 'a challenge', act: (store) => store.signInAttempts.useChallengeOnce('h', 2, 1) },
  { name: 'making a setting', act: (store) => store.settings.getOrCreate('a', () => 'made') },
  {
    name: 'moving a device to another person',
    prepare: (store) => store.pushSubscriptions.save(device),
    act: (store) => store.pushSubscriptions.save({ ...device, user: 'Bob' }),
  },
  {
    name: 'forgetting a device',
    prepare: (store) => store.pushSubscriptions.save(device),
    act: (store) => store.pushSubscriptions.remove(device.endpoint),
  },
]

/** Everything that can be read. */
async function contents(store: Storage) {
  return {
    requests: await store.requests.list({}),
    ids: await store.library.listIds(),
    library: (await store.library.exportAll()).rows,
    settings: (await store.settings.exportAll()).rows,
    devices: [await store.pushSubscriptions.listFor('Zoë'), await store.pushSubscriptions.listFor('Bob')],
    tries: { ...(await store.signInAttempts.begin(CLIENT, Date.UTC(2026, 0, 1), 5)), id: 'any' },
    challenge: await store.signInAttempts.useChallengeOnce('h', 2, 1),
  }
}

const cut: Trouble = { kind: 'changed', answer: (answer) => ({ ...answer, body: answer.body.slice(0, -1) }) }
const html: Trouble = { kind: 'changed', answer: (answer) => ({ ...answer, body: '<html>hello</html>' }) }

const TROUBLES: readonly [name: string, trouble: Trouble][] = [
  ['a throttle', awsError('ProvisionedThroughputExceededException')],
  ['an internal error', awsError('InternalServerError', 500)],
  ['a socket dropped before the call', dropped('ECONNRESET', 'before')],
  ['a socket dropped after the call', dropped('EPIPE', 'after', true)],
  ['an answer cut off', cut],
  ['HTML with status 200', html],
  ['a batch done in part', { kind: 'unprocessed' }],
]

/** Runs a scenario on a fresh table, one call of it in trouble. */
async function run(scenario: Scenario, trouble?: Trouble, at?: number) {
  const clock = fixedClock()
  const table = await engine.freshTable()
  const plain = await engine.openStorage(clock, { table })
  await scenario.prepare?.(plain)
  const before = await plain.revision.current()
  const transport = faultyTransport(({ number }) => (number === at ? trouble : undefined))
  const store = await engine.openStorage(clock, { table, transport })
  const answer = await scenario.act(store, clock)
  const revision = (await plain.revision.current()) - before
  const result = { answer, revision, contents: await contents(plain), calls: transport.calls.length }
  await Promise.all([plain.close(), store.close()])
  return result
}

describe('one fault at any call of', () => {
  it.each(SCENARIOS)(
    '$name: the same answer, nothing lost, nothing doubled',
    async (scenario) => {
      const right = await run(scenario)
      for (const [name, trouble] of TROUBLES) {
        for (let at = 1; at <= right.calls; at += 1) {
          const { answer, contents: left, revision } = await run(scenario, trouble, at)
          const where = `${name} at call ${at} of ${right.calls}`
          expect([where, answer]).toEqual([where, right.answer])
          expect([where, left]).toEqual([where, right.contents])
          // A count whose answer got lost is counted again: readers then read once more than they need to.
          expect([where, revision >= right.revision, revision > 0]).toEqual([where, true, right.revision > 0])
        }
      }
    },
    120_000,
  )
})

import { availableParallelism, loadavg } from 'node:os'
import type { LibraryItem, LibraryRow, Storage } from '@stellarr/core'
import { aLibraryItem, aMovieRequest, fixedClock } from '@stellarr/core/testing'
import { afterAll, describe, expect, it } from 'vitest'
import { type Engine, startEngine } from '../src/testing/index.ts'

/** Units and calls of everything that a store did since it was last asked. */
interface Spent {
  calls: number
  units: number
  writes: number
  by: Record<string, number>
}

const engine: Engine = await startEngine()
afterAll(() => engine.stop())
const WRITES = ['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem']

function unitsOf(consumed: unknown): number {
  if (Array.isArray(consumed)) return consumed.reduce((sum: number, one) => sum + unitsOf(one), 0)
  if (typeof consumed !== 'object' || consumed === null || !('CapacityUnits' in consumed)) return 0
  return Number(consumed.CapacityUnits)
}

const clock = fixedClock()

async function open(table?: string) {
  let spent: Spent = { calls: 0, units: 0, writes: 0, by: {} }
  const store = await engine.openStorage(clock, {
    ...(table !== undefined && { table }),
    measure(operation, consumed) {
      const units = unitsOf(consumed)
      spent.calls += 1
      spent.units += units
      if (WRITES.includes(operation)) spent.writes += units
      spent.by[operation] = (spent.by[operation] ?? 0) + 1
    },
  })
  return {
    store,
    async costOf(work: () => Promise<unknown>): Promise<Spent> {
      spent = { calls: 0, units: 0, writes: 0, by: {} }
      await work()
      return structuredClone(spent)
    },
  }
}

const items = (from: number, count: number): LibraryItem[] =>
  Array.from({ length: count }, (_, n) => aLibraryItem({ tmdbId: from + n, title: `Title number ${from + n}` }))

async function sync(store: Storage, list: LibraryItem[]) {
  const id = await store.library.beginSync('plex', 'movie')
  for (let page = 0; page * 2_000 < list.length; page += 1) {
    await store.library.stage(id, page, list.slice(page * 2_000, (page + 1) * 2_000))
  }
  await store.library.preview(id)
  const outcome = await store.library.commit(id)
  await store.library.forgetRemoved('plex', outcome.removed)
  return outcome
}

const feed = (store: Storage) => async () => {
  await store.revision.current()
  await store.requests.list({ type: 'movie', listedOnly: true })
}

describe('cost', () => {
  it('is measured on engines whose figures can be believed', () => {
    // Other engines name no consumed capacity, or a wrong one.
    console.log(engine.measuresCost ? `cost tests: on ${engine.name}` : `cost tests: not run (on ${engine.name})`)
    expect(engine.measuresCost).toBe(['dynoxide', 'amazon'].includes(engine.name))
  })
  if (!engine.measuresCost) return

  it('a feed costs what its rows do, the same with a library of 20,000 as with none', async () => {
    const { store, costOf } = await open()
    for (let tmdbId = 1; tmdbId <= 20; tmdbId += 1) await store.requests.add(aMovieRequest({ tmdbId }))
    const without = await costOf(feed(store))
    for (let page = 0; page < 10; page += 1) await store.library.add('plex', items(1 + page * 2_000, 2_000))
    const withLibrary = await costOf(feed(store))
    expect(withLibrary).toEqual(without)
    // Twenty rows of less than half a kilobyte, at 4 KB a unit, and the revision.
    expect(without.units).toBeLessThanOrEqual(4)
    expect(without.calls).toBe(2)
    const ids = await costOf(() => store.library.listIds())
    console.log(`feed of 20: ${without.units} RU; ids of a library of 20,000: ${ids.units} RU in ${ids.calls} calls`)
    await store.close()
  }, 120_000)

  it('an unchanged library status costs one read unit', async () => {
    const { store, costOf } = await open()
    await store.requests.add(aMovieRequest())
    await sync(store, items(1, 30))
    expect(await costOf(() => store.revision.current())).toMatchObject({ calls: 1, units: 1 })
  })

  it('adding a request costs at most four write units', async () => {
    const { store, costOf } = await open()
    for (let tmdbId = 1; tmdbId <= 5; tmdbId += 1) {
      const spent = await costOf(() => store.requests.add(aMovieRequest({ tmdbId, overview: 'x'.repeat(400) })))
      expect(spent).toMatchObject({ calls: 3, units: 3, writes: 3 })
    }
  })

  it('a search takes two calls, an opened title two units', async () => {
    const { store, costOf } = await open()
    await sync(store, items(1, 30))
    const keys = items(10, 20)
    const search = () => Promise.all([store.requests.findMany(keys), store.library.findMany(keys)])
    expect(await costOf(search)).toMatchObject({ calls: 2, by: { BatchGetItem: 2 } })
    expect((await costOf(() => store.library.findMany(keys.slice(0, 1)))).units).toBeLessThanOrEqual(2)
  })

  it('syncs write their pages and marker when nothing has changed, else the differences, in time', async () => {
    const { store, costOf } = await open()
    const first = await costOf(() => sync(store, items(1, 5_000)))
    const unchanged = await costOf(() => sync(store, items(1, 5_000)))
    expect(unchanged.by).toMatchObject({ PutItem: 1 + 3, UpdateItem: 3, DeleteItem: 1 })
    expect(unchanged.by.BatchWriteItem).toBeUndefined()
    // Begun and ended (4), locked and unlocked (2), and three packed pages.
    expect(unchanged.writes).toBeLessThanOrEqual(60)

    const changed = [...items(11, 4_980), ...items(6_001, 20)]
    changed[0] = aLibraryItem({ tmdbId: 11, title: 'Renamed' })
    const differences = await costOf(() => sync(store, changed))
    // 10 and 10 leave (written, then deleted), 20 come, 1 is renamed.
    expect(differences.by.BatchWriteItem).toBeLessThanOrEqual(4)
    expect(differences.writes - unchanged.writes).toBeLessThanOrEqual(20 * 2 + 20 + 1 + 5)

    console.log(
      `sync of 5,000: first ${first.writes} WU, unchanged ${unchanged.writes} WU, 41 changed ${differences.writes} WU`,
    )
    await store.close()
  }, 120_000)

  it('an export of the library takes a call for a thousand rows of each source, wherever its pages end', async () => {
    const { store, costOf } = await open()
    // The first source ends a row short of a page: the rest of the page is looked for among the rows of all others.
    await store.library.add('emby', items(1, 999))
    await store.library.add('plex', items(1, 1_500))
    const rows: LibraryRow[] = []
    const spent = await costOf(async () => {
      let cursor: string | undefined
      do {
        const page = await store.library.exportAll(cursor)
        expect(page.rows.length).toBeLessThanOrEqual(1_000)
        rows.push(...page.rows)
        cursor = page.cursor
      } while (cursor !== undefined)
    })
    expect(rows.map((row) => `${row.source}/${row.tmdbId}`)).toEqual([
      ...items(1, 999).map((item) => `emby/${item.tmdbId}`),
      ...items(1, 1_500).map((item) => `plex/${item.tmdbId}`),
    ])
    // Of six sources two pages of movies and one of series; each page of the export may begin amid one of those.
    expect(spent.by.Query).toBeLessThanOrEqual(6 * 3 + 3)
    expect(spent.by.GetItem).toBe(3)
    await store.close()
  })

  it('a sync of 5,000 new titles takes at most three seconds', async () => {
    // On a machine that is busy with other things too it may take as much longer as it has to wait for its turn.
    const crowd = Math.max(1, (loadavg()[0] ?? 1) / availableParallelism())
    const most = (engine.name === 'amazon' ? 9_000 : 3_000) * crowd
    const runs: number[] = []
    while (runs.length < 3 && !(Math.min(...runs) <= most)) {
      const { store } = await open()
      const began = performance.now()
      await sync(store, items(1, 5_000))
      runs.push(Math.round(performance.now() - began))
      await store.close()
    }
    console.log(`sync of 5,000 new titles: ${runs.join(', ')} ms (at most ${Math.round(most)})`)
    expect(Math.min(...runs)).toBeLessThanOrEqual(most)
  }, 120_000)

  it('a sign-in, a webhook and a device cost a few units', async () => {
    const { store, costOf } = await open()
    const { signInAttempts } = store
    const rightSignIn = async () => {
      const turn = await signInAttempts.begin('a', clock.now(), 5)
      await signInAttempts.useChallengeOnce('h', clock.now() + 1, clock.now())
      if (turn.kind === 'begun') await signInAttempts.end('a', turn.id, 'right')
    }
    const spent = await costOf(rightSignIn)
    expect([spent.writes, spent.units]).toEqual([3, 5])
    expect((await costOf(() => store.library.add('plex', items(1, 1)))).writes).toBeLessThanOrEqual(3)
    expect((await costOf(() => store.library.add('plex', items(1, 1)))).writes).toBe(0)
    const device = {
      endpoint: 'https://push.example/1',
      user: 'Ann',
      keys: { p256dh: 'p', auth: 'a' },
      language: 'en' as const,
      createdAt: 1,
    }
    expect((await costOf(() => store.pushSubscriptions.save(device))).writes).toBe(2)
  })
})

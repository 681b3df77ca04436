import type { LibrarySource, Storage } from '@stellarr/core'
import { aLibraryItem, aMovieRequest, fixedClock } from '@stellarr/core/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { nodeTransport, type TransportRequest } from '../src/index.ts'
import { type Engine, startEngine } from '../src/testing/index.ts'

let engine: Engine
beforeAll(async () => {
  engine = await startEngine()
})
afterAll(() => engine.stop())

const clock = fixedClock()
const items = (from: number, count: number) =>
  Array.from({ length: count }, (_, n) => aLibraryItem({ tmdbId: from + n, title: `T ${from + n}` }))

async function sync(store: Storage, source: LibrarySource, list: ReturnType<typeof items>) {
  const id = await store.library.beginSync(source, 'movie')
  await store.library.stage(id, 0, list)
  const outcome = await store.library.commit(id)
  await store.library.forgetRemoved(source, outcome.removed)
  return outcome
}

/** A store each of whose calls waits for `before` first and tells `after` when it is done. */
function openWaiting(
  table: string,
  { before, after }: { before?: (call: string) => Promise<unknown> | undefined; after?: (call: string) => void },
) {
  const inner = nodeTransport()
  /** The operation and the partition, where there is one in the text: `Query LIBRARY#movie`. */
  const nameOf = ({ headers, body = '' }: TransportRequest) =>
    `${headers['x-amz-target']?.split('.')[1]} ${/"(LIBRARY#\w+|SYNC#|REVISION|movie)/.exec(body)?.[1] ?? ''}`
  return engine.openStorage(clock, {
    table,
    transport: {
      async send(request) {
        await before?.(nameOf(request))
        const answer = await inner.send(request)
        after?.(nameOf(request))
        return answer
      },
      close: () => inner.close(),
    },
  })
}

/** Something that happens once, or is waited for no longer than half a second. */
function moment() {
  let happen = () => {}
  const happened = new Promise<void>((resolve) => {
    happen = resolve
  })
  return { happen: () => happen(), wait: () => Promise.race([happened, new Promise((end) => setTimeout(end, 500))]) }
}

describe('who is overtaken', () => {
  it('by a whole commit while listing answers the new library, not a mixture', async () => {
    const table = await engine.freshTable()
    const plain = await engine.openStorage(clock, { table })
    await sync(plain, 'plex', items(1, 10))
    let commits = 0
    const reader = await openWaiting(table, {
      before(call) {
        if (call !== 'Query LIBRARY#movie' || commits > 0) return undefined
        commits += 1
        return sync(plain, 'plex', items(5, 10))
      },
    })
    expect((await reader.library.listIds()).movie).toEqual(items(5, 10).map((item) => item.tmdbId))
    expect(commits).toBe(1)
  })

  it('by one commit after the other while listing gives up with a fault', async () => {
    const table = await engine.freshTable()
    const plain = await engine.openStorage(clock, { table })
    let commits = 0
    const reader = await openWaiting(table, {
      before(call) {
        if (call !== 'Query LIBRARY#movie') return undefined
        commits += 1
        return sync(plain, 'plex', items(commits, 3))
      },
    })
    await expect(reader.library.listIds()).rejects.toMatchObject({ code: 'storage_unavailable' })
  })

  it('by a commit while looking titles up sees each as it was or as it is', async () => {
    const table = await engine.freshTable()
    const plain = await engine.openStorage(clock, { table })
    await sync(plain, 'plex', items(1, 10))
    // Many keys are read by a query after the state: two commits fit between.
    let commits = 0
    const reader = await openWaiting(table, {
      before(call) {
        if (call !== 'Query LIBRARY#movie' || commits > 0) return undefined
        commits += 1
        return (async () => {
          await sync(plain, 'plex', [...items(5, 6), aLibraryItem({ tmdbId: 4, title: 'Renamed' })])
          await sync(plain, 'plex', [...items(5, 6), aLibraryItem({ tmdbId: 4, title: 'Renamed again' })])
        })()
      },
    })
    const found = await reader.library.findMany(items(1, 600))
    expect(commits).toBe(1)
    expect(found.map((row) => row.tmdbId)).toEqual([4, 5, 6, 7, 8, 9, 10])
    expect(['T 4', 'Renamed', 'Renamed again']).toContain(found[0]?.title)
  })

  it('by a commit of another source between reading and writing a title loses nothing, nor does the commit', async () => {
    const table = await engine.freshTable()
    const [announced, planned, written] = [moment(), moment(), moment()]
    const reporter = await openWaiting(table, {
      async before(call) {
        if (!call.startsWith('PutItem LIBRARY')) return
        announced.happen()
        await planned.wait()
      },
      after(call) {
        if (call.startsWith('PutItem LIBRARY')) written.happen()
      },
    })
    const syncing = await openWaiting(table, {
      before: (call) => (call.startsWith('BatchWriteItem') ? written.wait() : undefined),
      after(call) {
        if (call === 'Query LIBRARY#movie') planned.happen()
      },
    })
    const report = reporter.library.add('plex', items(1, 1))
    await announced.wait()
    await Promise.all([report, sync(syncing, 'jellyfin', items(1, 2))])
    const rows = await reporter.library.findMany(items(1, 2))
    expect(rows.map((row) => `${row.source} ${row.tmdbId}`)).toEqual(['jellyfin 1', 'plex 1', 'jellyfin 2'])
  })

  it('by a report of another source while restoring keeps both', async () => {
    const table = await engine.freshTable()
    const plain = await engine.openStorage(clock, { table })
    let reports = 0
    const slow = await openWaiting(table, {
      before(call) {
        if (!call.startsWith('PutItem LIBRARY') || reports > 0) return undefined
        reports += 1
        return plain.library.add('jellyfin', items(1, 1))
      },
    })
    expect(await slow.library.restore([{ ...aLibraryItem({ tmdbId: 1 }), source: 'plex', addedAt: 5 }])).toBe(1)
    const rows = await plain.library.findMany(items(1, 1))
    expect(rows.map((row) => `${row.source} ${row.addedAt}`)).toEqual([`jellyfin ${clock.now()}`, 'plex 5'])
  })

  it('by a writer of batches waits for it, however many wait in one process', async () => {
    const table = await engine.freshTable()
    const locked = moment()
    const store = await openWaiting(table, {
      after(call) {
        if (call === 'UpdateItem REVISION') locked.happen()
      },
    })
    const many = store.library.add('plex', items(1, 60))
    await locked.wait()
    const single = Array.from({ length: 40 }, (_, n) => store.library.add('plex', items(101 + n, 1)))
    expect((await Promise.all([many, ...single])).flat()).toHaveLength(100)
    expect((await store.library.listIds()).movie).toHaveLength(100)
  })

  it('by another change of the same request decides again on what is there', async () => {
    const table = await engine.freshTable()
    const plain = await engine.openStorage(clock, { table })
    const movie = { mediaType: 'movie', tmdbId: 603 } as const
    await plain.requests.add(aMovieRequest())
    let changes = 0
    const slow = await openWaiting(table, {
      before(call) {
        if (!call.startsWith('PutItem') || changes === 2) return undefined
        changes += 1
        return plain.requests.mergeSeasons(movie, { seasons: [] }, `Person ${changes}`)
      },
    })
    expect((await slow.requests.withdraw(movie, 7))?.changed).toBe(true)
    const request = await plain.requests.find(movie)
    expect([request?.withdrawnAt, request?.followers]).toEqual([7, ['Person 1', 'Person 2']])
  })

  it('by a removal does not bring the request back', async () => {
    const table = await engine.freshTable()
    const plain = await engine.openStorage(clock, { table })
    const movie = { mediaType: 'movie', tmdbId: 603 } as const
    await plain.requests.add(aMovieRequest())
    const slow = await openWaiting(table, {
      before: (call) => (call.startsWith('PutItem') ? plain.requests.remove(movie) : undefined),
    })
    expect(await slow.requests.withdraw(movie, 7)).toBeUndefined()
    expect(await plain.requests.find(movie)).toBeUndefined()
  })
})

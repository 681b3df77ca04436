import type { ExportPage } from '../index.ts'
import { aLibraryItem, aMovieRequest, aSeriesRequest } from './builders.ts'
import { type ContractTest, faultOf, type TestFunctions } from './storage-contract.ts'

async function everything<Row>(exportAll: (cursor?: string) => Promise<ExportPage<Row>>): Promise<Row[]> {
  const rows: Row[] = []
  let cursor: string | undefined
  do {
    const page = await exportAll(cursor)
    rows.push(...page.rows)
    cursor = page.cursor
  } while (cursor !== undefined)
  return rows
}

/** Exports that miss nothing, and faults that are thrown, never answered as emptiness. */
export function describeFaultsAndExports(test: ContractTest, equal: TestFunctions['equal']): void {
  test('exports every row, over any number of pages', async (store) => {
    for (let tmdbId = 1; tmdbId <= 1200; tmdbId += 1) await store.requests.add(aMovieRequest({ tmdbId }))
    await store.requests.add(aSeriesRequest())
    const requests = await everything((cursor) => store.requests.exportAll(cursor))
    equal(new Set(requests.map((row) => `${row.mediaType}/${row.tmdbId}`)).size, 1201)
    equal(requests.length, 1201)
    equal(requests.at(-1), aSeriesRequest())

    await store.library.add(
      'plex',
      Array.from({ length: 2000 }, (_, n) => aLibraryItem({ tmdbId: n + 1 })),
    )
    await store.library.add('emby', [aLibraryItem({ tmdbId: 1 })])
    equal((await everything((cursor) => store.library.exportAll(cursor))).length, 2001)

    await store.settings.set('b', '2')
    await store.settings.set('a', '1')
    equal(await everything((cursor) => store.settings.exportAll(cursor)), [
      { name: 'a', value: '1' },
      { name: 'b', value: '2' },
    ])
    await store.plexGuids.save('plex://show/1', { mediaType: 'tv', tmdbId: 5 })
    equal(await everything((cursor) => store.plexGuids.exportAll(cursor)), [
      { guid: 'plex://show/1', mediaType: 'tv', tmdbId: 5 },
    ])
    equal(await everything((cursor) => store.pushSubscriptions.exportAll(cursor)), [])
  })

  test('throws once it is closed, for every read and write', async (store) => {
    await store.requests.add(aMovieRequest())
    await store.close()
    const key = { mediaType: 'movie', tmdbId: 603 } as const
    const calls: (() => Promise<unknown>)[] = [
      () => store.requests.list({}),
      () => store.requests.find(key),
      () => store.requests.findMany([key]),
      () => store.requests.add(aMovieRequest({ tmdbId: 1 })),
      () => store.requests.advance(key, { status: 'gone', source: 'plex', at: 9e12 }),
      () => store.requests.remove(key),
      () => store.requests.exportAll(),
      () => store.library.listIds(),
      () => store.library.findMany([key]),
      () => store.library.beginSync('plex', 'movie'),
      () => store.library.add('plex', [aLibraryItem()]),
      () => store.library.restore([{ ...aLibraryItem(), source: 'plex', addedAt: 1 }]),
      () => store.revision.current(),
      () => store.settings.get('a'),
      () => store.settings.set('a', 'b'),
      () => store.settings.update('a', () => 'b'),
      () => store.signInAttempts.reserve('a', 1),
      () => store.signInAttempts.useChallengeOnce('a', 2, 1),
      () => store.pushSubscriptions.listFor('Ann'),
      () => store.plexGuids.find('a'),
      () => store.identity.storeId(),
      () => store.activity.recent(1),
      () => store.outbox.due(1, 1),
    ]
    for (const call of calls) equal(await faultOf(call()), 'storage_unavailable')
  })
}

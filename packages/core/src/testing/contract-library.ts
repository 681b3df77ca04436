import { type LibraryItem, type LibraryRow, type LibrarySource, MAX_ID, type Storage, SYNC_LIFE_MS } from '../index.ts'
import { aLibraryItem } from './builders.ts'
import { type ContractTest, faultOf, type TestFunctions } from './contract-test.ts'

const items = (from: number, count: number): LibraryItem[] =>
  Array.from({ length: count }, (_, n) => aLibraryItem({ tmdbId: from + n, title: `T ${from + n}` }))

async function sync({ library }: Storage, source: LibrarySource, list: LibraryItem[]) {
  const id = await library.beginSync(source, 'movie')
  await library.stage(id, 0, list)
  return library.commit(id)
}

/** The library: syncs that are all or nothing, sources that never erase each other, and the revision. */
export function describeLibrary(test: ContractTest, equal: TestFunctions['equal']): void {
  test('a reader sees the old or the new library', async (store) => {
    await sync(store, 'plex', items(1, 10))
    const id = await store.library.beginSync('plex', 'movie')
    await store.library.stage(id, 0, items(5, 10))
    equal((await store.library.listIds()).movie.length, 10)
    equal(await store.library.preview(id), { current: 10, staged: 10, pages: 1 })
    const [outcome] = await Promise.all([
      store.library.commit(id),
      ...Array.from({ length: 20 }, async () => {
        const ids = (await store.library.listIds()).movie
        equal([ids.length, ids[0] === 1 || ids[0] === 5], [10, true])
      }),
    ])
    equal([outcome.added.length, outcome.removed.length, outcome.unchanged], [4, 4, 6])
    equal(outcome.removed[0], { mediaType: 'movie', tmdbId: 1 })
    equal((await store.library.listIds()).movie, [5, 6, 7, 8, 9, 10, 11, 12, 13, 14])
  })

  test('the last of doubles wins, a page sent again replaces itself', async (store) => {
    const id = await store.library.beginSync('plex', 'movie')
    await store.library.stage(id, 0, items(1, 3))
    await store.library.stage(id, 0, [aLibraryItem({ tmdbId: 1, title: 'a' }), aLibraryItem({ tmdbId: 1, title: 'b' })])
    await store.library.stage(id, 1, [aLibraryItem({ tmdbId: 1, title: 'c' }), aLibraryItem({ tmdbId: MAX_ID })])
    await store.library.commit(id)
    const rows = await store.library.findMany([{ mediaType: 'movie', tmdbId: 1 }])
    equal(
      rows.map((row) => row.title),
      ['c'],
    )
    equal((await store.library.listIds()).movie, [1, MAX_ID])
  })

  test('one source never erases another’s, nor a type the other', async (store) => {
    await sync(store, 'plex', items(1, 3))
    await store.library.add('jellyfin', [aLibraryItem({ mediaType: 'tv', tmdbId: 9 }), aLibraryItem({ tmdbId: 2 })])
    await sync(store, 'jellyfin', items(50, 1))
    equal(await store.library.listIds(), { movie: [1, 2, 3, 50], tv: [9] })
    equal(
      (await store.library.findMany([{ mediaType: 'movie', tmdbId: 2 }])).map((row) => row.source),
      ['plex'],
    )
  })

  test('what arrives during a sync survives its commit, and the next sync may remove it', async (store) => {
    await sync(store, 'plex', items(1, 2))
    const id = await store.library.beginSync('plex', 'movie')
    await store.library.stage(id, 0, items(1, 2))
    equal(await store.library.add('plex', items(7, 1)), [{ mediaType: 'movie', tmdbId: 7 }])
    await store.library.commit(id)
    equal((await store.library.listIds()).movie, [1, 2, 7])
    await sync(store, 'plex', items(1, 2))
    equal((await store.library.listIds()).movie, [1, 2])
  })

  test('a title reported again during a sync stays, with news or without', async ({ library, revision }) => {
    await library.add('plex', items(1, 4))
    const id = await library.beginSync('plex', 'movie')
    await library.stage(id, 0, [
      aLibraryItem({ tmdbId: 2, title: 'Staged' }),
      aLibraryItem({ tmdbId: 3, title: 'Staged' }),
    ])
    const before = await revision.current()
    equal(await library.add('plex', items(1, 2)), [])
    equal(await revision.current(), before)
    // 1 and 2 were reported without news; of 2 the older, staged title is not taken. 4 was only there before.
    const outcome = await library.commit(id)
    equal(outcome, { added: [], removed: [{ mediaType: 'movie', tmdbId: 4 }], left: [], unchanged: 1 })
    const rows = await library.findMany([1, 2, 3].map((tmdbId) => ({ mediaType: 'movie', tmdbId })))
    equal(
      rows.map((row) => row.title),
      ['T 1', 'T 2', 'Staged'],
    )
  })

  test('news of a title during a sync win over what was staged', async ({ library }) => {
    await library.add('plex', items(1, 1))
    const id = await library.beginSync('plex', 'movie')
    await library.stage(id, 0, items(1, 1))
    await library.add('plex', [aLibraryItem({ tmdbId: 1, title: 'News' })])
    equal((await library.commit(id)).unchanged, 1)
    equal((await library.findMany([{ mediaType: 'movie', tmdbId: 1 }]))[0]?.title, 'News')
  })

  test('of two syncs at once each keeps what was reported since it began, and nothing older', async ({ library }) => {
    const older = await library.beginSync('plex', 'movie')
    await library.add('plex', items(1, 1))
    const newer = await library.beginSync('plex', 'movie')
    await library.add('plex', items(2, 1))
    await library.commit(older)
    equal((await library.listIds()).movie, [1, 2])
    await library.commit(newer)
    equal((await library.listIds()).movie, [2])
  })

  test('a sync dies after an hour, at its commit, and was never there for a wrong id', async ({ library }, clock) => {
    const id = await library.beginSync('plex', 'movie')
    equal(await library.findSync(id), { source: 'plex', mediaType: 'movie' })
    clock.advance(SYNC_LIFE_MS)
    equal(await library.findSync(id), undefined)
    equal(await faultOf(library.stage(id, 0, [])), 'sync_unknown')
    equal(await faultOf(library.commit(id)), 'sync_unknown')
    equal(await faultOf(library.preview('nothing')), 'sync_unknown')
    const next = await library.beginSync('plex', 'movie')
    await library.commit(next)
    equal(await faultOf(library.commit(next)), 'sync_unknown')
  })

  test('keeps every field and the first sight of an item', async ({ library }, clock) => {
    const item = aLibraryItem({
      mediaType: 'tv',
      tmdbId: 4,
      tvdbId: 5,
      imdbId: 'tt0000004',
      title: 'Солярис 👾',
      seasons: [{ seasonNumber: 1, episodes: 3 }],
    })
    const addedAt = clock.now()
    equal(await library.add('plex', [item]), [{ mediaType: 'tv', tmdbId: 4 }])
    clock.advance(1000)
    equal(await library.add('plex', [item]), [])
    equal(await library.findMany([item, item]), [{ ...item, source: 'plex', addedAt }])
    equal(await library.remove('jellyfin', item), false)
    equal(await library.remove('plex', item), true)
    equal(await library.findMany([item]), [])
  })

  for (const [size, count] of [
    ['a few rows', 3],
    ['many rows', 700],
  ] as const) {
    test(`restores ${size} of any source with their first sight, and leaves what is there`, async (store, clock) => {
      const given = items(1, count).flatMap((item): LibraryRow[] => [
        { ...item, source: 'plex', addedAt: item.tmdbId },
        { ...item, source: 'sync', addedAt: 7, imdbId: 'tt0000007', tvdbId: 8, seasons: [] },
      ])
      await store.library.add('plex', [aLibraryItem({ tmdbId: 2, title: 'Here' })])
      const before = await store.revision.current()
      const doubled: LibraryRow = { ...aLibraryItem({ tmdbId: 1, title: 'Again' }), source: 'plex', addedAt: 9 }
      equal(await store.library.restore([...given, doubled]), 2 * count - 1)
      equal(await store.revision.current(), before + 1)
      const here: LibraryRow = { ...aLibraryItem({ tmdbId: 2, title: 'Here' }), source: 'plex', addedAt: clock.now() }
      const keys = given.filter((row) => row.source === 'plex')
      equal(
        await store.library.findMany(keys),
        given.map((row) => (row.source === 'plex' && row.tmdbId === 2 ? here : row)),
      )
      equal(await store.library.restore(given), 0)
      equal(await store.library.restore([]), 0)
      equal(await store.revision.current(), before + 1)
    })
  }

  test('what is restored during a sync survives its commit, and the next sync may remove it', async (store) => {
    const id = await store.library.beginSync('plex', 'movie')
    await store.library.stage(id, 0, items(1, 1))
    equal(await store.library.restore([{ ...aLibraryItem({ tmdbId: 7 }), source: 'plex', addedAt: 1 }]), 1)
    await store.library.commit(id)
    equal((await store.library.listIds()).movie, [1, 7])
    await sync(store, 'plex', items(1, 1))
    equal((await store.library.listIds()).movie, [1])
  })

  test('remembers what a sync removed until it is told to forget, whoever died meanwhile', async (store, _, reopen) => {
    const key = (tmdbId: number) => ({ mediaType: 'movie' as const, tmdbId })
    await sync(store, 'plex', items(1, 5))
    await store.library.add('emby', items(2, 1))
    const first = await sync(store, 'plex', items(3, 3))
    equal([first.removed, first.left], [[key(1), key(2)], []])
    // 2 is there by another source; 4 is removed now, and 1 was before.
    const later = await reopen()
    const second = await sync(later, 'plex', items(5, 1))
    equal([second.removed, second.left], [[key(3), key(4)], [key(1)]])
    equal((await sync(later, 'emby', items(2, 1))).left, [])
    const revision = await later.revision.current()
    await later.library.forgetRemoved('plex', [key(1), key(4)])
    await later.library.forgetRemoved('emby', [key(3)])
    await later.library.forgetRemoved('plex', [])
    // What is there is nothing to forget.
    await later.library.forgetRemoved('plex', [key(2), key(5)])
    equal([(await later.library.listIds()).movie, await later.revision.current()], [[2, 5], revision])
    const unchanged = await sync(later, 'plex', items(5, 1))
    equal([unchanged.removed, unchanged.left, unchanged.unchanged], [[], [key(3)], 1])
    // What comes again is not away.
    await later.library.add('plex', items(3, 1))
    equal((await sync(later, 'plex', [...items(3, 1), ...items(5, 1)])).left, [])
    await later.library.forgetRemoved('plex', [key(3)])
    equal((await later.library.listIds()).movie, [2, 3, 5])
  })

  test('many items at once are counted as one change', async (store) => {
    await store.library.add('plex', items(1, 3))
    const before = await store.revision.current()
    const many = [aLibraryItem({ tmdbId: 1, title: 'Another' }), ...items(2, 2_499), aLibraryItem({ tmdbId: 9 })]
    equal((await store.library.add('plex', many)).length, 2_497)
    equal(await store.revision.current(), before + 1)
    const rows = await store.library.findMany([1, 2, 9].map((tmdbId) => ({ mediaType: 'movie', tmdbId })))
    equal(
      rows.map((row) => row.title),
      ['Another', 'T 2', 'The Matrix'],
    )
    equal((await store.library.listIds()).movie.length, 2_500)
    equal(await store.library.add('plex', many.slice(20, 2_000)), [])
    equal(await store.revision.current(), before + 1)
  })

  test('the revision moves with every change and with no read', async (store) => {
    const seen = [await store.revision.current()]
    await store.library.add('plex', items(1, 2))
    seen.push(await store.revision.current())
    await store.library.add('plex', items(1, 2))
    await store.library.listIds()
    await store.library.exportAll()
    await store.library.beginSync('plex', 'movie')
    seen.push(await store.revision.current())
    await store.library.add('plex', [aLibraryItem({ tmdbId: 1, title: 'Another' })])
    seen.push(await store.revision.current())
    equal(
      seen.map((value) => value - (seen[0] ?? 0)),
      [0, 1, 1, 2],
    )
  })

  test('takes 20,000 items in pages and writes nothing for an unchanged library', async (store) => {
    for (const round of [1, 2]) {
      const id = await store.library.beginSync('sync', 'movie')
      for (let page = 0; page < 10; page += 1) await store.library.stage(id, page, items(1 + page * 2000, 2000))
      const before = await store.revision.current()
      const outcome = await store.library.commit(id)
      equal([outcome.added.length, outcome.unchanged], round === 1 ? [20_000, 0] : [0, 20_000])
      equal(await store.revision.current(), before + (round === 1 ? 1 : 0))
    }
    equal((await store.library.listIds()).movie.length, 20_000)
  })
}

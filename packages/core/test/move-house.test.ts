import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  compareHouse,
  exportHouse,
  Fault,
  findImport,
  firstFeedSettings,
  HOUSE_BATCH,
  type HousePlace,
  type HouseRow,
  houseImport,
  type ImportOptions,
  parseFeedSettings,
  type Storage,
} from '../src/index.ts'
import { aLibraryItem, aMovieRequest, faultOf } from '../src/testing/index.ts'
import { aHouse, houseRows, watched } from './houses.ts'

async function rowsOf(store: Storage, from?: HousePlace): Promise<HouseRow[]> {
  const rows: HouseRow[] = []
  for await (const page of exportHouse(store, from)) rows.push(...page.rows)
  return rows
}

/** Imports as an app does: goes on where the store says, and ends once all rows are found there. */
async function bring(store: Storage, rows: readonly HouseRow[], options: ImportOptions, size = 7) {
  const start = await findImport(store, options)
  if (start.kind !== 'ready') return start.kind
  const work = houseImport(store, options)
  await work.begin(start.done)
  for (let done = start.done; done < rows.length; done += size) {
    await work.write(rows.slice(done, done + size), Math.min(done + size, rows.length))
  }
  await work.end(rows.length)
  return 'imported'
}

const device = { endpoint: 'e', user: 'Ann', keys: { p256dh: 'p', auth: 'a' }, language: 'de' as const, createdAt: 1 }
const fresh: ImportOptions = { id: 'x', merge: false }
const standings = async (store: Storage, rows: readonly HouseRow[]) =>
  (await compareHouse(store, rows)).map(({ standing }) => standing)

describe('moving house', () => {
  it('brings everything from any store to an empty one', async () => {
    await fc.assert(
      fc.asyncProperty(houseRows, async (contents) => {
        const [from, to] = [await aHouse(contents), await aHouse()]
        const rows = await rowsOf(from)
        expect(await bring(to, rows, fresh)).toBe('imported')
        expect(await to.identity.isNew()).toBe(false)
        expect(await rowsOf(to)).toEqual(rows)
        expect(new Set(await standings(to, rows.slice(0, HOUSE_BATCH)))).toEqual(new Set(['same']))
      }),
      { numRuns: 100 },
    )
  })

  it('goes on after a fault at any call, and never says that it ended or opens the feeds before all is there', async () => {
    const contents: HouseRow[] = [
      { kind: 'setting', row: { name: 'vapid', value: '{}' } },
      { kind: 'guid', row: { guid: 'plex://show/1', mediaType: 'tv', tmdbId: 1 } },
      ...Array.from({ length: 9 }, (_, n): HouseRow => ({ kind: 'request', row: aMovieRequest({ tmdbId: n + 1 }) })),
      ...Array.from(
        { length: 9 },
        (_, n): HouseRow => ({
          kind: 'library',
          row: { ...aLibraryItem({ tmdbId: n + 1 }), source: 'plex', addedAt: n },
        }),
      ),
    ]
    const rows = await rowsOf(await aHouse(contents))
    for (let broken = 1, wasWhole = false; !wasWhole; broken += 1) {
      const to = await aHouse()
      let calls = 0
      const faulty = watched(to, () => {
        calls += 1
        if (calls === broken) throw new Fault('storage_unavailable', 'down')
      })
      const first = await bring(faulty, rows, fresh).catch(() => 'broken')
      wasWhole = calls < broken
      const isThere = (await standings(to, rows)).every((standing) => standing === 'same')
      const feeds = await to.settings.get('feeds')
      const isMarked = feeds !== undefined && 'importing' in JSON.parse(feeds)
      const isOpen = !isMarked && !(await to.identity.isNew())
      const holdsRows = (await to.requests.list({})).length > 0 || (await to.library.listIds()).movie.length > 0
      expect([broken, isOpen && holdsRows && !isThere]).toEqual([broken, false])
      if ((await findImport(to, fresh)).kind === 'ended') expect(isThere).toBe(true)
      if (first === 'broken') await bring(to, rows, fresh)
      expect([broken, (await standings(to, rows)).filter((one) => one !== 'same')]).toEqual([broken, []])
      expect((await findImport(to, fresh)).kind).toBe('ended')
    }
  })

  it('exports from any place as from there on', async () => {
    const store = await aHouse(
      Array.from({ length: 2_100 }, (_, n): HouseRow => ({ kind: 'request', row: aMovieRequest({ tmdbId: n + 1 }) })),
    )
    const all = await rowsOf(store)
    let seen = 0
    for await (const { rows, next } of exportHouse(store)) {
      seen += rows.length
      if (next) expect(await rowsOf(store, next)).toEqual(all.slice(seen))
    }
    expect([seen, all.length]).toEqual([2_101, 2_101])
  })

  it('leaves out what belongs to one store alone, and refuses to export one that is being filled', async () => {
    const store = await aHouse()
    await store.settings.set('store-is-older', 'true')
    await store.settings.set('store-confirmed', 'x')
    await store.settings.set('refusals', '{}')
    await houseImport(store, fresh).begin(0)
    expect(await faultOf(rowsOf(store))).toBe('import_running')
    await houseImport(store, fresh).end(0)
    expect(await rowsOf(store)).toEqual([
      { kind: 'setting', row: { name: 'feeds', value: JSON.stringify(firstFeedSettings()) } },
    ])
  })
})

describe('an import begins', () => {
  const movie: HouseRow = { kind: 'request', row: aMovieRequest() }

  it('not in a store that holds rows, unless they are to be merged', async () => {
    const store = await aHouse([movie])
    expect(await findImport(store, fresh)).toEqual({ kind: 'not_empty' })
    expect(await findImport(store, { ...fresh, merge: true })).toEqual({ kind: 'ready', done: 0, devicesMove: true })
    const library = await aHouse([{ kind: 'library', row: { ...aLibraryItem(), source: 'sync', addedAt: 1 } }])
    expect(await findImport(library, fresh)).toEqual({ kind: 'not_empty' })
  })

  it('not beside one that was not ended', async () => {
    const store = await aHouse()
    await houseImport(store, { id: 'first', merge: false }).begin(0)
    // From here on its own mark keeps the feeds closed.
    expect(await store.identity.isNew()).toBe(false)
    expect(await findImport(store, fresh)).toEqual({ kind: 'other_import', id: 'first' })
  })

  it('not over settings of the store’s own, unless they are to be merged', async () => {
    const feeds = JSON.stringify({ ...firstFeedSettings(), tagsHidden: true })
    const others = { feeds: JSON.stringify(firstFeedSettings()), vapid: 'theirs', readerKeys: '[{"id":"a"}]' }
    const store = await aHouse([
      { kind: 'setting', row: { name: 'feeds', value: feeds } },
      { kind: 'setting', row: { name: 'vapid', value: 'ours' } },
      { kind: 'setting', row: { name: 'reader-keys', value: '[{"id":"b"}]' } },
      { kind: 'subscription', row: device },
    ])
    const start = (options: Partial<ImportOptions>) => findImport(store, { ...fresh, ...options })
    expect(await start(others)).toEqual({ kind: 'own_settings', own: ['feeds', 'reader-keys', 'vapid'] })
    expect(await start({ ...others, merge: true })).toMatchObject({ kind: 'ready', devicesMove: false })
    // What the export does not bring, or brings as it is, takes nothing away.
    expect(await start({})).toMatchObject({ kind: 'ready' })
    expect(await start({ feeds, vapid: 'ours', readerKeys: '[{"id":"b"}]' })).toMatchObject({ kind: 'ready' })
    expect(await start({ vapid: 'theirs' })).toEqual({ kind: 'own_settings', own: ['vapid'] })
    await store.pushSubscriptions.remove(device.endpoint)
    expect(await start({ vapid: 'theirs' })).toMatchObject({ kind: 'ready' })
    // What every store starts with, and keys that were all ended, are nothing of its own.
    await store.settings.set('feeds', JSON.stringify(firstFeedSettings()))
    await store.settings.set('reader-keys', '[]')
    expect(await start({ ...others, feeds })).toMatchObject({ kind: 'ready' })
  })

  it('not where ids would mean other quality profiles', async () => {
    const named = (name: string) =>
      JSON.stringify({ ...firstFeedSettings(), profiles: [{ name, rootFolders: { movie: '/m', tv: '/t' } }] })
    const store = await aHouse([movie, { kind: 'setting', row: { name: 'feeds', value: named('4K') } }])
    expect(await findImport(store, { ...fresh, merge: true, feeds: named('HD') })).toEqual({ kind: 'profiles_differ' })
    expect(await findImport(store, { ...fresh, merge: true, feeds: named('4k') })).toMatchObject({ kind: 'ready' })
  })

  it('without devices where another pair of keys signs their messages', async () => {
    const store = await aHouse([movie, { kind: 'setting', row: { name: 'vapid', value: 'ours' } }])
    const merging = (vapid?: string) => findImport(store, { ...fresh, merge: true, vapid })
    expect([await merging('theirs'), await merging('ours'), await merging()]).toMatchObject([
      { devicesMove: false },
      { devicesMove: true },
      { devicesMove: true },
    ])
  })
})

describe('a merge', () => {
  it('keeps what is there and adds what is missing', async () => {
    const here: HouseRow[] = [
      { kind: 'request', row: aMovieRequest({ requestedBy: 'Here' }) },
      { kind: 'setting', row: { name: 'reader-keys', value: 'here' } },
      { kind: 'guid', row: { guid: 'g', mediaType: 'tv', tmdbId: 1 } },
      { kind: 'subscription', row: device },
      { kind: 'library', row: { ...aLibraryItem(), source: 'plex', addedAt: 1 } },
    ]
    const others: HouseRow[] = [
      { kind: 'request', row: aMovieRequest({ requestedBy: 'There' }) },
      { kind: 'setting', row: { name: 'reader-keys', value: 'there' } },
      { kind: 'guid', row: { guid: 'g', mediaType: 'tv', tmdbId: 2 } },
      { kind: 'subscription', row: { ...device, user: 'Bob' } },
      { kind: 'library', row: { ...aLibraryItem(), source: 'plex', addedAt: 2 } },
      { kind: 'request', row: aMovieRequest({ tmdbId: 7 }) },
      { kind: 'guid', row: { guid: 'h', mediaType: 'tv', tmdbId: 2 } },
    ]
    const store = await aHouse(here)
    expect(await bring(store, others, { id: 'x', merge: true })).toBe('imported')
    expect(await standings(store, here)).toEqual(['same', 'same', 'same', 'same', 'same'])
    expect(await standings(store, others)).toEqual(['other', 'other', 'other', 'other', 'other', 'same', 'same'])
  })

  const foldersOf = (...rootFolders: string[]): HouseRow => {
    const first = firstFeedSettings()
    const [movie = '/movies', tv = '/tv'] = rootFolders
    const profiles = first.profiles.map((profile) => ({ ...profile, rootFolders: { movie, tv } }))
    return { kind: 'setting', row: { name: 'feeds', value: JSON.stringify({ ...first, profiles, rootFolders }) } }
  }
  const listedIn = (tmdbId: number, rootFolderId?: number): HouseRow => ({
    kind: 'request',
    row: aMovieRequest({ tmdbId, ...(rootFolderId !== undefined && { rootFolderId }) }),
  })
  const folders = async (store: Storage) => {
    const { rootFolders } = parseFeedSettings(await store.settings.get('feeds'))
    const rows = await store.requests.list({})
    return Object.fromEntries(rows.map((row) => [row.tmdbId, rootFolders[(row.rootFolderId ?? 0) - 1]]))
  }

  it.each([2, 50])('leaves each row in its root folder, whose id is another here (%i at once)', async (size) => {
    const store = await aHouse([foldersOf('/movies', '/tv', '/old', '/cinema'), listedIn(1, 3), listedIn(2)])
    const there = [foldersOf('/films', '/tv', '/cinema'), listedIn(1, 3), listedIn(3, 1), listedIn(4, 3), listedIn(5)]
    const options = { id: 'x', merge: true, feeds: String(there[0]?.kind === 'setting' && there[0].row.value) }
    expect(await bring(store, there, options, size)).toBe('imported')
    expect(await folders(store)).toEqual({ 1: '/old', 3: '/films', 4: '/cinema', 2: undefined, 5: undefined })
    const compared = await compareHouse(store, there.slice(1), options)
    expect(compared.map(({ standing }) => standing)).toEqual(['other', 'same', 'same', 'same'])
  })

  it('of an export without settings takes ids for those that every store starts with', async () => {
    const store = await aHouse([foldersOf('/cinema', '/series', '/movies')])
    const rows = [listedIn(1, 1), listedIn(2, 2), listedIn(3, 3)]
    expect(await bring(store, rows, { id: 'x', merge: true })).toBe('imported')
    // What this store does not know is the profile's.
    expect(await folders(store)).toEqual({ 1: '/movies', 2: undefined, 3: undefined })
    expect((await store.requests.list({})).filter((row) => row.rootFolderId !== undefined)).toHaveLength(1)
  })
})

describe('an import into an empty store', () => {
  it('brings root folders and their ids as they were', async () => {
    const value = JSON.stringify({ ...firstFeedSettings(), rootFolders: ['/movies', '/tv', '/old'] })
    const rows: HouseRow[] = [
      { kind: 'setting', row: { name: 'feeds', value } },
      { kind: 'request', row: aMovieRequest({ rootFolderId: 3 }) },
    ]
    const store = await aHouse()
    expect(await bring(store, rows, { ...fresh, feeds: value })).toBe('imported')
    expect((await store.requests.list({})).map((row) => row.rootFolderId)).toEqual([3])
  })
})

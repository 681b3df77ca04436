import { describe, expect, it } from 'vitest'
import { createUseCases, type FeedSettings, firstFeedSettings, markImport, mergeFeedSettings } from '../src/index.ts'
import { aLibraryItem, aMovieRequest, aSeriesRequest, faultOf } from '../src/testing/index.ts'
import { aSeries, aTitle, breakable, openHouse } from './house.ts'

const ann = { name: 'Ann', role: 'household' } as const
const bob = { name: 'Bob', role: 'household' } as const
const movie = { mediaType: 'movie', tmdbId: 603 } as const
const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

async function houseWithProfiles() {
  const house = openHouse()
  house.titles(aTitle(), aTitle({ tmdbId: 604, imdbId: 'tt0234215' }), aSeries())
  const refused = await house.useCases.changeFeedSettings({
    profiles: [
      { id: 1, name: 'HD' },
      { name: '4K', rootFolders: { movie: '/movies-4k' } },
    ],
  })
  expect(refused).toBeUndefined()
  return house
}

describe('routing', () => {
  it('gives each title its profile, its folder and the tags of all who asked for it', async () => {
    const house = await houseWithProfiles()
    await house.useCases.requestTitle({ key: movie, qualityProfileId: 2, by: ann })
    await house.useCases.requestTitle({ key: movie, by: bob })
    await house.useCases.requestTitle({ key: { ...movie, tmdbId: 604 }, by: bob })
    expect(await house.rows('radarr-program')).toMatchObject([
      { tmdbId: 603, qualityProfileId: 2, path: '/movies-4k/The Matrix', rootFolderPath: '/movies-4k/', tags: [1, 2] },
      { tmdbId: 604, qualityProfileId: 1, rootFolderPath: '/movies/', tags: [2] },
    ])
    expect(await house.rows('radarr', 2)).toMatchObject([{ id: 603 }])
    await house.useCases.changeFeedSettings({ tagsHidden: true, confirmed: true })
    expect(await house.rows('radarr-program')).toMatchObject([{ tags: [] }, { tags: [] }])
  })

  it('tags requests that are older than the tags, once and for ever, whoever asks first', async () => {
    const house = openHouse()
    for (let n = 1; n <= 5; n += 1) {
      await house.memory.requests.add(aMovieRequest({ tmdbId: n, createdAt: n, requestedBy: `Person ${n}` }))
    }
    const [first, second] = await Promise.all([house.rows('radarr-program'), house.rows('radarr-program')])
    expect(second).toEqual(first)
    expect(first.map((row) => row.tags)).toEqual([[1], [2], [3], [4], [5]])
    expect(await house.rows('radarr-program')).toEqual(first)
  })

  it('gives no tag beyond the two hundredth name, and loses no title over it', async () => {
    const house = openHouse()
    for (let n = 1; n <= 210; n += 1) {
      await house.memory.requests.add(aMovieRequest({ tmdbId: n, createdAt: n, requestedBy: `Person ${n}` }))
    }
    const rows = await house.rows('radarr-program')
    expect([rows.length, rows.filter((row) => Array.isArray(row.tags) && row.tags.length === 1).length]).toEqual([
      210, 200,
    ])
  })

  it('keeps a profile that requests carry, and its default for those who name none', async () => {
    const house = await houseWithProfiles()
    await house.useCases.changeFeedSettings({ defaultProfileId: 2 })
    expect(await house.useCases.requestTitle({ key: movie, by: ann })).toMatchObject({
      request: { qualityProfileId: 2 },
    })
    expect(await house.useCases.changeFeedSettings({ profiles: [{ id: 1, name: 'HD' }] })).toEqual({
      kind: 'profile_in_use',
      name: '4K',
    })
    expect((await house.useCases.viewFeedSettings()).requests).toMatchObject([{ qualityProfileId: 2, tagged: ['Ann'] }])
  })

  it('takes another profile for a title that is asked for again after it was withdrawn', async () => {
    const house = await houseWithProfiles()
    await house.useCases.requestTitle({ key: movie, by: ann })
    await house.useCases.requestTitle({ key: movie, by: ann, qualityProfileId: 2 })
    expect((await house.memory.requests.find(movie))?.qualityProfileId).toBe(1)
    await house.useCases.withdrawRequest(movie, ann)
    expect(await house.useCases.requestTitle({ key: movie, by: ann, qualityProfileId: 2 })).toMatchObject({
      kind: 'renewed',
      request: { qualityProfileId: 2 },
    })
  })
})

describe('a list that was read', () => {
  it('is closed when its titles are gone by no path of ours, until the admin confirms', async () => {
    const house = openHouse()
    await house.memory.requests.add(aMovieRequest())
    expect(await house.rows('radarr')).toHaveLength(1)
    await house.memory.requests.remove(movie)
    expect(await faultOf(house.rows('radarr'))).toBe('feed_emptied')
    // Another list of the same titles was never read: empty is what it always was.
    expect(await house.rows('radarr-program')).toEqual([])
    expect(await house.useCases.emptiedFeeds()).toEqual(['radarr'])
    await house.useCases.confirmStore()
    expect([await house.rows('radarr'), await house.useCases.emptiedFeeds()]).toEqual([[], []])
  })

  it('is empty without a word when the admin removed the last title', async () => {
    const house = openHouse()
    await house.memory.requests.add(aMovieRequest())
    await house.rows('radarr')
    expect(await house.useCases.removeRequest(movie)).toBe(true)
    expect(await house.rows('radarr')).toEqual([])
  })

  it('keeps the last title of a profile where the profile’s own address was read', async () => {
    const house = await houseWithProfiles()
    await house.useCases.requestTitle({ key: movie, qualityProfileId: 2, by: ann })
    await house.useCases.requestTitle({ key: { ...movie, tmdbId: 604 }, by: ann })
    await house.rows('radarr')
    expect((await house.useCases.withdrawRequest(movie, ann)).kind).toBe('withdrawn')
    await house.useCases.requestTitle({ key: movie, by: ann })
    await house.rows('radarr', 2)
    expect((await house.useCases.withdrawRequest(movie, ann)).kind).toBe('last_row')
    expect((await house.useCases.withdrawRequest({ ...movie, tmdbId: 604 }, ann)).kind).toBe('withdrawn')
  })

  it('counts for movies and series together where one address carries both', async () => {
    const house = openHouse()
    await house.memory.requests.add(aMovieRequest())
    await house.memory.requests.add(aSeriesRequest())
    await house.useCases.readFeed({ feed: 'rss-all' }, await house.useCases.feedVersion())
    const both = [movie, { mediaType: 'tv', tmdbId: 1396 }] as const
    const outcomes = await Promise.all(both.map((key) => house.useCases.withdrawRequest(key, ann)))
    expect(outcomes.map((outcome) => outcome.kind).sort()).toEqual(['last_row', 'withdrawn'])
  })

  it('is whole while nothing can be written', async () => {
    const broken = { now: true }
    const house = openHouse(breakable(broken, 'settings', 'update'))
    await house.memory.requests.add(aMovieRequest())
    expect(await house.rows('radarr')).toHaveLength(1)
    // A program list without its tags would be less than is stored.
    expect(await faultOf(house.rows('radarr-program'))).toBe('storage_unavailable')
    broken.now = false
    expect(await house.rows('radarr-program')).toMatchObject([{ tags: [1] }])
  })
})

describe('retention', () => {
  it('drops what two sources have confirmed, after so many days, and says so in the preview', async () => {
    const house = openHouse()
    house.titles(aTitle(), aTitle({ tmdbId: 604 }))
    for (const tmdbId of [603, 604]) await house.useCases.requestTitle({ key: { ...movie, tmdbId }, by: ann })
    await house.useCases.changeFeedSettings({ keepArrivedDays: 2 })
    await house.memory.requests.advance(movie, { status: 'available', source: 'plex', at: house.clock.now() })
    house.clock.advance(10 * DAY)
    expect(await house.rows('radarr-program')).toHaveLength(2)
    await house.useCases.syncLibrary('movie', [aLibraryItem()], { clear: true, confirm: false })
    const { revision } = house.memory
    const before = await revision.current()
    await house.useCases.syncLibrary('movie', [aLibraryItem()], { clear: true, confirm: false })
    expect(await revision.current()).toBe(before)
    expect(await house.rows('radarr-program')).toHaveLength(2)
    house.clock.advance(3 * DAY)
    expect(await house.rows('radarr-program')).toMatchObject([{ tmdbId: 604 }])
    const version = await house.useCases.feedVersion()
    expect(await house.useCases.previewFeed({ feed: 'radarr-program' }, version)).toMatchObject({
      takes: [{ request: { tmdbId: 604 } }],
      leaves: [{ request: { tmdbId: 603 }, reason: 'dropped' }],
    })
    await house.useCases.changeFeedSettings({ keepArrivedDays: null })
    expect(await house.rows('radarr-program')).toHaveLength(2)
  })
})

describe('who reads', () => {
  const read = { feed: 'radarr-program', keyId: 'feed', app: 'Radarr', rows: 2, oldKey: false } as const

  it('is written at most once in five minutes a reader, also by two processes, and shown to the minute', async () => {
    let writes = 0
    const house = openHouse((storage) => ({
      ...storage,
      settings: {
        ...storage.settings,
        async update(name, change) {
          const before = await storage.settings.get(name)
          const after = await storage.settings.update(name, change)
          if (before !== after) writes += 1
          return after
        },
      },
    }))
    const other = createUseCases(house.deployment)
    for (let minute = 0; minute < 30; minute += 1) {
      for (const useCases of [house.useCases, other]) {
        useCases.noteRead(read)
        await useCases.settle(1000)
      }
      house.clock.advance(MINUTE)
    }
    expect(writes).toBeLessThanOrEqual(6)
    const [reader] = await house.useCases.feedReaders()
    expect(house.clock.now() - (reader?.lastReadAt ?? 0)).toBe(MINUTE)
    expect(await other.feedReaders()).toHaveLength(1)
  })

  it('neither fails nor waits when the store does not answer', async () => {
    const house = openHouse((storage) => ({
      ...storage,
      settings: { ...storage.settings, update: () => new Promise<string>(() => undefined) },
    }))
    house.useCases.noteRead(read)
    const began = Date.now()
    await house.useCases.settle(20)
    expect(Date.now() - began).toBeLessThan(500)
  })

  it('is told by the daily work when a client has stopped for a day', async () => {
    const house = openHouse()
    house.useCases.noteRead(read)
    house.clock.advance(20 * MINUTE)
    house.useCases.noteRead(read)
    await house.useCases.settle(1000)
    house.clock.advance(DAY)
    expect((await house.useCases.feedReaders())[0]?.silent).toBe(false)
    house.clock.advance(20 * MINUTE)
    expect(await house.useCases.runDaily(house.clock.now() + MINUTE)).toMatchObject({ silentReaders: 1 })
    expect(house.log.some((line) => line.fields?.app === 'Radarr')).toBe(true)
  })
})

describe('a reader’s own key', () => {
  it('works until it is ended, and so does the older one while it is being replaced', async () => {
    const { useCases } = openHouse()
    const first = await useCases.makeReaderKey({ name: 'Radarr 4K' })
    if (first.kind !== 'made') throw new Error(first.kind)
    const { id } = first.reader
    expect(await useCases.readerOfKey(first.token)).toEqual({ id, old: false })
    expect(await useCases.readerOfKey(`${first.token}x`)).toBeUndefined()
    const second = await useCases.makeReaderKey({ replaces: id })
    if (second.kind !== 'made') throw new Error(second.kind)
    expect(await useCases.readerOfKey(first.token)).toEqual({ id, old: true })
    expect(await useCases.readerOfKey(second.token)).toEqual({ id, old: false })
    expect(await useCases.endReaderKey(id, true)).toBe(true)
    expect(await useCases.endReaderKey(id, true)).toBe(false)
    expect(await useCases.readerOfKey(first.token)).toBeUndefined()
    expect(await useCases.endReaderKey(id, false)).toBe(true)
    expect(await useCases.readerOfKey(second.token)).toBeUndefined()
    expect(await useCases.makeReaderKey({ replaces: id })).toEqual({ kind: 'not_found' })
  })

  it('is stored as a hash, for fifty readers at most', async () => {
    const house = openHouse()
    const tokens: string[] = []
    for (let n = 0; n < 51; n += 1) {
      const outcome = await house.useCases.makeReaderKey({ name: `Reader ${n}` })
      if (outcome.kind === 'made') tokens.push(outcome.token)
      else expect([n, outcome.kind]).toEqual([50, 'too_many'])
    }
    const stored = JSON.stringify((await house.memory.settings.exportAll()).rows)
    expect(tokens.some((token) => stored.includes(token))).toBe(false)
  })

  it('made in another process works within a second', async () => {
    const house = openHouse()
    expect(await house.useCases.readerOfKey('nobody’s')).toBeUndefined()
    const made = await createUseCases(house.deployment).makeReaderKey({ name: 'Radarr' })
    if (made.kind !== 'made') throw new Error(made.kind)
    house.clock.advance(1_000)
    expect(await house.useCases.readerOfKey(made.token)).toMatchObject({ old: false })
  })

  it('ended in another process stops working within ten seconds, and a fault is no refusal', async () => {
    const broken = { now: false }
    const house = openHouse(breakable(broken, 'settings', 'get'))
    const made = await house.useCases.makeReaderKey({ name: 'Radarr' })
    if (made.kind !== 'made') throw new Error(made.kind)
    await house.useCases.readerOfKey(made.token)
    await createUseCases(house.deployment).endReaderKey(made.reader.id, false)
    house.clock.advance(10_001)
    broken.now = true
    expect(await faultOf(house.useCases.readerOfKey(made.token))).toBe('storage_unavailable')
    broken.now = false
    expect(await house.useCases.readerOfKey(made.token)).toBeUndefined()
  })
})

describe('a store that an import fills', () => {
  it('keeps its feeds closed until the import ends or the admin confirms the store', async () => {
    const house = openHouse()
    await house.memory.requests.add(aMovieRequest())
    expect(await house.rows('radarr')).toHaveLength(1)
    const settings = await house.useCases.feedSettings()
    await house.memory.settings.set('feeds', JSON.stringify(markImport(settings, 'x')))
    expect(await faultOf(house.useCases.feedVersion())).toBe('import_running')
    // What people change meanwhile keeps the mark.
    await house.useCases.changeFeedSettings({ tagsHidden: true, confirmed: true })
    expect(await faultOf(house.useCases.feedVersion())).toBe('import_running')
    await house.useCases.confirmStore()
    expect(await house.rows('radarr')).toHaveLength(1)
    expect(JSON.parse((await house.memory.settings.get('feeds')) ?? '')).toMatchObject({
      read: ['radarr'],
      tagsHidden: true,
    })
  })
})

describe('the settings of two stores that become one', () => {
  const folders = { movie: '/m', tv: '/t' }
  const settings = (names: string[], given: Partial<FeedSettings> = {}): FeedSettings => ({
    ...firstFeedSettings(),
    profiles: names.map((name) => ({ name, rootFolders: folders })),
    ...given,
  })

  it('keep the ids of both, what is here first', () => {
    const here = settings(['Standard'], {
      tags: [{ name: 'Ann', label: 'ann-1' }],
      read: ['radarr'],
      keepArrivedDays: 9,
    })
    const other = settings(['standard', '4K'], {
      tags: ['Bob', 'Ann'].map((name) => ({ name, label: `${name.toLowerCase()}-1` })),
      read: ['sonarr', 'radarr'],
      tagsHidden: true,
    })
    expect(mergeFeedSettings(here, other)).toEqual({
      ...here,
      profiles: settings(['Standard', '4K']).profiles,
      rootFolders: ['/movies', '/tv', '/m', '/t'],
      tags: [
        { name: 'Ann', label: 'ann-1' },
        { name: 'Bob', label: 'bob-1' },
      ],
      read: ['radarr', 'sonarr'],
    })
    expect(mergeFeedSettings(other, here)?.profiles).toEqual(other.profiles)
  })

  it('keep every name that a profile had in either', () => {
    const renamed = (formerNames: string[]) =>
      settings(['HD'], { profiles: [{ name: 'HD', rootFolders: folders, formerNames }] })
    const merged = mergeFeedSettings(renamed(['Standard', 'Old']), renamed(['old', 'hd', 'New']))
    expect(merged?.profiles).toEqual([{ name: 'HD', rootFolders: folders, formerNames: ['Standard', 'Old', 'New'] }])
    expect(mergeFeedSettings(settings(['HD', '4K']), renamed(['Old']))?.profiles).toEqual([
      { name: 'HD', rootFolders: folders, formerNames: ['Old'] },
      { name: '4K', rootFolders: folders },
    ])
  })

  it('do not when an id would mean another profile', () => {
    expect(mergeFeedSettings(settings(['Standard', '4K']), settings(['Standard', 'HD']))).toBeUndefined()
    expect(mergeFeedSettings(settings(['4K', 'Standard']), settings(['Standard']))).toBeUndefined()
  })
})

import { describe, expect, it } from 'vitest'
import type { Storage } from '../src/index.ts'
import { aLibraryItem, faultOf } from '../src/testing/index.ts'
import { aSeries, aTitle, openHouse } from './house.ts'

const movie = { mediaType: 'movie', tmdbId: 603 } as const
const series = { mediaType: 'tv', tmdbId: 1396 } as const
const ann = { name: 'Ann', role: 'household' } as const
const bob = { name: 'Bob', role: 'household' } as const
const admin = { name: 'Op', role: 'admin' } as const

/** Counts every call of every repository. */
function counted(calls: string[]) {
  return (storage: Storage): Storage => {
    const wrap = <Part extends object>(name: string, part: Part): Part =>
      new Proxy(part, {
        get(target, method) {
          const value: unknown = Reflect.get(target, method)
          if (typeof value !== 'function') return value
          return (...args: unknown[]) => {
            calls.push(`${name}.${String(method)}`)
            return value.apply(target, args)
          }
        },
      })
    return {
      ...storage,
      requests: wrap('requests', storage.requests),
      library: wrap('library', storage.library),
      settings: wrap('settings', storage.settings),
      revision: wrap('revision', storage.revision),
    }
  }
}

describe('a search', () => {
  it('is one catalogue call and two storage reads, and marks what is asked for and here', async () => {
    const calls: string[] = []
    const house = openHouse(counted(calls))
    house.titles(aTitle(), aTitle({ tmdbId: 604 }), aSeries(), aTitle({ tmdbId: 605 }))
    await house.useCases.requestTitle({ key: movie, by: ann })
    await house.useCases.requestTitle({ key: { ...movie, tmdbId: 605 }, by: ann })
    await house.useCases.withdrawRequest({ ...movie, tmdbId: 605 }, ann)
    await house.memory.library.add('plex', [aLibraryItem({ tmdbId: 604 })])
    calls.length = 0
    house.catalogueCalls = 0
    const { results } = await house.useCases.search({ query: 'x', page: 1, language: 'en' })
    expect(house.catalogueCalls).toBe(1)
    expect(calls.sort()).toEqual(['library.findMany', 'requests.findMany'])
    expect(results.map(({ tmdbId, requested, inLibrary }) => [tmdbId, requested, inLibrary])).toEqual([
      [603, true, false],
      [604, false, true],
      [1396, false, false],
      [605, false, false],
    ])
  })

  it('fails when the store does, rather than showing titles as not asked for', async () => {
    const house = openHouse()
    house.titles(aTitle())
    await house.memory.close()
    expect(await faultOf(house.useCases.search({ query: 'x', page: 1, language: 'en' }))).toBe('storage_unavailable')
  })
})

describe('asking', () => {
  it('stores one of 1,000 at once', async () => {
    const house = openHouse()
    house.titles(aTitle())
    const outcomes = await Promise.all(
      Array.from({ length: 1000 }, (_, n) =>
        house.useCases.requestTitle({ key: movie, by: { ...ann, name: `Person ${n}` } }),
      ),
    )
    expect(outcomes.filter((outcome) => outcome.kind === 'added')).toHaveLength(1)
    expect(outcomes.filter((outcome) => outcome.kind === 'exists')).toHaveLength(999)
    expect(await house.memory.requests.list({})).toHaveLength(1)
  })

  it('stores nothing while the catalogue is down, and does not need it for a stored title', async () => {
    const house = openHouse()
    house.titles(aTitle())
    house.catalogueDown = true
    expect(await faultOf(house.useCases.requestTitle({ key: movie, by: ann }))).toBe('catalog_unavailable')
    expect(await house.memory.requests.list({})).toEqual([])
    house.catalogueDown = false
    await house.useCases.requestTitle({ key: movie, by: ann })
    house.catalogueDown = true
    expect((await house.useCases.requestTitle({ key: movie, by: bob })).kind).toBe('exists')
  })

  it('knows what is here already', async () => {
    const house = openHouse()
    house.titles(aTitle(), aSeries())
    await house.memory.library.add('plex', [
      aLibraryItem(),
      aLibraryItem({ mediaType: 'tv', tmdbId: 1396, seasons: [{ seasonNumber: 1, episodes: 7 }] }),
    ])
    expect(await house.useCases.requestTitle({ key: movie, by: ann })).toMatchObject({
      request: { status: 'available' },
    })
    expect(await house.useCases.requestTitle({ key: series, by: ann })).toMatchObject({
      request: { status: 'partly_available' },
    })
  })

  it('refuses what does not fit the title', async () => {
    const house = openHouse()
    house.titles(aTitle(), aSeries())
    const ask = house.useCases.requestTitle
    expect((await ask({ key: { ...movie, tmdbId: 1 }, by: ann })).kind).toBe('unknown_title')
    expect((await ask({ key: movie, seasons: [1], by: ann })).kind).toBe('seasons_on_movie')
    expect((await ask({ key: series, seasons: [9], by: ann })).kind).toBe('unknown_season')
    expect((await ask({ key: movie, qualityProfileId: 2, by: ann })).kind).toBe('unknown_profile')
    expect(await house.memory.requests.list({})).toEqual([])
  })
})

describe('withdrawing', () => {
  const twoMovies = async () => {
    const house = openHouse()
    house.titles(aTitle(), aTitle({ tmdbId: 604, imdbId: 'tt0234215' }))
    await house.useCases.requestTitle({ key: movie, by: ann })
    await house.useCases.requestTitle({ key: { ...movie, tmdbId: 604 }, by: ann })
    return house
  }

  it('takes what has not arrived out of the feeds and keeps what has', async () => {
    const house = await twoMovies()
    await house.memory.requests.advance(movie, { status: 'available', source: 'plex', at: house.clock.now() })
    expect(await house.useCases.withdrawRequest(movie, ann)).toEqual({ kind: 'withdrawn', stillListed: true })
    expect(await house.useCases.withdrawRequest({ ...movie, tmdbId: 604 }, ann)).toEqual({
      kind: 'withdrawn',
      stillListed: false,
    })
    const { requests } = await house.useCases.requestsPage({ sort: 'newest', limit: 100 }, ann)
    expect(requests).toEqual([])
    expect(await house.rows('radarr')).toMatchObject([{ id: 603 }])
  })

  it('never takes the last row of a list that was read, however many try at once', async () => {
    const house = await twoMovies()
    await house.rows('radarr')
    const outcomes = await Promise.all([
      house.useCases.withdrawRequest(movie, ann),
      house.useCases.withdrawRequest({ ...movie, tmdbId: 604 }, admin),
    ])
    expect(outcomes.map((outcome) => outcome.kind).sort()).toEqual(['last_row', 'withdrawn'])
    expect(await house.rows('radarr')).toHaveLength(1)
  })

  it('is only for the one who asked, or the admin', async () => {
    const house = await twoMovies()
    expect(await house.useCases.withdrawRequest(movie, bob)).toEqual({ kind: 'not_yours', requestedBy: 'Ann' })
    expect((await house.useCases.withdrawRequest(movie, admin)).kind).toBe('withdrawn')
    expect((await house.useCases.withdrawRequest(movie, admin)).kind).toBe('not_found')
    expect((await house.useCases.requestTitle({ key: movie, by: bob })).kind).toBe('renewed')
    expect((await house.memory.requests.find(movie))?.requestedBy).toBe('Bob')
  })

  it('is taken back by the admin without taking the place of the one who asked', async () => {
    const house = await twoMovies()
    await house.useCases.withdrawRequest(movie, admin)
    expect(await house.useCases.requestTitle({ key: movie, by: admin })).toMatchObject({
      kind: 'renewed',
      request: { requestedBy: 'Ann', followers: [] },
    })
  })
})

describe('a library sync', () => {
  it('marks what has arrived, and as missing what has left every source', async () => {
    const house = openHouse()
    house.titles(aTitle(), aTitle({ tmdbId: 604, imdbId: 'tt0234215' }))
    await house.useCases.requestTitle({ key: movie, by: ann })
    await house.useCases.requestTitle({ key: { ...movie, tmdbId: 604 }, by: ann })
    const all = [aLibraryItem(), aLibraryItem({ tmdbId: 604 }), aLibraryItem({ tmdbId: 605 })]
    const sync = (items: typeof all, confirm = false) => {
      house.clock.advance(1000)
      return house.useCases.syncLibrary('movie', items, { clear: true, confirm })
    }
    expect(await sync(all)).toMatchObject({ kind: 'committed', added: 3, marked: 2 })
    expect(await sync(all.slice(0, 2))).toMatchObject({ kind: 'committed', removed: 1, unchanged: 2, marked: 0 })
    expect(await sync([])).toEqual({ kind: 'needs_confirmation', current: 2, staged: 0 })
    expect(await sync(all.slice(0, 1))).toMatchObject({ kind: 'committed', removed: 1 })
    const lost = await house.memory.requests.find({ ...movie, tmdbId: 604 })
    expect([lost?.status, lost?.lost]).toEqual(['pending', { source: 'sync', at: house.clock.now() }])
    expect(await house.rows('radarr')).toHaveLength(2)
    await sync(all.slice(0, 2))
    expect(await house.memory.requests.find({ ...movie, tmdbId: 604 })).not.toHaveProperty('lost')
  })

  it('leaves what another source still has', async () => {
    const house = openHouse()
    house.titles(aTitle())
    await house.useCases.requestTitle({ key: movie, by: ann })
    await house.memory.library.add('plex', [aLibraryItem()])
    await house.useCases.syncLibrary('movie', [aLibraryItem()], { clear: true, confirm: false })
    house.clock.advance(1000)
    await house.useCases.syncLibrary('movie', [], { clear: true, confirm: true })
    expect((await house.memory.requests.find(movie))?.status).toBe('available')
  })
})

import { describe, expect, it } from 'vitest'
import { createUseCases } from '../src/index.ts'
import { aMovieRequest, faultOf } from '../src/testing/index.ts'
import { aSeries, aTitle, openHouse } from './house.ts'

const ann = { name: 'Ann', role: 'household' } as const

describe('the daily work', () => {
  const later = 30 * 60_000

  it('writes trending files for four languages and completes ids and seasons', async () => {
    const house = openHouse()
    const { imdbId: _, ...unknown } = aTitle()
    house.titles(unknown, aSeries({ seasons: [{ seasonNumber: 1, episodeCount: 7 }] }))
    await house.useCases.requestTitle({ key: unknown, by: ann })
    await house.useCases.requestTitle({ key: { mediaType: 'tv', tmdbId: 1396 }, by: ann })
    expect(await house.rows('radarr')).toEqual([])
    house.titles(aTitle(), aSeries())
    const report = await house.useCases.runDaily(house.clock.now() + later)
    expect(report).toEqual({
      trendingSaved: 12,
      trendingKept: 0,
      requestsLearnt: 2,
      requestsFailed: 0,
      silentReaders: 0,
      pushesSent: 0,
      cutShort: false,
    })
    expect([...house.files.keys()].sort()).toEqual(
      ['all', 'movie', 'tv'].flatMap((kind) => ['de', 'en', 'es', 'fr'].map((l) => `trending-${kind}-${l}.json`)),
    )
    expect(await house.rows('radarr')).toHaveLength(1)
    const series = await house.memory.requests.find({ mediaType: 'tv', tmdbId: 1396 })
    expect(series?.seasonState.map((season) => season.seasonNumber)).toEqual([0, 1, 2])
  })

  it('keeps what is there when the catalogue fails or names nothing, and forgets no id', async () => {
    const house = openHouse()
    house.titles(aTitle(), aSeries())
    await house.useCases.requestTitle({ key: { mediaType: 'tv', tmdbId: 1396 }, by: ann })
    await house.useCases.runDaily(house.clock.now() + later)
    const before = new Map(house.files)
    house.catalogueDown = true
    expect(await house.useCases.runDaily(house.clock.now() + later)).toMatchObject({
      trendingSaved: 0,
      trendingKept: 12,
      requestsFailed: 1,
    })
    expect(house.files).toEqual(before)
    house.catalogueDown = false
    const { tvdbId: _, imdbId: __, ...bare } = aSeries()
    house.titles(bare)
    await house.useCases.runDaily(house.clock.now() + later)
    expect(await house.memory.requests.find(bare)).toMatchObject({ tvdbId: 81189, imdbId: 'tt0903747' })
  })

  it('replaces posters of the sample catalogue, and no other', async () => {
    const house = openHouse()
    await house.memory.requests.add(aMovieRequest({ posterPath: '/posters/movie-603.svg' }))
    await house.memory.requests.add(aMovieRequest({ tmdbId: 604, posterPath: '/own.jpg' }))
    house.titles(aTitle({ posterPath: '/tmdb.jpg' }), aTitle({ tmdbId: 604, posterPath: '/other.jpg' }))
    await house.useCases.runDaily(house.clock.now() + later)
    expect((await house.memory.requests.list({})).map((request) => request.posterPath)).toEqual([
      '/tmdb.jpg',
      '/own.jpg',
    ])
  })

  it('begins nothing after its deadline', async () => {
    const house = openHouse()
    house.titles(aTitle())
    expect(await house.useCases.runDaily(house.clock.now())).toMatchObject({ trendingSaved: 0, cutShort: true })
    expect(house.catalogueCalls).toBe(0)
  })
})

describe('the guard of the store', () => {
  it('opens a store that was never used, and remembers it', async () => {
    const house = openHouse()
    expect(await house.useCases.feedVersion()).toMatchObject({ revision: 0 })
    expect(house.seen).toEqual({ storeId: await house.memory.identity.storeId(), revision: 0 })
  })

  it.each([
    ['another store', 'another', 0],
    ['an older one', undefined, 5],
  ])('closes the feeds of %s until the admin confirms', async (_, storeId, revision) => {
    const house = openHouse()
    house.seen = { storeId: storeId ?? (await house.memory.identity.storeId()), revision }
    await house.memory.requests.add(aMovieRequest())
    const before = { ...house.seen }
    expect(await faultOf(house.useCases.feedVersion())).toBe('wrong_store')
    await house.useCases.guard.remember()
    expect(house.seen).toEqual(before)
    await house.useCases.guard.confirm()
    expect(await house.useCases.feedVersion()).toMatchObject({ revision: 1 })
    const restarted = createUseCases(house.deployment)
    expect(await restarted.feedVersion()).toMatchObject({ revision: 1 })
  })

  it('keeps an older store closed when its own changes bring its revision up again', async () => {
    const house = openHouse()
    house.seen = { storeId: await house.memory.identity.storeId(), revision: 3 }
    for (let tmdbId = 1; tmdbId <= 6; tmdbId += 1) {
      expect(await faultOf(createUseCases(house.deployment).feedVersion())).toBe('wrong_store')
      await house.memory.requests.add(aMovieRequest({ tmdbId }))
    }
    await house.useCases.confirmStore()
    expect(await createUseCases(house.deployment).feedVersion()).toMatchObject({ revision: 6 })
  })

  it('is not settled by a fault: the next read asks again', async () => {
    const house = openHouse()
    const load = house.deployment.witness.load
    house.deployment.witness.load = async () => {
      house.deployment.witness.load = load
      throw new Error('disk')
    }
    await expect(house.useCases.feedVersion()).rejects.toThrow('disk')
    expect(await house.useCases.feedVersion()).toMatchObject({ revision: 0 })
  })

  it('takes a revision that was read before a later one, and closes a store that went back while in use', async () => {
    const house = openHouse()
    await house.memory.requests.add(aMovieRequest())
    await house.useCases.guard.check(1)
    await house.useCases.guard.check(0)
    house.deployment.storage.revision.current = async () => 0
    expect(await faultOf(house.useCases.feedVersion())).toBe('wrong_store')
    expect(await house.useCases.guard.reason()).toContain('older')
    await house.useCases.guard.confirm()
    expect(await house.useCases.feedVersion()).toMatchObject({ revision: 0 })
  })

  it('opens once another instance has confirmed', async () => {
    const house = openHouse()
    house.seen = { storeId: 'another', revision: 0 }
    expect(await faultOf(house.useCases.feedVersion())).toBe('wrong_store')
    await createUseCases(house.deployment).guard.confirm()
    expect(await house.useCases.feedVersion()).toMatchObject({ revision: 0 })
  })
})

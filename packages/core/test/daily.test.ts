import { describe, expect, it } from 'vitest'
import { createUseCases } from '../src/index.ts'
import { aMovieRequest } from '../src/testing/index.ts'
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

  it('asks daily about what still changes, and about the rest within a week', async () => {
    const house = openHouse()
    const ended = { ended: true }
    const known = Array.from({ length: 10 }, (_, n) => aSeries({ tmdbId: 100 + n, tvdbId: 100 + n, broadcast: ended }))
    const movies = Array.from({ length: 4 }, (_, n) => aTitle({ tmdbId: 200 + n }))
    const here = aMovieRequest({ tmdbId: 300, status: 'available' })
    house.titles(...known, ...movies, aSeries({ broadcast: { ended: false } }), aTitle({ tmdbId: 300 }))
    for (const key of [...known, ...movies, aSeries()]) await house.useCases.requestTitle({ key, by: ann })
    await house.memory.requests.add(here)
    const asked = new Map<number, number>()
    const details = house.deployment.catalog.details
    house.deployment.catalog.details = async (key, language) => {
      asked.set(key.tmdbId, (asked.get(key.tmdbId) ?? 0) + 1)
      return details(key, language)
    }
    const { runDaily } = createUseCases(house.deployment)
    const perDay: number[] = []
    for (let day = 0; day < 7; day += 1) {
      const before = [...asked.values()].reduce((sum, one) => sum + one, 0)
      await runDaily(house.clock.now() + later)
      perDay.push([...asked.values()].reduce((sum, one) => sum + one, 0) - before)
      house.clock.advance(24 * 3_600_000)
    }
    expect(perDay.reduce((sum, one) => sum + one, 0)).toBe(14 + 7)
    expect(Math.max(...perDay)).toBeLessThanOrEqual(4)
    expect(asked.get(1396)).toBe(7)
    expect(asked.has(300)).toBe(false)
    expect([...known, ...movies].filter(({ tmdbId }) => !asked.has(tmdbId))).toEqual([])
  })

  it('works out what has aired also of what it does not ask about, and tells who waits', async () => {
    const house = openHouse()
    await house.useCases.subscribe('Ann', {
      endpoint: 'https://push.example/1',
      keys: { p256dh: 'p', auth: 'a' },
      language: 'en',
    })
    const seasons = [{ seasonNumber: 1, episodeCount: 0, airDate: '2026-01-01' }]
    house.titles(aSeries({ seasons, broadcast: { ended: false } }))
    const key = { mediaType: 'tv', tmdbId: 1396 } as const
    await house.useCases.requestTitle({ key, by: ann })
    const event = { status: 'available', source: 'sonarr', at: house.clock.now() } as const
    await house.memory.requests.advance(key, { ...event, parts: [{ seasonNumber: 1, episodeNumber: 1 }] })
    const airing = (episodeNumber: number, days: number) => ({
      seasonNumber: 1,
      episodeNumber,
      airDate: new Date(house.clock.now() + days * 24 * 3_600_000).toISOString().slice(0, 10),
    })
    const broadcast = { ended: false, last: airing(1, -1), next: airing(2, 6) }
    house.titles(
      aSeries({ seasons: [{ seasonNumber: 1, episodeCount: 8, airDate: airing(1, -1).airDate }], broadcast }),
    )
    await house.useCases.runDaily(house.clock.now() + later)
    const words = house.pushed.map(({ message }) => JSON.parse(message).body)
    expect(words).toEqual(['Season 1 is up to date: every episode so far is here.'])
    house.catalogueDown = true
    house.clock.advance(8 * 24 * 3_600_000)
    await house.useCases.runDaily(house.clock.now() + later)
    expect(await house.memory.requests.find(key)).toMatchObject({ status: 'available' })
    house.clock.advance(7 * 24 * 3_600_000)
    await house.useCases.runDaily(house.clock.now() + later)
    expect(await house.memory.requests.find(key)).toMatchObject({ status: 'partly_available' })
    expect(house.pushed).toHaveLength(1)
  })

  it('notes a title that the catalogue has no longer, shows what was kept of it, and forgets the note once it is back', async () => {
    const house = openHouse()
    house.titles(aSeries())
    const key = { mediaType: 'tv', tmdbId: 1396 } as const
    await house.useCases.requestTitle({ key, by: ann })
    const titles = house.deployment.catalog.details
    house.deployment.catalog.details = async () => undefined
    house.deployment.catalog.kind = 'sample'
    await createUseCases(house.deployment).runDaily(house.clock.now() + later)
    expect(await house.memory.requests.find(key)).not.toHaveProperty('unlistedAt')
    expect(await createUseCases(house.deployment).viewTitle(key, 'de')).toMatchObject({ isInCatalog: true })
    house.deployment.catalog.kind = 'tmdb'
    const gone = createUseCases(house.deployment)
    await gone.runDaily(house.clock.now() + later)
    expect((await house.memory.requests.find(key))?.unlistedAt).toBe(house.clock.now())
    expect(await gone.viewTitle(key, 'de')).toMatchObject({
      isInCatalog: false,
      title: { title: 'Breaking Bad', tvdbId: 81189, seasons: [{}, {}, {}] },
    })
    expect(await gone.viewTitle({ mediaType: 'tv', tmdbId: 5 }, 'de')).toBeUndefined()
    expect(await house.rows('sonarr')).toHaveLength(1)
    house.deployment.catalog.details = titles
    await createUseCases(house.deployment).runDaily(house.clock.now() + later)
    expect(await house.memory.requests.find(key)).not.toHaveProperty('unlistedAt')
  })

  it('tells a request what is here of another one of its TVDB id', async () => {
    const house = openHouse()
    const twin = { tvdbId: 5, broadcast: { ended: true } }
    house.titles(aSeries({ tmdbId: 1, ...twin }), aSeries({ tmdbId: 2, ...twin }))
    await house.useCases.requestTitle({ key: { mediaType: 'tv', tmdbId: 1 }, seasons: [1], by: ann })
    const parts = Array.from({ length: 7 }, (_, n) => ({ seasonNumber: 1, episodeNumber: n + 1 }))
    const event = { status: 'available', source: 'sonarr', at: house.clock.now(), parts } as const
    await house.memory.requests.advance({ mediaType: 'tv', tmdbId: 1 }, event)
    const late = await house.useCases.requestTitle({ key: { mediaType: 'tv', tmdbId: 2 }, seasons: [1], by: ann })
    expect(late).toMatchObject({ request: { status: 'pending' } })
    await house.useCases.runDaily(house.clock.now() + later)
    expect((await house.memory.requests.list({})).map((one) => one.status)).toEqual(['available', 'available'])
  })

  it('leaves a catalogue alone that fails again and again, until the next day', async () => {
    const house = openHouse()
    for (let tmdbId = 1; tmdbId <= 9; tmdbId += 1) {
      const { imdbId: _, ...nameless } = aMovieRequest({ tmdbId })
      await house.memory.requests.add(nameless)
    }
    house.catalogueDown = true
    const report = await house.useCases.runDaily(house.clock.now() + later)
    expect([report.requestsFailed, report.cutShort]).toEqual([5, true])
  })

  it('begins nothing after its deadline', async () => {
    const house = openHouse()
    house.titles(aTitle())
    expect(await house.useCases.runDaily(house.clock.now())).toMatchObject({ trendingSaved: 0, cutShort: true })
    expect(house.catalogueCalls).toBe(0)
  })
})

import { inspect } from 'node:util'
import type { CatalogTitle, Logger, MediaCatalog, TitleKey } from '@stellarr/core'
import { fixedClock } from '@stellarr/core/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type FakeTmdb, startFakeTmdb } from '../src/testing/fake-tmdb.ts'
import { type FakeTvdb, type FakeTvdbEpisode, startFakeTvdb } from '../src/testing/fake-tvdb.ts'
import { tmdbCatalog } from '../src/tmdb-catalog.ts'
import { openTvdb, withTvdbSeasons } from '../src/tvdb.ts'

const BREAKING_BAD = { mediaType: 'tv', tmdbId: 1396 } as const
const TVDB_ID = 81_189
const DAY = 24 * 3_600_000
const PAGE = `/series/${TVDB_ID}/episodes/default?page=`

let tmdb: FakeTmdb
let tvdb: FakeTvdb
let clock: ReturnType<typeof fixedClock>
let logged: string[]
let plain: ReturnType<typeof tmdbCatalog>

function logger(): Logger {
  const write = (...parts: unknown[]) => void logged.push(inspect(parts, { depth: 20 }))
  return { debug: write, info: write, warn: write, error: write }
}

const open = (given: { apiKey?: string; baseUrl?: string } = {}) =>
  openTvdb({ apiKey: tvdb.apiKey, baseUrl: tvdb.url, clock, logger: logger(), ...given })
const numbered = (given?: Parameters<typeof open>[0]): MediaCatalog => withTvdbSeasons(plain, open(given).seasons)

/** TMDB's details, where TVDB told nothing. */
const missed = async (key: TitleKey = BREAKING_BAD) => ({ ...(await plain.details(key, 'en')), tvdbMissed: true })

/** Episodes 1 to `count` of a season, a day apart from its first day. */
const season = (seasonNumber: number, count: number, first?: string): FakeTvdbEpisode[] =>
  Array.from({ length: count }, (_, n) => ({
    seasonNumber,
    number: n + 1,
    aired: first === undefined ? null : new Date(Date.parse(first) + n * DAY).toISOString().slice(0, 10),
  }))

/** A day by its distance from the clock's. */
const day = (distance: number) => new Date(clock.now() + distance * DAY).toISOString().slice(0, 10)

beforeEach(async () => {
  tmdb = await startFakeTmdb()
  tvdb = await startFakeTvdb()
  clock = fixedClock()
  logged = []
  plain = tmdbCatalog({ apiKey: '0'.repeat(32), baseUrl: tmdb.url, clock, logger: logger() })
})
afterEach(async () => {
  plain.close()
  await tmdb.close()
  await tvdb.close()
})

describe('the details of a series', () => {
  it('have TVDB’s seasons, under no name of TMDB’s where they are counted otherwise', async () => {
    tvdb.series.set(TVDB_ID, [
      ...season(0, 3),
      ...season(2008, 7, '2008-01-20'),
      ...season(2009, 13, day(-20)),
      ...season(2010, 2, day(5)),
    ])
    const before = await plain.details(BREAKING_BAD, 'en')
    const title = await numbered().details(BREAKING_BAD, 'en')
    expect(title).toEqual({
      ...before,
      numbering: 'tvdb',
      numberOfSeasons: 3,
      seasons: [
        { seasonNumber: 0, episodeCount: 3 },
        { seasonNumber: 2008, episodeCount: 7, airDate: '2008-01-20' },
        { seasonNumber: 2009, episodeCount: 13, airDate: day(-20) },
        { seasonNumber: 2010, episodeCount: 2, airDate: day(5) },
      ],
      broadcast: {
        ended: false,
        last: { seasonNumber: 2009, episodeNumber: 13, airDate: day(-8) },
        next: { seasonNumber: 2010, episodeNumber: 1, airDate: day(5) },
      },
    } satisfies Partial<CatalogTitle>)
    expect(tvdb.calls).toEqual(['/login', `${PAGE}0`])
    expect(logged).toEqual([])
  })

  it('keep TMDB’s names where both count the same seasons, and its word that the series ended', async () => {
    const seasons = [0, 1, 2].map((n) => ({ season_number: n, name: `Part ${n}`, episode_count: 1 }))
    tmdb.titles.set('tv/7', { name: 'Ended', status: 'Ended', id: 7, external_ids: { tvdb_id: 70 }, seasons })
    tvdb.series.set(70, [...season(1, 4, '2001-01-01'), ...season(2, 5), ...season(0, 1)])
    const title = await numbered().details({ mediaType: 'tv', tmdbId: 7 }, 'en')
    expect(title?.seasons).toEqual([
      { seasonNumber: 0, episodeCount: 1, name: 'Part 0' },
      { seasonNumber: 1, episodeCount: 4, name: 'Part 1', airDate: '2001-01-01' },
      { seasonNumber: 2, episodeCount: 5, name: 'Part 2' },
    ])
    expect(title?.broadcast).toEqual({
      ended: true,
      last: { seasonNumber: 1, episodeNumber: 4, airDate: '2001-01-04' },
    })
  })

  it.each([true, false])('are counted over all pages (each tells how many there are: %s)', async (tellsTotal) => {
    tvdb.tellsTotal = tellsTotal
    tvdb.series.set(TVDB_ID, Array.from({ length: 66 }, (_, n) => season(n + 1, 212)).flat())
    const title = await numbered().details(BREAKING_BAD, 'en')
    expect(title?.seasons).toHaveLength(66)
    expect(title?.seasons.every(({ episodeCount }) => episodeCount === 212)).toBe(true)
    expect([...tvdb.calls].sort()).toEqual(['/login', ...Array.from({ length: 28 }, (_, n) => `${PAGE}${n}`)].sort())
  })

  it.each([true, false])('are TMDB’s where TVDB has more pages than are read (told: %s)', async (tellsTotal) => {
    tvdb.tellsTotal = tellsTotal
    tvdb.pageSize = 1
    tvdb.series.set(TVDB_ID, season(1, 41))
    expect(await numbered().details(BREAKING_BAD, 'en')).toEqual(await missed())
    expect(tvdb.calls.length).toBeLessThanOrEqual(41)
    tvdb.series.set(TVDB_ID, season(1, 40))
    expect((await numbered().details(BREAKING_BAD, 'en'))?.seasons).toEqual([{ seasonNumber: 1, episodeCount: 40 }])
  })

  it('are asked for once by many, in all languages, and kept for half a day', async () => {
    tvdb.series.set(TVDB_ID, season(1, 7))
    tvdb.holdMs = 30
    const catalog = numbered()
    const ask = (n: number) => catalog.details(BREAKING_BAD, n % 2 ? 'de' : 'en')
    const titles = await Promise.all(Array.from({ length: 20 }, (_, n) => ask(n)))
    for (const title of titles) expect(title?.numbering).toBe('tvdb')
    expect(tvdb.calls).toEqual(['/login', `${PAGE}0`])
    clock.advance(DAY / 2 - 1)
    await ask(1)
    expect(tvdb.calls).toHaveLength(2)
    clock.advance(2)
    tvdb.series.set(TVDB_ID, season(1, 8))
    expect((await ask(1))?.seasons[0]?.episodeCount).toBe(8)
    expect(tvdb.calls).toHaveLength(3)
  })

  it('are TMDB’s where TVDB has no such series or no episodes of it, which is remembered without a word', async () => {
    const catalog = numbered()
    tvdb.series.set(77_092, [])
    for (const tmdbId of [1396, 40]) {
      const key = { mediaType: 'tv', tmdbId } as const
      for (let n = 0; n < 3; n += 1) expect(await catalog.details(key, 'en')).toEqual(await missed(key))
    }
    expect(tvdb.calls).toEqual(['/login', `${PAGE}0`, '/series/77092/episodes/default?page=0'])
    expect(logged).toEqual([])
  })

  it('of a movie, of no title and of one without TVDB’s id ask TVDB nothing, nor do lists', async () => {
    const catalog = numbered()
    expect(await catalog.details({ mediaType: 'movie', tmdbId: 603 }, 'en')).not.toHaveProperty('numbering')
    expect(await catalog.details({ mediaType: 'tv', tmdbId: 900_003 }, 'en')).not.toHaveProperty('numbering')
    expect(await catalog.details({ mediaType: 'tv', tmdbId: 1 }, 'en')).toBeUndefined()
    expect((await catalog.search({ query: 'breaking', page: 1, language: 'en' })).results).toHaveLength(1)
    expect(await catalog.trending('tv', 'en')).toHaveLength(3)
    expect(catalog.kind).toBe('tmdb')
    expect(tvdb.calls).toEqual([])
  })

  it('share the login with the lookup of episodes', async () => {
    tvdb.series.set(TVDB_ID, season(1, 7))
    const { seasons, episodes } = open()
    await Promise.all([withTvdbSeasons(plain, seasons).details(BREAKING_BAD, 'en'), episodes.seriesOf(349_232)])
    expect(tvdb.calls.filter((path) => path === '/login')).toHaveLength(1)
  })
})

describe('a TVDB that does not help', () => {
  it.each(['down', 'slow', '500', '429', 'html', 'wrong_types', 'no_token', 'always_401'] as const)(
    'when it is %s: TMDB’s seasons within 6 s, one warning, a rest, then another try',
    async (mode) => {
      tvdb.series.set(TVDB_ID, season(1, 7))
      const catalog = numbered()
      const expected = await missed()
      tvdb.mode(mode)
      const began = performance.now()
      const both = [BREAKING_BAD, { mediaType: 'tv', tmdbId: 40 } as const].map((key) => catalog.details(key, 'en'))
      expect((await Promise.all(both))[0]).toEqual(expected)
      expect(performance.now() - began).toBeLessThan(6_000)
      const asked = tvdb.calls.length
      for (let n = 0; n < 20; n += 1) expect(await catalog.details(BREAKING_BAD, 'en')).toEqual(expected)
      expect(tvdb.calls).toHaveLength(asked)
      expect(logged).toHaveLength(1)
      expect(logged[0]).toContain('seasons are numbered as TMDB')
      tvdb.mode('ok')
      clock.advance(60_001)
      expect((await catalog.details(BREAKING_BAD, 'en'))?.numbering).toBe('tvdb')
      expect(logged).toHaveLength(1)
    },
    10_000,
  )

  it('and a slow TMDB end within 6 s together; what came late is there for the next', async () => {
    tvdb.series.set(TVDB_ID, season(1, 7))
    tmdb.holdMs = 3_500
    tvdb.holdMs = 1_500
    const catalog = numbered()
    const began = performance.now()
    expect(await catalog.details(BREAKING_BAD, 'en')).not.toHaveProperty('numbering')
    expect(performance.now() - began).toBeLessThan(6_000)
    expect(logged.join()).toContain('takes too long')
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    expect((await catalog.details(BREAKING_BAD, 'en'))?.numbering).toBe('tvdb')
    expect(tvdb.calls).toEqual(['/login', `${PAGE}0`])
  }, 12_000)

  it('no log holds the key, a token or an address, whatever goes wrong', async () => {
    tvdb.series.set(TVDB_ID, season(1, 7))
    for (const mode of ['down', '500', 'html', 'wrong_types', 'no_token', 'always_401'] as const) {
      tvdb.mode(mode)
      await numbered().details(BREAKING_BAD, 'en')
    }
    tvdb.mode('ok')
    await numbered({ baseUrl: 'http://127.0.0.1:1/v4' }).details(BREAKING_BAD, 'en')
    await numbered({ apiKey: 'a-key-that-nobody-may-read' }).details(BREAKING_BAD, 'en')
    expect(logged).toHaveLength(8)
    expect(logged.join()).toContain('TVDB_API_KEY')
    expect(logged.join()).not.toMatch(/0000-1111|nobody-may-read|header\.x|127\.0\.0\.1|Bearer/)
  })
})

import { inspect } from 'node:util'
import { type Fault, isFault, type Logger } from '@stellarr/core'
import { fixedClock } from '@stellarr/core/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type FakeTmdb, startFakeTmdb } from '../src/testing/fake-tmdb.ts'
import { tmdbCatalog } from '../src/tmdb-catalog.ts'

const KEY = '0123456789abcdef0123456789abcdef'
const HOUR = 3_600_000

let tmdb: FakeTmdb
let logged: string[]
const clock = fixedClock()
let catalog: ReturnType<typeof tmdbCatalog>

function logger(): Logger {
  const write = (...parts: unknown[]) => void logged.push(inspect(parts, { depth: 20 }))
  return { debug: write, info: write, warn: write, error: write }
}

function open(apiKey = KEY, concurrency = 8) {
  return tmdbCatalog({ apiKey, baseUrl: tmdb.url, clock, logger: logger(), concurrency })
}

beforeEach(async () => {
  tmdb = await startFakeTmdb()
  logged = []
  catalog = open()
})
afterEach(async () => {
  catalog.close()
  await tmdb.close()
})

const search = (query: string, page = 1) => catalog.search({ query, page, language: 'en' })

describe('TMDB', () => {
  it('finds movies and series, leaves people out and reads a blank date as no year', async () => {
    const { results } = await search('a ')
    expect(results.map((item) => item.title)).toContain('A Movie With a Blank Date')
    expect(results.find((item) => item.title === 'A Movie With a Blank Date')).not.toHaveProperty('year')
    expect(results.every((item) => ['movie', 'tv'].includes(item.mediaType))).toBe(true)
    expect(results.some((item) => item.title === 'A Person')).toBe(false)
  })

  it('gives external ids and seasons with the details, and undefined for an unknown id', async () => {
    const series = await catalog.details({ mediaType: 'tv', tmdbId: 1396 }, 'en')
    expect(series).toMatchObject({ tvdbId: 81189, imdbId: 'tt0903747', numberOfSeasons: 5 })
    expect(series?.seasons[1]).toEqual({
      seasonNumber: 1,
      name: 'Season 1',
      episodeCount: 8,
      airDate: '2001-01-01',
    })
    expect(await catalog.details({ mediaType: 'movie', tmdbId: 404_404 }, 'en')).toBeUndefined()
  })

  it('is told of titles that a test puts in, changes and takes away', async () => {
    const key = { mediaType: 'tv', tmdbId: 40 } as const
    tmdb.titles.set('tv/40', { id: 40, name: 'Another Dallas', external_ids: { tvdb_id: 1 }, seasons: [] })
    tmdb.titles.set('tv/1396', undefined)
    expect((await search('dallas')).results.map((item) => item.title)).toEqual(['Another Dallas'])
    expect(await catalog.details(key, 'en')).toMatchObject({ title: 'Another Dallas', tvdbId: 1, seasons: [] })
    expect(await catalog.details({ mediaType: 'tv', tmdbId: 1396 }, 'en')).toBeUndefined()
    expect((await catalog.trending('tv', 'en')).map((item) => item.tmdbId)).toEqual([40, 900_003])
    tmdb.titles.delete('tv/40')
    expect((await catalog.details(key, 'de'))?.title).toBe('Dallas')
  })

  it('keeps searches for 10 minutes and details for 12 hours, apart by language', async () => {
    await search('matrix')
    await search('matrix')
    expect(tmdb.calls).toHaveLength(1)
    await catalog.search({ query: 'matrix', page: 1, language: 'de' })
    expect(tmdb.calls).toHaveLength(2)
    expect(tmdb.calls[1]).toContain('language=de-DE')
    clock.advance(10 * 60_000 + 1)
    await search('matrix')
    expect(tmdb.calls).toHaveLength(3)

    const key = { mediaType: 'tv', tmdbId: 1396 } as const
    await catalog.details(key, 'en')
    clock.advance(11 * HOUR)
    await catalog.details(key, 'en')
    expect(tmdb.calls).toHaveLength(4)
    expect((await search('breaking')).results[0]?.numberOfSeasons).toBe(5)
    clock.advance(2 * HOUR)
    await catalog.details(key, 'en')
    expect(tmdb.calls).toHaveLength(6)
  })

  it('sends a question that many ask at once only once', async () => {
    tmdb.holdMs = 50
    await Promise.all(Array.from({ length: 50 }, () => search('matrix')))
    expect(tmdb.calls).toHaveLength(1)
  })

  it('keeps no more answers than it may', async () => {
    for (let n = 0; n < 510; n += 1) await search(`query ${n}`)
    await search('query 509')
    expect(tmdb.calls).toHaveLength(510)
    await search('query 0')
    expect(tmdb.calls).toHaveLength(511)
  })

  it('calls at most as often at once as it may, and all are answered', async () => {
    catalog.close()
    catalog = open(KEY, 3)
    tmdb.holdMs = 20
    const pages = await Promise.all(Array.from({ length: 30 }, (_, n) => search(`matrix${' '.repeat(n)}`, n + 1)))
    expect(pages).toHaveLength(30)
    expect(tmdb.calls).toHaveLength(30)
    expect(tmdb.mostAtOnce).toBe(3)
  })

  it('brings a v3 key in the query and a v4 token in a header', async () => {
    await search('matrix')
    expect(tmdb.lastKey).toEqual({ query: KEY, header: undefined })
    const token = 'eyJhbGciOiJIUzI1NiJ9.eyJhdWQiOiJ4In0.c2lnbmF0dXJl'
    const other = open(token)
    await other.search({ query: 'matrix', page: 1, language: 'en' })
    expect(tmdb.lastKey).toEqual({ query: null, header: `Bearer ${token}` })
    other.close()
  })

  it('recovers by itself from one failed attempt', async () => {
    tmdb.mode('down')
    setTimeout(() => tmdb.mode('ok'), 60)
    expect((await search('matrix')).results[0]?.tmdbId).toBe(603)
  })

  it.each([
    ['down', 'catalog_unavailable'],
    ['slow', 'catalog_unavailable'],
    ['drip', 'catalog_unavailable'],
    ['429', 'catalog_unavailable'],
    ['401', 'catalog_key_refused'],
    ['html', 'catalog_bad_answer'],
    ['truncated', 'catalog_bad_answer'],
    ['wrong_types', 'catalog_bad_answer'],
  ] as const)(
    'while it is %s: a clear fault within 6 s, its key in no text, nothing kept',
    async (mode, code) => {
      tmdb.mode(mode)
      const began = performance.now()
      const faults = await Promise.all([
        caught(search('matrix')),
        caught(catalog.details({ mediaType: 'movie', tmdbId: 603 }, 'en')),
        caught(catalog.trending('all', 'en')),
      ])
      expect(performance.now() - began).toBeLessThan(6000)
      for (const fault of faults) {
        expect(isFault(fault, code)).toBe(true)
        expect(inspect(fault, { depth: 20, showHidden: true })).not.toContain(KEY)
        expect(fault.message).toMatch(/TMDB/)
      }
      expect(logged.join('\n')).not.toContain(KEY)
      tmdb.mode('ok')
      clock.advance(61_000)
      expect((await search('matrix')).results).toHaveLength(1)
    },
    15_000,
  )

  it('answers everybody within 6 s also when many wait for a slow TMDB', async () => {
    tmdb.mode('slow')
    const began = performance.now()
    const faults = await Promise.all(Array.from({ length: 40 }, (_, n) => caught(search(`query ${n}`))))
    expect(performance.now() - began).toBeLessThan(6500)
    expect(faults.every((fault) => isFault(fault, 'catalog_unavailable'))).toBe(true)
  }, 15_000)
})

/** What the call threw; fails the test when it did not. */
async function caught(call: Promise<unknown>): Promise<Fault> {
  try {
    await call
  } catch (error) {
    return error as Fault
  }
  throw new Error('expected a fault')
}

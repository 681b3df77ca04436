import { isImdbId, isSeasonWanted } from '@stellarr/core'
import { describe, expect, it } from 'vitest'
import { drawPoster } from '../src/draw-poster.ts'
import { SAMPLE_TITLES, sampleCatalog } from '../src/sample-catalog.ts'
import { SAMPLE_OVERVIEWS } from '../src/sample-overviews.ts'

const catalog = sampleCatalog()
const search = (query: string, page = 1) => catalog.search({ query, page, language: 'en' })

describe('the sample catalogue', () => {
  it('holds some two hundred titles, each with ids that every client can use', () => {
    expect(SAMPLE_TITLES.length).toBeGreaterThan(200)
    const keys = SAMPLE_TITLES.map((title) => `${title.mediaType}/${title.tmdbId}`)
    expect(new Set(keys).size).toBe(keys.length)
    expect(new Set(SAMPLE_TITLES.map((title) => title.imdbId)).size).toBe(keys.length)
    for (const title of SAMPLE_TITLES) {
      expect(isImdbId(title.imdbId ?? ''), title.title).toBe(true)
      if (title.mediaType === 'tv') {
        expect(title.tvdbId, title.title).toBeGreaterThan(0)
        expect(title.seasons.length, title.title).toBeGreaterThan(0)
      }
    }
  })

  it('knows the year of each season, the first one’s day, and that the series ended', () => {
    for (const { title, year, seasons, broadcast, mediaType } of SAMPLE_TITLES) {
      if (mediaType === 'movie') continue
      const days = seasons.map((season) => season.airDate ?? '')
      for (const day of days) expect(day, title).toMatch(/^\d{4}-\d{2}-\d{2}$/)
      expect(days, title).toEqual([...days].sort())
      expect(days[0], title).toMatch(new RegExp(`^${year}-`))
      expect(broadcast, title).toEqual({ ended: true })
    }
    const days = (tmdbId: number) =>
      SAMPLE_TITLES.find((title) => title.tmdbId === tmdbId)?.seasons.map((season) => season.airDate)
    expect(days(40)?.slice(0, 3)).toEqual(['1978-04-02', '1978-04-02', '1979-01-01'])
  })

  it('has no season that is still to come: who asks for two, and those announced later, asks for two', () => {
    const title = SAMPLE_TITLES.find((one) => one.tmdbId === 1396)
    const wish = { seasons: [1, 2], futureSeasons: true, createdAt: Date.now() }
    const wanted = title?.seasons.filter((season) => isSeasonWanted(wish, season)).map((season) => season.seasonNumber)
    expect(wanted).toEqual([1, 2])
  })

  it('lists items without what details alone hold', async () => {
    const item = (await search('break bad')).results[0]
    for (const name of ['seasons', 'broadcast', 'genres']) expect(item).not.toHaveProperty(name)
  })

  it('has a line about each title and none about another', () => {
    const keys = SAMPLE_TITLES.map((title) => `${title.mediaType}/${title.tmdbId}`)
    expect(Object.keys(SAMPLE_OVERVIEWS).sort()).toEqual(keys.sort())
    for (const title of SAMPLE_TITLES) expect(title.overview, title.title).toMatch(/^.{30,140}[.?"]$/)
  })

  it('draws a well-formed poster for each title, with all of its words', () => {
    for (const title of SAMPLE_TITLES) {
      const svg = drawPoster(`${title.mediaType}-${title.tmdbId}.svg`) ?? ''
      expect(svg).toMatch(/^<svg .*<\/svg>$/)
      expect(svg).not.toMatch(/undefined|NaN|&(?!#\d+;)/)
      const words = svg.match(/<tspan[^>]*>([^<]*)/g)?.join(' ') ?? ''
      for (const word of title.title.split(' '))
        expect(words).toContain(word.replace(/[&"']/g, (c) => `&#${c.charCodeAt(0)};`))
    }
    expect(drawPoster('movie-1.svg')).toBeUndefined()
    expect(drawPoster('../secrets.json')).toBeUndefined()
  })

  it('finds titles by the beginnings of their words, whatever their accents', async () => {
    expect((await search('amelie')).results[0]?.tmdbId).toBe(194)
    expect((await search('AMÉLIE')).results[0]?.tmdbId).toBe(194)
    expect((await search('break bad')).results[0]?.tmdbId).toBe(1396)
    expect((await search('oldboy')).results.map((item) => item.year)).toEqual([2013, 2003])
    expect((await search('no such title')).results).toEqual([])
    expect((await search(' ')).results).toEqual([])
  })

  it('pages through long answers without losing any', async () => {
    const first = await search('the')
    const seen = []
    for (let page = 1; page <= first.totalPages; page += 1) seen.push(...(await search('the', page)).results)
    expect(seen).toHaveLength(first.totalResults)
    expect(new Set(seen.map((item) => `${item.mediaType}/${item.tmdbId}`)).size).toBe(seen.length)
  })

  it('has trending titles of each kind', async () => {
    for (const kind of ['all', 'movie', 'tv'] as const) {
      const items = await catalog.trending(kind, 'en')
      expect(items).toHaveLength(20)
      if (kind !== 'all') expect(items.every((item) => item.mediaType === kind)).toBe(true)
    }
  })
})

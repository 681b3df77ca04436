import { describe, expect, it } from 'vitest'
import { keptByRevision } from '../src/base/index.ts'
import type { MediaRequest, RequestsWanted } from '../src/index.ts'
import { groupOf, parsePlace, placeOf, placeText, REQUEST_SORTS, type RequestSort, titleOrder } from '../src/rules.ts'
import { aMovieRequest, aSeriesRequest } from '../src/testing/index.ts'
import { openHouse } from './house.ts'

const NOW = Date.UTC(2026, 5, 15)
const DAY = 24 * 3_600_000
const ann = { name: 'Ann', role: 'household' } as const
const admin = { name: 'Op', role: 'admin' } as const

describe('the group of a request', () => {
  const { tvdbId: _, ...unnamed } = aSeriesRequest()
  it.each([
    ['requested', aMovieRequest()],
    ['on_its_way', aMovieRequest({ status: 'picked_up' })],
    ['on_its_way', aSeriesRequest({ status: 'partly_available' })],
    ['recent', aMovieRequest({ status: 'available', addedAt: NOW - 14 * DAY + 1 })],
    ['earlier', aMovieRequest({ status: 'available', addedAt: NOW - 14 * DAY })],
    ['earlier', aMovieRequest({ status: 'available' })],
    ['earlier', aMovieRequest({ status: 'gone', kept: 'last_row' })],
    ['needs_you', aMovieRequest({ status: 'gone', kept: 'many_deletions' })],
    ['needs_you', unnamed],
    ['needs_you', aMovieRequest({ unlistedAt: 1 })],
    ['requested', aMovieRequest({ unlistedAt: 1, withdrawnAt: 2 })],
    ['recent', aMovieRequest({ unlistedAt: 1, status: 'available', addedAt: NOW })],
  ] as const)('is %s: %#', (group, request: MediaRequest) => {
    expect(groupOf(request, { isAdmin: true }, NOW)).toBe(group)
    const others = group === 'needs_you' ? (request.status === 'gone' ? 'earlier' : 'requested') : group
    expect(groupOf(request, { isAdmin: false }, NOW)).toBe(others)
  })
})

describe('the place in an order', () => {
  it.each(REQUEST_SORTS)('travels as a text: %s', (sort) => {
    for (const title of ['Dune', '', '2001: A Space Odyssey', '千と千尋', 'x'.repeat(500)]) {
      const place = placeOf(aMovieRequest({ title }), sort)
      expect(parsePlace(placeText(sort, place), sort)).toEqual(place)
    }
  })

  it('is none of another order, and none that nobody gave', () => {
    const place = placeOf(aMovieRequest(), 'newest')
    expect(parsePlace(placeText('newest', place), 'oldest')).toBeUndefined()
    for (const text of ['', 'newest', 'newest.film.1.2', 'newest.movie.1.x', 'title.movie.x.dune']) {
      expect(parsePlace(text, 'newest'), text).toBeUndefined()
    }
  })

  it('orders titles by their words, and numbers by their size', () => {
    const titles = ['Anna', 'A Quiet Place', 'Rocky 10', 'Rocky 2', 'élite', 'Elf']
    expect([...titles].sort((a, b) => (titleOrder(a) < titleOrder(b) ? -1 : 1))).toEqual([
      'A Quiet Place',
      'Anna',
      'Elf',
      'élite',
      'Rocky 2',
      'Rocky 10',
    ])
  })
})

async function manyRequests(count: number) {
  const house = openHouse()
  for (let tmdbId = 1; tmdbId <= count; tmdbId += 1) {
    await house.memory.requests.add(
      aMovieRequest({
        tmdbId,
        title: `Movie ${tmdbId}`,
        createdAt: 1e12 + Math.floor(tmdbId / 3),
        requestedBy: tmdbId % 2 === 0 ? 'Ann' : 'Bob',
      }),
    )
  }
  const everything = async (wanted: Partial<RequestsWanted>, between?: (page: number) => Promise<unknown>) => {
    const found: number[] = []
    const order = { sort: 'newest' as RequestSort, limit: 7, ...wanted }
    let { requests, next } = await house.useCases.requestsPage(order, ann)
    for (let page = 1; ; page += 1) {
      found.push(...requests.map((one) => one.tmdbId))
      if (!next) return found
      await between?.(page)
      ;({ requests, next } = await house.useCases.requestsPage({ ...order, after: next }, ann))
    }
  }
  return { ...house, everything }
}

describe('a page of requests', () => {
  it.each(REQUEST_SORTS)('follows the one before, whatever changes in between: %s', async (sort) => {
    const { everything, memory } = await manyRequests(60)
    const before = await everything({ sort })
    expect(new Set(before).size).toBe(60)
    const during = await everything({ sort }, async (page) => {
      await memory.requests.add(aMovieRequest({ tmdbId: 1_000 + page, createdAt: 1e12 + 7, title: `Movie ${page}b` }))
      await memory.requests.remove({ mediaType: 'movie', tmdbId: page })
    })
    const unchanged = before.filter((id) => id > 20)
    expect(during.filter((id) => id > 20 && id < 1_000)).toEqual(unchanged)
    expect(new Set(during).size).toBe(during.length)
  })

  it('counts each group of all that fits but the group, and hides what was withdrawn', async () => {
    const { useCases, memory } = await manyRequests(6)
    await memory.requests.advance({ mediaType: 'movie', tmdbId: 2 }, { status: 'picked_up', source: 'radarr', at: 1 })
    await memory.requests.withdraw({ mediaType: 'movie', tmdbId: 4 }, 1)
    const wanted = { sort: 'newest', limit: 100 } as const
    const page = await useCases.requestsPage({ ...wanted, by: 'Ann', group: 'on_its_way' }, ann)
    expect(page.requests.map((one) => one.tmdbId)).toEqual([2])
    expect(page.counts).toEqual({ needs_you: 0, on_its_way: 1, requested: 1, recent: 0, earlier: 0 })
    expect((await useCases.requestsPage({ ...wanted, text: 'MOVIE 5' }, admin)).requests).toHaveLength(1)
  })

  it('is the same where there are more than are held whole', async () => {
    const { everything, useCases, memory } = await manyRequests(1_100)
    const all = await everything({ limit: 500 })
    expect(all).toEqual((await memory.requests.list({})).map((one) => one.tmdbId))
    const [first] = (await useCases.requestsPage({ sort: 'newest', limit: 1 }, ann)).requests
    expect(first).toEqual((await memory.requests.list({}))[0])
  })
})

describe('what the household has', () => {
  it('is told of the titles that are asked about, and of one’s own requests', async () => {
    const { useCases, memory } = await manyRequests(6)
    await memory.library.add('plex', [{ mediaType: 'movie', tmdbId: 9 }])
    const key = (tmdbId: number) => ({ mediaType: 'movie' as const, tmdbId })
    const revision = await useCases.currentRevision()
    const status = await useCases.statusOf([key(1), key(9), key(77)], 'Cy', revision)
    expect(status.library).toEqual({ movie: [9], tv: [] })
    expect(status.requests.map((one) => one.tmdbId)).toEqual([1])
    await memory.requests.mergeSeasons(key(3), { seasons: [] }, 'Cy')
    const own = await useCases.statusOf([], 'Cy', await useCases.currentRevision())
    expect(own.requests.map((one) => one.tmdbId)).toEqual([3])
  })
})

describe('what is kept by the revision', () => {
  it('is made once for many, anew for another revision, and again after a failure', async () => {
    let made = 0
    let fails = false
    const at = keptByRevision(async () => {
      made += 1
      await new Promise((resolve) => setTimeout(resolve))
      if (fails) throw new Error('no')
      return made
    })
    expect(await Promise.all([at(1), at(1), at(1)])).toEqual([1, 1, 1])
    expect(await at(1)).toBe(1)
    // Who comes while one is made may know of more than it holds.
    const first = at(2)
    await Promise.resolve()
    expect(await Promise.all([first, at(3), at(4)])).toEqual([2, 3, 3])
    expect(await at(4)).toBe(3)
    fails = true
    await expect(at(5)).rejects.toThrow('no')
    fails = false
    expect(await at(5)).toBe(5)
  })
})

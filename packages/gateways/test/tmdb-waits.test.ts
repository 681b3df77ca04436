import { type Fault, isFault } from '@stellarr/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type FakeTmdb, startFakeTmdb } from '../src/testing/fake-tmdb.ts'
import { tmdbCatalog } from '../src/tmdb-catalog.ts'

const silent = () => {}
const logger = { debug: silent, info: silent, warn: silent, error: silent }

let tmdb: FakeTmdb
let ahead: number
let catalog: ReturnType<typeof tmdbCatalog>

beforeEach(async () => {
  tmdb = await startFakeTmdb()
  ahead = 0
  // Waits are over only on a clock that goes.
  const clock = { now: () => Date.now() + ahead }
  catalog = tmdbCatalog({ apiKey: '0'.repeat(32), baseUrl: tmdb.url, clock, logger, concurrency: 3 })
})
afterEach(async () => {
  catalog.close()
  await tmdb.close()
})

const search = (page: number) => catalog.search({ query: 'matrix', page, language: 'en' })

/** What came of a call, and after how many milliseconds. */
async function outcome(call: Promise<unknown>): Promise<{ fault?: Fault; ms: number }> {
  const began = performance.now()
  const fault = await call.then(
    () => undefined,
    (error: Fault) => error,
  )
  return { ...(fault && { fault }), ms: performance.now() - began }
}

const busyTmdb = (retryAfter: string) => {
  tmdb.mode('429')
  tmdb.retryAfter = retryAfter
}

describe('a TMDB that asks to wait', () => {
  it('is asked again by all callers when the wait is over, within their 6 s', async () => {
    busyTmdb('2')
    setTimeout(() => tmdb.mode('ok'), 1_000)
    const first = Array.from({ length: 6 }, (_, n) => outcome(search(n + 1)))
    await new Promise((resolve) => setTimeout(resolve, 300))
    const told = tmdb.calls.length
    const later = Array.from({ length: 6 }, (_, n) => outcome(search(n + 11)))
    const outcomes = await Promise.all([...first, ...later])
    expect(outcomes.filter(({ fault }) => fault)).toEqual([])
    for (const { ms } of outcomes) expect(ms).toBeLessThan(6_000)
    // Whoever came during the wait asked once.
    expect(told).toBeLessThanOrEqual(6)
    expect(tmdb.calls).toHaveLength(told + 12)
  }, 10_000)

  it('is waited for again when it asks again', async () => {
    busyTmdb('1')
    setTimeout(() => tmdb.mode('ok'), 2_500)
    const { fault, ms } = await outcome(search(1))
    expect(fault).toBeUndefined()
    expect(ms).toBeGreaterThan(2_500)
    expect(tmdb.calls).toHaveLength(4)
  }, 10_000)

  it('for long gets no call meanwhile: they fail at once, and say why', async () => {
    busyTmdb('30')
    const first = await outcome(search(1))
    tmdb.mode('ok')
    const outcomes = [first, ...(await Promise.all([2, 3, 4, 5, 6].map((page) => outcome(search(page)))))]
    for (const { fault, ms } of outcomes) {
      expect(isFault(fault, 'catalog_unavailable')).toBe(true)
      expect(fault?.message).toMatch(/wait/)
      expect(ms).toBeLessThan(500)
    }
    expect(tmdb.calls).toHaveLength(1)
    ahead = 30_001
    expect((await search(1)).results).toHaveLength(1)
  })

  it('may name the time of its end, by its own clock', async () => {
    ahead = 3_600_000
    const now = Date.now()
    tmdb.headers = { date: new Date(now).toUTCString() }
    busyTmdb(new Date(now + 2_000).toUTCString())
    setTimeout(() => tmdb.mode('ok'), 300)
    const { fault, ms } = await outcome(search(1))
    expect(fault).toBeUndefined()
    expect(ms).toBeGreaterThan(1_500)
    busyTmdb(new Date(now + 40_000).toUTCString())
    expect((await outcome(search(2))).ms).toBeLessThan(500)
  }, 10_000)

  it.each(['', '0', '-3', 'soon', 'Thu, 01 Jan 1970 00:00:00 GMT'])('with %j waits a second', async (retryAfter) => {
    busyTmdb(retryAfter)
    setTimeout(() => tmdb.mode('ok'), 300)
    const { fault, ms } = await outcome(search(1))
    expect(fault).toBeUndefined()
    expect(ms).toBeGreaterThan(950)
    expect(ms).toBeLessThan(2_000)
  })

  it('is not waited for when the clock was set back', async () => {
    busyTmdb('30')
    await outcome(search(1))
    tmdb.mode('ok')
    ahead = -3_600_000
    expect((await search(1)).results).toHaveLength(1)
  })
})

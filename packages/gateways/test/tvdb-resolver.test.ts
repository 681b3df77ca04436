import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { inspect } from 'node:util'
import type { Logger } from '@stellarr/core'
import { fixedClock } from '@stellarr/core/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type FakeTvdb, startFakeTvdb } from '../src/testing/fake-tvdb.ts'
import { tvdbClient } from '../src/tvdb-client.ts'
import { tvdbResolver } from '../src/tvdb-resolver.ts'

const EPISODE = 349_232
const DAY = 24 * 3_600_000

let tvdb: FakeTvdb
let logged: string[]
let clock: ReturnType<typeof fixedClock>

function logger(): Logger {
  const write = (...parts: unknown[]) => void logged.push(inspect(parts, { depth: 20 }))
  return { debug: write, info: write, warn: write, error: write }
}

function open({ maxKept = 5_000, ...given }: { apiKey?: string; baseUrl?: string; maxKept?: number } = {}) {
  const client = tvdbClient({ apiKey: tvdb.apiKey, baseUrl: tvdb.url, clock, ...given })
  return tvdbResolver({ client, clock, logger: logger(), timeoutMs: 300, maxKept })
}

beforeEach(async () => {
  tvdb = await startFakeTvdb()
  logged = []
  clock = fixedClock()
})
afterEach(() => tvdb.close())

describe('the series of an episode', () => {
  it('is found with one login for all, and remembered', async () => {
    tvdb.episodes.set(2, 5)
    const resolver = open()
    expect(await resolver.seriesOf(EPISODE)).toBe(81_189)
    expect(await resolver.seriesOf(EPISODE)).toBe(81_189)
    expect(await resolver.seriesOf(2)).toBe(5)
    expect(tvdb.calls).toEqual(['/login', `/episodes/${EPISODE}`, '/episodes/2'])
    clock.advance(31 * DAY)
    expect(await resolver.seriesOf(EPISODE)).toBe(81_189)
    expect(tvdb.calls.slice(3)).toEqual(['/login', `/episodes/${EPISODE}`])
    expect(logged).toEqual([])
  })

  it('of many who ask at once is asked for once, with one login', async () => {
    tvdb.holdMs = 20
    tvdb.episodes.set(2, 5)
    const resolver = open()
    const answers = await Promise.all(Array.from({ length: 40 }, (_, n) => resolver.seriesOf(n % 2 ? EPISODE : 2)))
    expect(new Set(answers)).toEqual(new Set([81_189, 5]))
    expect(tvdb.calls.filter((path) => path === '/login')).toHaveLength(1)
    expect(tvdb.calls).toHaveLength(3)
  })

  it('that TVDB does not know is remembered for a day', async () => {
    const resolver = open()
    for (let n = 0; n < 3; n += 1) expect(await resolver.seriesOf(7)).toBeUndefined()
    expect(tvdb.calls).toHaveLength(2)
    tvdb.episodes.set(7, 8)
    clock.advance(DAY + 1)
    expect(await resolver.seriesOf(7)).toBe(8)
    expect(logged).toEqual([])
  })

  it('is asked for with a new token when the old one is refused, once', async () => {
    tvdb.episodes.set(2, 5)
    const resolver = open()
    await resolver.seriesOf(EPISODE)
    tvdb.expireTokens()
    expect(await resolver.seriesOf(2)).toBe(5)
    expect(tvdb.calls.slice(2)).toEqual(['/episodes/2', '/login', '/episodes/2'])
    tvdb.mode('always_401')
    expect(await resolver.seriesOf(3)).toBeUndefined()
    expect(tvdb.calls.slice(5)).toEqual(['/episodes/3', '/login', '/episodes/3'])
  })

  it('of no number is none, and nothing is asked', async () => {
    for (const id of [0, -1, 1.5, Number.NaN, 2 ** 31]) expect(await open().seriesOf(id)).toBeUndefined()
    expect(tvdb.calls).toEqual([])
  })

  it('remembers no more than it may', async () => {
    const resolver = open({ maxKept: 10 })
    for (let id = 1; id <= 11; id += 1) {
      tvdb.episodes.set(id, 1)
      await resolver.seriesOf(id)
    }
    const before = tvdb.calls.length
    await resolver.seriesOf(11)
    expect(tvdb.calls).toHaveLength(before)
    await resolver.seriesOf(1)
    expect(tvdb.calls).toHaveLength(before + 1)
  })
})

describe('a TVDB that does not help', () => {
  it.each(['down', 'slow', '500', '429', 'html', 'wrong_types', 'no_token'] as const)(
    'when it is %s: no series, no error, a rest, then another try',
    async (mode) => {
      const resolver = open()
      tvdb.mode(mode)
      const started = performance.now()
      expect(await resolver.seriesOf(EPISODE)).toBeUndefined()
      expect(performance.now() - started).toBeLessThan(1_000)
      const before = tvdb.calls.length
      for (let id = 1; id < 50; id += 1) expect(await resolver.seriesOf(id)).toBeUndefined()
      expect(tvdb.calls).toHaveLength(before)
      expect(logged).toHaveLength(1)
      tvdb.mode('ok')
      clock.advance(60_001)
      expect(await resolver.seriesOf(EPISODE)).toBe(81_189)
    },
  )

  it('keeps to what it knows meanwhile', async () => {
    const resolver = open()
    await resolver.seriesOf(EPISODE)
    tvdb.mode('down')
    await resolver.seriesOf(1)
    expect(await resolver.seriesOf(EPISODE)).toBe(81_189)
  })

  it('does not accept the key: says so once a quarter of an hour, without it', async () => {
    const resolver = open({ apiKey: 'a-key-that-nobody-may-read' })
    for (let n = 1; n < 20; n += 1) expect(await resolver.seriesOf(n)).toBeUndefined()
    expect(tvdb.calls).toEqual(['/login'])
    expect(logged.join()).toContain('TVDB_API_KEY')
    clock.advance(15 * 60_000 + 1)
    await resolver.seriesOf(1)
    expect(tvdb.calls).toEqual(['/login', '/login'])
  })

  it('no log holds the key, a token or an address, whatever goes wrong', async () => {
    for (const mode of ['down', 'slow', '500', 'html', 'wrong_types', 'no_token', 'always_401'] as const) {
      tvdb.mode(mode)
      await open().seriesOf(EPISODE)
    }
    await open({ baseUrl: 'http://127.0.0.1:1/v4' }).seriesOf(EPISODE)
    await open({ apiKey: 'a-key-that-nobody-may-read' }).seriesOf(EPISODE)
    expect(logged).toHaveLength(9)
    expect(logged.join()).not.toMatch(/0000-1111|nobody-may-read|header\.x|127\.0\.0\.1|Bearer/)
  })
})

const SAMPLES = new URL('../../../../shared/fixtures/tvdb/', import.meta.url)

it.runIf(existsSync(SAMPLES))('reads recorded answers of TVDB at hand', async () => {
  const sample = (name: string) => readFileSync(new URL(`${name}.json`, SAMPLES), 'utf8')
  const asked: string[] = []
  const server = createServer(async (req, res) => {
    let body = ''
    for await (const part of req) body += part
    asked.push(`${req.url} ${body}`)
    const known = req.url === '/episodes/127396'
    const name = req.url === '/login' ? 'login_200' : known ? 'episode_127396' : 'error_404_not_found'
    res.statusCode = name.startsWith('error') ? 404 : 200
    res.end(sample(name))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const { apikey } = JSON.parse(sample('login_request'))
  const resolver = open({ apiKey: apikey, baseUrl })
  expect(await resolver.seriesOf(127_396)).toBe(73_752)
  expect(await resolver.seriesOf(1)).toBeUndefined()
  expect(JSON.parse(asked[0]?.split(' ')[1] ?? '')).toEqual({ apikey })
  expect(logged).toEqual([])
  server.closeAllConnections()
  server.close()
})

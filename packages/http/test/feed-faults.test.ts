import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createUseCases, Fault, type Storage } from '@stellarr/core'
import { aFilmRequest, aSeriesRequest, fixedClock, memoryStorage } from '@stellarr/core/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createApp } from '../src/index.ts'

const TOKEN = 'feed-token-of-the-tests'
const FILMS = 30

/** How one call of the store goes wrong. */
type Failure = () => unknown
const FAILURES: Record<string, Failure> = {
  'a fault': () => Promise.reject(new Fault('storage_unavailable', 'locked')),
  'damaged rows': () => Promise.reject(new Fault('storage_corrupt', 'damaged')),
  'a bug': () => {
    throw new TypeError('cannot read properties of undefined')
  },
  'nothing at all': () => Promise.resolve(undefined),
  'something else': () => Promise.reject('a string'),
}

let memory: Storage
let server: Server
let url: string
let failing: { part: string; method: string; how: Failure } | undefined
let logged: unknown[]
let store: Storage

/** The store, whose calls go wrong as `failing` says. */
function unsteady(storage: Storage): Storage {
  const wrap = <Part extends object>(part: string, target: Part): Part =>
    new Proxy(target, {
      get(object, method) {
        const value: unknown = Reflect.get(object, method)
        if (typeof value !== 'function') return value
        return (...args: unknown[]) =>
          failing?.part === part && failing.method === method ? failing.how() : value.apply(object, args)
      },
    })
  return {
    ...storage,
    requests: wrap('requests', storage.requests),
    revision: wrap('revision', storage.revision),
    settings: wrap('settings', storage.settings),
    identity: wrap('identity', storage.identity),
  }
}

async function start(): Promise<void> {
  const note = (...line: unknown[]) => void logged.push(line)
  const logger = { debug: note, info: note, warn: note, error: note }
  const useCases = createUseCases({
    storage: store,
    clock: fixedClock(),
    logger,
    catalog: { kind: 'tmdb', search: never, details: never, trending: never },
    snapshots: { save: never, load: never },
    witness: { load: async () => undefined, save: async () => undefined },
    deriveKey: never,
    trendingBody: () => '',
    signIn: { appSecretKey: 'x'.repeat(16), passwords: { household: 'h', operator: 'o' }, iterations: 100_000 },
  })
  const app = createApp(useCases, {
    version: '0.0.0',
    logger,
    store: 'memory',
    tokens: { feed: [TOKEN], sync: [], plex: [] },
    baseUrls: [],
    allowPrivateOrigins: true,
    trustedProxies: [],
    keepAnswers: true,
  })
  server = createServer(app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const never = () => Promise.reject(new Error('not for feeds'))

beforeEach(async () => {
  memory = memoryStorage({ clock: fixedClock() })
  logged = []
  failing = undefined
  store = unsteady(memory)
  for (let n = 1; n <= FILMS; n += 1) {
    await memory.requests.add(aFilmRequest({ tmdbId: n, imdbId: `tt${String(n).padStart(7, '0')}` }))
  }
  await memory.requests.add(aSeriesRequest())
  await start()
})
afterEach(() => new Promise((resolve) => server.close(resolve)))

const feed = (path: string) => fetch(url + path, { headers: { 'x-api-key': TOKEN } })
const FEEDS = [
  ['/list/radarr', FILMS],
  ['/list/radarr?by=tmdb', FILMS],
  ['/list/sonarr', 1],
] as const

describe.each(Object.entries(FAILURES))('when the store answers with %s', (_, how) => {
  it.each([
    ['requests', 'list'],
    ['revision', 'current'],
    ['identity', 'storeId'],
  ])('to %s.%s, every feed is a 503, and whole again afterwards', async (part, method) => {
    failing = { part, method, how }
    for (const [path] of FEEDS) {
      const answer = await feed(path)
      expect([path, answer.status]).toEqual([path, 503])
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
      expect(await answer.json()).toMatchObject({ code: expect.stringMatching(/^storage_|wrong_store/) })
    }
    expect(logged.length).toBeGreaterThan(0)
    failing = undefined
    for (const [path, rows] of FEEDS) expect(await (await feed(path)).json()).toHaveLength(rows)
  })

  it('to the note of who read, the feed is whole all the same', async () => {
    failing = { part: 'settings', method: 'getOrCreate', how }
    for (const [path, rows] of FEEDS) {
      const answer = await feed(path)
      expect(answer.status).toBe(200)
      expect(await answer.json()).toHaveLength(rows)
    }
  })
})

it('never keeps an answer over a change', async () => {
  expect(await (await feed('/list/radarr')).json()).toHaveLength(FILMS)
  await memory.requests.add(aFilmRequest({ tmdbId: 999, imdbId: 'tt0000999' }))
  expect(await (await feed('/list/radarr')).json()).toHaveLength(FILMS + 1)
})

it('compresses for who asks, and answers HEAD as GET', async () => {
  for (const [accept, encoding] of [
    ['gzip', 'gzip'],
    ['identity', null],
    ['gzip;q=0', null],
  ] as const) {
    const answer = await fetch(`${url}/list/radarr`, { headers: { 'x-api-key': TOKEN, 'accept-encoding': accept } })
    expect(answer.headers.get('content-encoding')).toBe(encoding)
    expect(await answer.json()).toHaveLength(FILMS)
  }
  const head = await fetch(`${url}/list/radarr`, { method: 'HEAD', headers: { 'x-api-key': TOKEN } })
  expect([head.status, await head.text()]).toEqual([200, ''])
})

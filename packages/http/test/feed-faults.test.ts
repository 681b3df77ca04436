import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Deployment, Fault, markImport, parseFeedSettings, type Storage, sessionTokens } from '@stellarr/core'
import { aMovieRequest, aSeriesRequest, fixedClock, memoryStorage } from '@stellarr/core/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createApp } from '../src/index.ts'
import { eachSender } from '../src/settings.ts'
import { bareUseCases } from './bare-use-cases.ts'

const TOKEN = 'feed-token-of-the-tests'
const MOVIES = 30
const SIGN_IN = { appSecretKey: 'x'.repeat(16), passwords: { household: 'h', admin: 'o' } }

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

async function start(given: Partial<Deployment> = {}): Promise<void> {
  const note = (...line: unknown[]) => void logged.push(line)
  const logger = { debug: note, info: note, warn: note, error: note }
  const signIn = { ...SIGN_IN, iterations: 100_000 }
  const useCases = bareUseCases({ storage: store, clock: fixedClock(), logger, signIn, ...given })
  const app = createApp(useCases, {
    version: '0.0.0',
    logger,
    store: 'memory',
    tokens: { feed: [TOKEN], sync: [], ...eachSender(() => []) },
    baseUrls: [],
    allowPrivateOrigins: true,
    trustedProxies: [],
    keepAnswers: true,
  })
  server = createServer(app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

beforeEach(async () => {
  memory = memoryStorage({ clock: fixedClock() })
  logged = []
  failing = undefined
  store = unsteady(memory)
  for (let n = 1; n <= MOVIES; n += 1) {
    await memory.requests.add(aMovieRequest({ tmdbId: n, imdbId: `tt${String(n).padStart(7, '0')}` }))
  }
  await memory.requests.add(aSeriesRequest())
  await start()
})
afterEach(() => new Promise((resolve) => server.close(resolve)))

/** What the admin is answered. */
async function admin(path: string, method: string): Promise<unknown> {
  const clock = fixedClock()
  const token = await sessionTokens({ clock, ...SIGN_IN }).issue('admin', 'Op', clock.now())
  return (await fetch(url + path, { method, headers: { authorization: `Bearer ${token}` } })).json()
}

const feed = (path: string) => fetch(url + path, { headers: { 'x-api-key': TOKEN } })
const FEEDS = [
  ['/list/radarr', MOVIES],
  ['/list/radarr?by=tmdb', MOVIES],
  ['/list/radarr?profile=Standard', MOVIES],
  ['/list/sonarr', 1],
  ['/radarr/api/v3/movie', MOVIES],
  ['/sonarr/api/v3/series', 1],
  ['/rss/movies', MOVIES],
  ['/rss/tv', 1],
  ['/rss/all', MOVIES + 1],
] as const

/** The titles of a list, JSON or RSS. */
async function titlesIn(answer: Response): Promise<number> {
  const text = await answer.text()
  if (text.startsWith('<?xml')) return text.match(/<item>/g)?.length ?? 0
  const rows: unknown = JSON.parse(text)
  return Array.isArray(rows) ? rows.length : -1
}

async function expectAllWhole(): Promise<void> {
  for (const [path, rows] of FEEDS) {
    const answer = await feed(path)
    expect([path, answer.status, await titlesIn(answer)]).toEqual([path, 200, rows])
  }
}

describe.each(Object.entries(FAILURES))('when the store answers with %s', (name, how) => {
  const calls = [
    ['requests', 'list'],
    ['revision', 'current'],
    ['identity', 'storeId'],
    ['identity', 'isNew'],
    // Nothing at all is what a store says that has no such setting.
    ...(name === 'nothing at all' ? [] : [['settings', 'get']]),
  ]
  it.each(calls)('to %s.%s, every feed is a 503, and whole again afterwards', async (part, method) => {
    failing = { part, method, how }
    for (const [path] of FEEDS) {
      const answer = await feed(path)
      expect([path, answer.status]).toEqual([path, 503])
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
      expect(await answer.json()).toMatchObject({ code: expect.stringMatching(/^storage_/) })
    }
    expect(logged.length).toBeGreaterThan(0)
    failing = undefined
    await expectAllWhole()
  })

  it('to the note of who read, every feed is whole all the same', async () => {
    // Everybody who asked has a tag already.
    await feed('/sonarr/api/v3/series')
    failing = { part: 'settings', method: 'update', how }
    await expectAllWhole()
  })
})

it('does not wait for a note of who read that takes for ever', async () => {
  await expectAllWhole()
  failing = { part: 'settings', method: 'update', how: () => new Promise(() => undefined) }
  await memory.requests.advance({ mediaType: 'movie', tmdbId: 1 }, { status: 'picked_up', source: 'radarr', at: 9e12 })
  await expectAllWhole()
})

it('every feed and every menu is a 503 with a word of its own over a new store until the admin says it is meant', async () => {
  await new Promise((resolve) => server.close(resolve))
  await start({ newStoreIsExpected: false })
  const menus = ['radarr', 'sonarr'].flatMap((app) =>
    ['qualityprofile', 'tag', 'rootfolder'].map((menu) => `/${app}/api/v3/${menu}`),
  )
  menus.push('/sonarr/api/v3/languageprofile')
  for (const path of [...FEEDS.map(([path]) => path), ...menus]) {
    const answer = await feed(path)
    expect([path, answer.status, answer.headers.get('retry-after')]).toEqual([path, 503, '3600'])
    expect(await answer.json()).toMatchObject({ code: 'store_new', detail: expect.stringContaining('never been used') })
  }
  expect(await admin('/api/feeds', 'GET')).toMatchObject({ closed: 'store_new' })
  expect(await admin('/api/admin/notices', 'GET')).toMatchObject({ notices: [{ code: 'store_new' }] })
  expect(await admin('/api/admin/confirm-store', 'POST')).toMatchObject({ success: true })
  expect(await admin('/api/feeds', 'GET')).toMatchObject({ closed: null })
  await expectAllWhole()
  for (const path of menus) expect([path, (await feed(path)).status]).toEqual([path, 200])
})

it('closes every menu of the clients with the feeds', async () => {
  for (const path of ['radarr/api/v3/qualityprofile', 'radarr/api/v3/tag', 'sonarr/api/v3/rootfolder']) {
    expect((await feed(`/${path}`)).status).toBe(200)
    failing = { part: 'settings', method: 'get', how: () => Promise.reject(new Error('a bug')) }
    expect((await feed(`/${path}`)).status).toBe(503)
    failing = undefined
  }
})

it('answers 429 to a key that makes the rows be read too often, and still sends what is kept', async () => {
  const change = (n: number) =>
    memory.requests.advance({ mediaType: 'movie', tmdbId: 1 }, { status: 'picked_up', source: 'radarr', at: n })
  const statuses: number[] = []
  for (let n = 0; n < 610; n += 1) {
    await change(n)
    const answer = await feed('/list/sonarr')
    await answer.text()
    statuses.push(answer.status)
    if (answer.status === 429) expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
  }
  // A minute may have turned over meanwhile.
  expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(600)
  expect(new Set(statuses).size).toBeLessThanOrEqual(2)
})

it('never keeps an answer over a change', async () => {
  expect(await (await feed('/list/radarr')).json()).toHaveLength(MOVIES)
  await memory.requests.add(aMovieRequest({ tmdbId: 999, imdbId: 'tt0000999' }))
  expect(await (await feed('/list/radarr')).json()).toHaveLength(MOVIES + 1)
})

it('compresses for who asks, and answers HEAD as GET', async () => {
  for (const [accept, encoding] of [
    ['gzip', 'gzip'],
    ['identity', null],
    ['gzip;q=0', null],
  ] as const) {
    const answer = await fetch(`${url}/list/radarr`, { headers: { 'x-api-key': TOKEN, 'accept-encoding': accept } })
    expect(answer.headers.get('content-encoding')).toBe(encoding)
    expect(await answer.json()).toHaveLength(MOVIES)
  }
  const head = await fetch(`${url}/list/radarr`, { method: 'HEAD', headers: { 'x-api-key': TOKEN } })
  expect([head.status, await head.text()]).toEqual([200, ''])
})

it('every feed is a 503 with a word of its own while an import fills the store', async () => {
  await expectAllWhole()
  const settings = parseFeedSettings(await memory.settings.get('feeds'))
  await memory.settings.set('feeds', JSON.stringify(markImport(settings, 'x')))
  for (const [path] of FEEDS) {
    const answer = await feed(path)
    expect([path, answer.status, answer.headers.get('retry-after')]).toEqual([path, 503, '60'])
    expect(await answer.json()).toMatchObject({ code: 'import_running' })
  }
  // Lists that are empty for the time of the import are no notice of their own.
  await memory.settings.set('feeds', JSON.stringify({ ...settings, importing: 'x', read: ['radarr?profile=9'] }))
  expect(await admin('/api/admin/notices', 'GET')).toMatchObject({ notices: [{ code: 'import_running' }] })
  expect(await admin('/api/admin/confirm-store', 'POST')).toMatchObject({ success: true })
  expect(await admin('/api/admin/notices', 'GET')).toEqual({ notices: [] })
  await expectAllWhole()
})

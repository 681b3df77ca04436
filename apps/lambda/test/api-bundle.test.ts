import { createHash, pbkdf2Sync } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { type FakeTmdb, startFakeTmdb, startFakeTvdb } from '@stellarr/gateways/testing'
import { type Engine, startEngine } from '@stellarr/storage-dynamo/testing'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Instance, spawnInstance, unpack } from '../../../infra/src/local/instance.ts'
import { anEvent, apiSettings, ask } from './lambda-house.ts'

let engine: Engine
let tmdb: FakeTmdb
let unpacked: ReturnType<typeof unpack>
let settings: Record<string, string>
const instances: Instance[] = []

beforeAll(async () => {
  engine = await startEngine()
  tmdb = await startFakeTmdb()
  unpacked = unpack('api')
  settings = await apiSettings(engine)
})
afterEach(async () => {
  await Promise.all(instances.splice(0).map((instance) => instance.stop()))
})
afterAll(async () => {
  await engine.stop()
  await tmdb.close()
  unpacked.remove()
})

function start(env: Record<string, string> = {}): Instance {
  const instance = spawnInstance(unpacked.folder, { ...settings, ...env })
  instances.push(instance)
  return instance
}

const withTmdb = () => ({ TMDB_API_KEY: '0'.repeat(32), TMDB_BASE_URL: tmdb.url })

/** A second for each sign-in: two in one are the same challenge. */
const BEGAN = Math.floor(Date.now() / 1000)
let signIns = 0

/** Signs in through the bundle; answers the header of a session. */
async function signIn(instance: Instance, password = settings.PRESHARED_PASSWORD): Promise<Record<string, string>> {
  const origin = settings.BASE_URL ?? ''
  const key = pbkdf2Sync(password ?? '', origin, 100_000, 32, 'sha256').toString('hex')
  signIns += 1
  const timestamp = BEGAN - signIns
  const hash = createHash('sha256').update(`${key}:${timestamp}`).digest('hex')
  const body = JSON.stringify({ origin, timestamp, hash, name: 'Ann' })
  const answer = await ask(
    instance,
    anEvent('/api/auth/verify', { method: 'POST', headers: { 'content-type': 'application/json' }, body }),
  )
  expect(answer.statusCode, answer.body).toBe(200)
  return { authorization: `Bearer ${JSON.parse(answer.body).token}` }
}

const FEED = '/list/radarr?token=feed-token-of-the-tests'

describe('the package', () => {
  it('is small, and nothing of an AWS SDK is in it', () => {
    const zip = readFileSync(join(import.meta.dirname, '../dist/api.zip'))
    expect(zip.length).toBeLessThanOrEqual(250 * 1024)
    for (const name of ['api', 'refresh-trending'] as const) {
      const folder = join(import.meta.dirname, '../dist', name)
      for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile()) continue
        const text = readFileSync(join(entry.parentPath, entry.name), 'utf8')
        expect(text, entry.name).not.toMatch(/@aws-sdk|@smithy|aws-sdk-js/)
        // What signs does so by the stand-in for Web Crypto.
        if (text.includes('aws4_request')) expect(text, entry.name).not.toContain('crypto.subtle.sign')
      }
    }
  })

  it('has the same bytes whenever it is built', () => {
    const zip = readFileSync(join(import.meta.dirname, '../dist/api.zip'))
    // Each local header: signature, then at offset 10 the time and date, which are those of the first day of zips.
    expect(zip.readUInt32LE(0)).toBe(0x04034b50)
    expect(zip.readUInt32LE(10)).toBe(0x0022_0000)
  })
})

it('keeps the lists of a table closed that was never written to and that no setting names', async () => {
  const DYNAMODB_TABLE = await engine.freshTable()
  const [unnamed, named] = [start({ DYNAMODB_TABLE, STORE_ID: '' }), start()]
  const closed = await ask(unnamed, anEvent(FEED))
  expect([closed.statusCode, JSON.parse(closed.body).code]).toEqual([503, 'store_new'])
  expect((await ask(named, anEvent(FEED))).body).toBe('[]')
})

describe('what each route loads', () => {
  const TMDB = 'api.themoviedb.org'
  const TVDB = 'api4.thetvdb.com'
  const SAMPLE = 'tt0133093'

  /** Of the split code, what this instance has loaded. */
  function chunks(instance: Instance): string[] {
    const texts = instance.loaded().map((name) => {
      const path = name === 'index.mjs' ? name : join('chunks', name)
      return readFileSync(join(unpacked.folder, path), 'utf8')
    })
    const has = (marker: string) => texts.some((text) => text.includes(marker))
    return [
      ...(has('powered') ? ['app'] : []),
      ...(has(TMDB) ? ['tmdb'] : []),
      ...(has(TVDB) ? ['tvdb'] : []),
      ...(has(SAMPLE) ? ['sample'] : []),
      ...(has('AmazonSSM') ? ['ssm'] : []),
    ]
  }

  it('is nothing at all for whoever did not come through the CDN', async () => {
    const instance = start()
    const event = anEvent('/api/health')
    for (const secret of ['', 'wrong', undefined]) {
      const { 'x-origin-verify': _, ...headers } = event.headers
      const given = secret === undefined ? headers : { ...headers, 'x-origin-verify': secret }
      const answer = await ask(instance, { ...event, headers: given })
      expect([answer.statusCode, JSON.parse(answer.body).code]).toEqual([403, 'not_from_cdn'])
      expect(answer.headers['cache-control']).toBe('no-store')
    }
    expect(chunks(instance)).toEqual([])
  })

  it('is the app alone for health, feeds, sign-in, requests and syncs', async () => {
    const instance = start(withTmdb())
    expect((await ask(instance, anEvent('/api/health'))).statusCode).toBe(200)
    expect((await ask(instance, anEvent(FEED))).body).toBe('[]')
    const session = await signIn(instance)
    expect((await ask(instance, anEvent('/api/requests', { headers: session }))).statusCode).toBe(200)
    expect((await ask(instance, anEvent('/api/library-status', { headers: session }))).statusCode).toBe(200)
    const sync = await ask(
      instance,
      anEvent('/sync/library?media_type=movie&token=sync-token-of-the-tests', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '[]',
      }),
    )
    expect(sync.statusCode).toBe(200)
    expect(chunks(instance)).toEqual(['app'])
  })

  it.each([
    ['TMDB for a search with its key', true, ['app', 'tmdb']],
    ['the sample catalogue for a search without', false, ['app', 'sample']],
  ])('is %s', async (_, hasKey, expected) => {
    const instance = start(hasKey ? withTmdb() : {})
    const search = anEvent('/api/search', {
      method: 'POST',
      headers: { ...(await signIn(instance)), 'content-type': 'application/json' },
      body: JSON.stringify({ query: 'matrix' }),
    })
    const answer = await ask(instance, search)
    expect(JSON.parse(answer.body).results[0].title).toBe('The Matrix')
    expect(chunks(instance)).toEqual(expected)
  })

  it('is TVDB, where there is a key for it, for the details of a series alone', async () => {
    const tvdb = await startFakeTvdb()
    tvdb.series.set(
      81_189,
      [2008, 2009].map((seasonNumber) => ({ seasonNumber, number: 1, aired: null })),
    )
    const key = { TVDB_API_KEY: tvdb.apiKey, TVDB_BASE_URL: tvdb.url }
    const instance = start({ ...withTmdb(), ...key })
    const headers = await signIn(instance)
    const details = async (path: string) => JSON.parse((await ask(instance, anEvent(path, { headers }))).body)
    expect((await details('/api/title/movie/603')).title).toBe('The Matrix')
    expect(chunks(instance)).toEqual(['app', 'tmdb'])
    const { seasons } = await details('/api/title/tv/1396')
    expect(seasons.map((season: { season_number: number }) => season.season_number)).toEqual([2008, 2009])
    expect(chunks(instance)).toEqual(['app', 'tmdb', 'tvdb'])
    expect(tvdb.calls).toEqual(['/login', '/series/81189/episodes/default?page=0'])
    expect(instance.output()).not.toContain(tvdb.apiKey)
    const sample = start(key)
    const event = anEvent('/api/title/tv/1396', { headers: await signIn(sample) })
    expect(JSON.parse((await ask(sample, event)).body).seasons).toHaveLength(5)
    expect(chunks(sample)).toEqual(['app', 'sample'])
    await tvdb.close()
  })

  it('is the sample catalogue for a poster, with TMDB too', async () => {
    const instance = start(withTmdb())
    const poster = await ask(instance, anEvent('/posters/movie-603.svg'))
    expect([poster.statusCode, poster.headers['content-type']]).toEqual([200, 'image/svg+xml; charset=utf-8'])
    expect((await ask(instance, anEvent('/posters/movie-0.svg'))).statusCode).toBe(404)
    expect(chunks(instance)).toEqual(['app', 'sample'])
  })
})

describe('events', () => {
  it('are read whatever their body’s form', async () => {
    const instance = start()
    const session = await signIn(instance)
    const json = JSON.stringify({ query: 'amélie 漢字' })
    const headers = { ...session, 'content-type': 'application/json' }
    const asText = anEvent('/api/search', { method: 'POST', headers, body: json })
    expect(asText.isBase64Encoded).toBe(false)
    const asBase64 = { ...asText, body: Buffer.from(json).toString('base64'), isBase64Encoded: true }
    const answers = [await ask(instance, asText), await ask(instance, asBase64)]
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200])
    expect(answers[1]?.body).toBe(answers[0]?.body)
    const { body: _, ...without } = asText
    expect(
      (await ask(instance, { ...without, headers: { ...without.headers, 'content-length': '0' } })).statusCode,
    ).toBe(422)
    for (const length of ['7', '700']) {
      const event = { ...asText, headers: { ...asText.headers, 'content-length': length } }
      expect((await ask(instance, event)).statusCode).toBe(200)
    }
  })

  it('keep repeated query keys apart, Unicode paths whole, and cookies out of the way', async () => {
    const instance = start()
    const answer = async (url: string, asked = {}) => {
      const { statusCode, body } = await ask(instance, anEvent(url, asked))
      return [statusCode, JSON.parse(body).code]
    }
    expect(await answer(`${FEED}&token=x`)).toEqual([401, 'bad_token'])
    expect(await answer('/list/漢字')).toEqual([404, 'not_found'])
    expect(await answer(`/posters/${encodeURIComponent('漢字 é.svg')}`)).toEqual([404, 'not_found'])
    expect(await answer('/posters/%E0%A4%A')).toEqual([400, 'bad_request'])
    expect(await answer('/api/nothing/a%2Fb')).toEqual([401, 'signed_out'])
    const cookies = anEvent(FEED, { headers: { cookie: 'a=1; b=2' } })
    expect(cookies.cookies).toEqual(['a=1', 'b=2'])
    expect((await ask(instance, cookies)).statusCode).toBe(200)
  })

  it('count sign-ins by the viewer’s address, one /48 of IPv6 being one client', async () => {
    const instance = start()
    const wrong = async (viewer: string, n: number) => {
      const body = JSON.stringify({
        origin: settings.BASE_URL,
        timestamp: Math.floor(Date.now() / 1000),
        hash: n.toString(16).padStart(64, '0'),
        name: 'Eve',
      })
      const headers = { 'content-type': 'application/json', 'x-forwarded-for': `10.0.0.${n}` }
      return (await ask(instance, anEvent('/api/auth/verify', { method: 'POST', headers, body, viewer }))).statusCode
    }
    const sameHouse: number[] = []
    for (let n = 0; n < 6; n += 1) sameHouse.push(await wrong(`2001:db8:7:${n}::1`, n))
    expect(sameHouse).toEqual([401, 401, 401, 401, 401, 429])
    const others: number[] = []
    for (let n = 0; n < 6; n += 1) others.push(await wrong(`198.51.100.${n}`, 16 + n))
    expect(others).toEqual([401, 401, 401, 401, 401, 401])
  })

  it('are noted for the admin where they are refused, but only those that came through the CDN', async () => {
    const instance = start(await apiSettings(engine))
    const headers = { 'x-api-key': 'wrong', 'user-agent': 'Radarr/6.1.0 (x)' }
    const event = anEvent('/radarr/api/v3/movie', { headers, viewer: '2001:db8:7:1::1' })
    const { 'x-origin-verify': _, ...withoutSecret } = event.headers
    expect((await ask(instance, { ...event, headers: withoutSecret })).statusCode).toBe(403)
    const admin = await signIn(instance, settings.ADMIN_PASSWORD)
    const refused = async () =>
      JSON.parse((await ask(instance, anEvent('/api/admin/refused', { headers: admin }))).body)
    expect(await refused()).toEqual({ refused: [] })
    expect((await ask(instance, event)).statusCode).toBe(401)
    const row = { kind: 'wrong_key', place: 'radarr-list', address: '2001:db8:7::/48', app: 'Radarr', count: 1 }
    expect(await refused()).toMatchObject({ refused: [row] })
  })

  it('are logged with the request’s id, and no secret', async () => {
    const instance = start({ DYNAMODB_ENDPOINT: 'http://127.0.0.1:9' })
    const answer = await ask(instance, anEvent(FEED))
    expect([answer.statusCode, JSON.parse(answer.body).code]).toEqual([503, 'storage_unavailable'])
    const line = instance
      .output()
      .split('\n')
      .map((text) => (text.startsWith('{') ? JSON.parse(text) : {}))
      .find((one) => one.code === 'storage_unavailable')
    expect(line).toMatchObject({ level: 'WARN', path: '/list/radarr', function_request_id: expect.stringMatching(/-/) })
    for (const [name, value] of Object.entries(settings)) {
      if (/KEY|PASSWORD|TOKEN|SECRET/.test(name)) expect(instance.output(), name).not.toContain(value)
    }
  })
})

describe('an answer in time', () => {
  it('is 503 before the function is cut off, when the store says nothing', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1')
    await new Promise((resolve) => silent.once('listening', resolve))
    const { port } = silent.address() as AddressInfo
    const instance = start({ DYNAMODB_ENDPOINT: `http://127.0.0.1:${port}` })
    await ask(instance, anEvent('/api/health'))
    expect(await instance.invoke(anEvent(FEED), 1_500)).toMatchObject({ statusCode: 503 })
    silent.closeAllConnections()
    silent.close()
  })
})

describe('the start', () => {
  it.each(['APP_SECRET_KEY', 'FEED_TOKEN', 'ORIGIN_VERIFY_SECRET', 'BASE_URL', 'DYNAMODB_TABLE'])(
    'is refused without %s, in one line',
    async (name) => {
      const instance = start({ [name]: '' })
      await expect(instance.invoke(anEvent('/api/health'))).rejects.toThrow(`${name}: expected`)
      expect(instance.output()).toMatch(new RegExp(`^stellarr cannot start\\. ${name}: expected .+\\.\n$`))
    },
  )
})

it('stores one of 50 that 50 instances add at once', async () => {
  const processes = Array.from({ length: 5 }, () => start(withTmdb()))
  const crowd = Array.from({ length: 50 }, (_, n) => (event: unknown) => ask(processes[n % 5] ?? start(), event, n))
  await Promise.all(crowd.map((send) => send(anEvent('/api/health'))))
  const session = await signIn(start())
  const headers = { ...session, 'content-type': 'application/json' }
  const request = anEvent('/api/request', { method: 'POST', headers, body: '{"tmdb_id":603,"media_type":"movie"}' })
  const answers = await Promise.all(crowd.map((send) => send(request)))
  expect(answers.map(({ statusCode }) => statusCode)).toEqual(crowd.map(() => 200))
  expect(answers.filter(({ body }) => JSON.parse(body).success)).toHaveLength(1)
  const rows = await ask(start(), anEvent('/api/requests', { headers: session }))
  expect(JSON.parse(rows.body).requests).toHaveLength(1)
}, 120_000)

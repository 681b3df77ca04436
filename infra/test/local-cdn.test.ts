import { gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type CdnAnswer, createCdn, matches } from '../src/local/cdn.ts'
import type { Behaviour, Cdn } from '../src/local/cdn-template.ts'
import type { FunctionRequest } from '../src/local/function-url.ts'
import { MANAGED_CACHE_POLICIES, MANAGED_REQUEST_POLICIES } from '../src/local/managed-policies.ts'
import { type OwnServer, ownServer } from '../src/local/own-server.ts'

const [disabled, optimized] = Object.values(MANAGED_CACHE_POLICIES)
const [allViewer] = Object.values(MANAGED_REQUEST_POLICIES)
if (!disabled || !optimized || !allViewer) throw new Error('no policies')
const ALL = ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE']

const site: Behaviour = {
  pattern: '*',
  origin: { kind: 'bucket', bucket: 'web', mayList: true },
  methods: ['GET', 'HEAD'],
  compress: true,
  cache: { ...optimized, minTtl: 0 },
  request: { headers: 'none', query: false, cookies: false },
  responseHeaders: {
    'x-content-type-options': { value: 'nosniff', override: true },
    'x-frame-options': { value: 'DENY', override: false },
  },
  viewerRequest: `function handler(event) { if (!/[.]/.test(event.request.uri)) event.request.uri = '/index.html'; return event.request }`,
}
const api: Behaviour = {
  pattern: '/api/*',
  origin: { kind: 'function', functionId: 'Api', headers: { 'x-origin-verify': 'a-secret' } },
  methods: ALL,
  compress: false,
  cache: disabled,
  request: allViewer,
  responseHeaders: {},
  viewerRequest: undefined,
}
const posters: Behaviour = { ...api, pattern: '/posters/*', methods: ['GET', 'HEAD'], cache: optimized }

let server: OwnServer | undefined
let url: string
let called: FunctionRequest[]
let read: { bucket: string; path: string; headers: Record<string, string> }[]
let functionAnswer: CdnAnswer
let objects: Record<string, CdnAnswer>

const anAnswer = (body: string, headers: Record<string, string | string[]> = {}, status = 200): CdnAnswer => ({
  status,
  headers: { 'content-type': 'text/html', ...headers },
  body: Buffer.from(body),
})

async function open(cdn: Partial<Cdn>) {
  const whole: Cdn = { behaviours: [api, posters, site], errorMs: () => undefined, ...cdn }
  server = await ownServer(
    createCdn(whole, {
      bucket: async (bucket, path, headers) => {
        read.push({ bucket, path, headers })
        const found = objects[path]
        if (!found) return anAnswer('<Code>NoSuchKey</Code>', {}, 404)
        const isKnown = found.headers.etag !== undefined && headers['if-none-match'] === found.headers.etag
        return isKnown ? { ...found, status: 304, body: Buffer.alloc(0) } : found
      },
      functionUrl: async (_id, request) => {
        called.push(request)
        return functionAnswer
      },
    }),
  )
  url = server.url
}

beforeEach(() => {
  called = []
  read = []
  functionAnswer = anAnswer('{}', { 'content-type': 'application/json', 'cache-control': 'no-store' })
  objects = { '/index.html': anAnswer('the page', { 'cache-control': 'no-cache', etag: '"1"' }) }
})
afterEach(() => {
  vi.useRealTimers()
  return server?.close()
})

it.each([
  ['*', '/any/path.js', true],
  ['/api/*', '/api/requests', true],
  ['/api/*', '/api/', true],
  ['/api/*', '/api', false],
  ['/api/*', '/API/requests', false],
  ['/api/*', '/x/api/requests', false],
  ['/trending-*.json', '/trending-all-en.json', true],
  ['/trending-*.json', '/trending-all-en_json', false],
  ['list/*', '/list/radarr', true],
  ['/a?c', '/abc', true],
  ['/a?c', '/ac', false],
])('the pattern %s and the path %s: %s', (pattern, path, expected) => {
  expect(matches(pattern, path)).toBe(expected)
})

describe('what is asked of a function', () => {
  it('carries every header but the host, the query, the body, and the secret that the viewer cannot give', async () => {
    await open({})
    await fetch(`${url}/api/request?a=1&a=2`, {
      method: 'POST',
      headers: { authorization: 'Bearer x', 'x-api-key': 'y', cookie: 'a=b', 'x-origin-verify': 'guessed' },
      body: 'text',
    })
    const [request] = called
    expect(request).toMatchObject({ method: 'POST', url: '/api/request?a=1&a=2' })
    expect(request?.body.toString()).toBe('text')
    expect(request?.headers).toMatchObject({
      authorization: ['Bearer x'],
      'x-api-key': ['y'],
      cookie: ['a=b'],
      'x-origin-verify': ['a-secret'],
      'cloudfront-viewer-address': ['127.0.0.1:46532'],
      'x-forwarded-for': ['127.0.0.1'],
    })
    expect(request?.headers).not.toHaveProperty('host')
  })

  it('answers with cookies where they are passed on to it, and nowhere else', async () => {
    functionAnswer = anAnswer('{}', { 'cache-control': 'no-store', 'set-cookie': ['a=1; Path=/api/auth', 'b=2'] })
    await open({})
    const sign = () => fetch(`${url}/api/auth/verify`, { method: 'POST', body: '{}' })
    expect((await sign()).headers.getSetCookie()).toEqual(['a=1; Path=/api/auth', 'b=2'])
    await server?.close()
    await open({ behaviours: [{ ...api, request: { ...allViewer, cookies: false } }] })
    expect((await sign()).headers.getSetCookie()).toEqual([])
  })

  it('is what the behaviour allows: no other method, no body with a GET', async () => {
    await open({})
    expect((await fetch(`${url}/posters/a.svg`, { method: 'POST', body: 'x' })).status).toBe(403)
    const status = await new Promise((resolve) => {
      const { request } = process.getBuiltinModule('node:http')
      const asked = request(`${url}/api/requests`, { method: 'GET', headers: { 'content-length': 1 } }, (answer) =>
        resolve(answer.statusCode),
      )
      asked.end('x')
    })
    expect(status).toBe(403)
    expect(called).toEqual([])
  })

  it('is answered as the function answers, errors too', async () => {
    functionAnswer = anAnswer('{"code":"not_found"}', { 'content-type': 'application/json' }, 404)
    await open({})
    const answer = await fetch(`${url}/api/nothing`)
    expect([answer.status, await answer.text()]).toEqual([404, '{"code":"not_found"}'])
  })
})

describe('what is asked of a bucket', () => {
  it('is the page for every path without a file ending, with nothing of the viewer', async () => {
    await open({})
    const answer = await fetch(`${url}/title/movie/603?token=x`, { headers: { authorization: 'x', cookie: 'a=b' } })
    expect([answer.status, await answer.text()]).toEqual([200, 'the page'])
    expect(read).toMatchObject([{ bucket: 'web', path: '/index.html' }])
    expect(JSON.stringify(read)).not.toMatch(/token|authorization|cookie/)
  })

  it('may be missing: 404 with the right to list, else 403', async () => {
    await open({})
    expect((await fetch(`${url}/gone.js`)).status).toBe(404)
    await server?.close()
    await open({ behaviours: [{ ...site, origin: { kind: 'bucket', bucket: 'web', mayList: false } }] })
    expect((await fetch(`${url}/gone.js`)).status).toBe(403)
  })

  it('gets the security headers, over what the origin says where the policy does so', async () => {
    objects['/index.html'] = anAnswer('x', { 'x-frame-options': 'SAMEORIGIN', 'x-content-type-options': 'sniff' })
    await open({})
    const { headers } = await fetch(url)
    expect([headers.get('x-frame-options'), headers.get('x-content-type-options')]).toEqual(['SAMEORIGIN', 'nosniff'])
  })

  it('is compressed when it is text of some length', async () => {
    objects['/a.js'] = anAnswer('x'.repeat(2_000), { 'content-type': 'text/javascript' })
    objects['/b.png'] = anAnswer('x'.repeat(2_000), { 'content-type': 'image/png' })
    await open({})
    const raw = (path: string) =>
      new Promise<{ encoding: string | undefined; body: Buffer }>((resolve) => {
        const { get } = process.getBuiltinModule('node:http')
        get(url + path, { headers: { 'accept-encoding': 'gzip' } }, async (answer) => {
          const parts: Buffer[] = []
          for await (const part of answer) parts.push(part)
          resolve({ encoding: answer.headers['content-encoding'], body: Buffer.concat(parts) })
        })
      })
    const text = await raw('/a.js')
    expect([text.encoding, gunzipSync(text.body).length]).toEqual(['gzip', 2_000])
    expect((await raw('/b.png')).encoding).toBeUndefined()
  })
})

describe('what is kept', () => {
  it('is asked for again by its tag when it says no-cache', async () => {
    await open({})
    await fetch(url)
    const again = await fetch(url)
    expect([again.status, await again.text()]).toEqual([200, 'the page'])
    expect(read.map(({ headers }) => headers['if-none-match'])).toEqual([undefined, '"1"'])
    expect((await fetch(url, { headers: { 'if-none-match': '"1"' } })).status).toBe(304)
  })

  it('is kept as long as it says, and no longer', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    objects['/a.js'] = anAnswer('1', { 'cache-control': 'public, max-age=60' })
    await open({})
    for (let n = 0; n < 3; n += 1) await fetch(`${url}/a.js`)
    expect(read).toHaveLength(1)
    vi.setSystemTime(Date.now() + 61_000)
    await fetch(`${url}/a.js`)
    expect(read).toHaveLength(2)
  })

  it('is nothing where caching is off', async () => {
    functionAnswer = anAnswer('[]', { 'cache-control': 'public, max-age=60' })
    await open({})
    for (let n = 0; n < 2; n += 1) await fetch(`${url}/api/requests`)
    expect(called).toHaveLength(2)
  })

  it('is what is missing for ten seconds too, unless it says no', async () => {
    functionAnswer = anAnswer('{}', {}, 404)
    await open({})
    for (let n = 0; n < 2; n += 1) await fetch(`${url}/api/nothing`)
    expect(called).toHaveLength(1)
    functionAnswer = anAnswer('{}', { 'cache-control': 'no-store' }, 404)
    for (let n = 0; n < 2; n += 1) await fetch(`${url}/api/nothing-else`)
    expect(called).toHaveLength(3)
  })

  it('is an error of the origin for ten seconds, even there, unless the distribution says otherwise', async () => {
    functionAnswer = anAnswer('{}', { 'cache-control': 'no-store' }, 503)
    await open({})
    for (let n = 0; n < 2; n += 1) expect((await fetch(`${url}/api/requests`)).status).toBe(503)
    expect(called).toHaveLength(1)
    await server?.close()
    await open({ errorMs: (status) => (status === 503 ? 0 : undefined) })
    for (let n = 0; n < 2; n += 1) expect((await fetch(`${url}/api/requests`)).status).toBe(503)
    expect(called).toHaveLength(3)
  })
})

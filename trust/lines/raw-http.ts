import { gzipSync } from 'node:zlib'
import { ADMIN, call, FEED_TOKEN, SYNC_TOKEN, signIn, WEBHOOK_TOKENS } from '../../test/http/deployment.ts'
import { openTarget, type Target } from '../house.ts'
import type { Line, Run, StoreName } from '../line.ts'
import { head, open, sendRaw } from '../raw.ts'
import { must } from '../tally.ts'

/** Anything but a fault of ours: an answer below 500, or the connection closed. */
const isFine = (statuses: readonly number[]) =>
  statuses.every((status) => status < 500 || status === 501 || status === 505)

interface Sent {
  what: string
  bytes: string | Buffer
}

/** Header floods, odd framings, odd addresses: bytes that no client of ours sends. */
function oddRequests(url: string): Sent[] {
  const host = `Host: ${new URL(url).host}`
  const key = `X-Api-Key: ${FEED_TOKEN}`
  const floods = [
    ['one header of 1 MB', head(url, 'GET /api/health', [`X-Big: ${'a'.repeat(1_000_000)}`])],
    [
      '10,000 headers',
      head(
        url,
        'GET /api/health',
        Array.from({ length: 10_000 }, (_, n) => `X-${n}: y`),
      ),
    ],
    ['a path of 100 kB', head(url, `GET /${'a'.repeat(100_000)}`)],
    ['a query of 15 kB', head(url, `GET /list/radarr?x=${'a'.repeat(15_000)}`, [key])],
    ['a name of 60 kB', head(url, 'GET /api/health', [`${'X'.repeat(60_000)}: y`])],
    ['a cookie of 15 kB', head(url, 'GET /api/auth/params', [`Cookie: a=${'b'.repeat(15_000)}`])],
    ['blanks without end', head(url, 'GET /api/health', [`X-A: ${' '.repeat(15_000)}`])],
    [
      'the same header 300 times',
      head(
        url,
        'GET /api/health',
        Array.from({ length: 300 }, () => 'X-Forwarded-For: 1.2.3.4'),
      ),
    ],
  ]
  const post = 'POST /api/auth/verify HTTP/1.1'
  const smuggled = 'GET /api/admin/notices HTTP/1.1\r\nHost: x\r\n\r\n'
  const framings = [
    [
      'length and chunks',
      `${post}\r\n${host}\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
    ],
    [
      'chunks and length',
      `${post}\r\n${host}\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n${smuggled}`,
    ],
    ['two lengths', `${post}\r\n${host}\r\nContent-Length: 0\r\nContent-Length: 44\r\n\r\n${smuggled}`],
    ['a folded header', `GET /api/health HTTP/1.1\r\n${host}\r\nX-A: b\r\n c: d\r\n\r\n`],
    ['a blank before the colon', `GET /api/health HTTP/1.1\r\n${host}\r\nContent-Length : 5\r\n\r\nhello`],
    ['a length that is no number', `${post}\r\n${host}\r\nContent-Length: 4x\r\n\r\nabcd`],
    ['a negative length', `${post}\r\n${host}\r\nContent-Length: -4\r\n\r\nabcd`],
    ['an odd encoding', `${post}\r\n${host}\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`],
    ['an encoding twice', `${post}\r\n${host}\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n`],
    ['a chunk without size', `${post}\r\n${host}\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n`],
    ['a chunk of 2^64', `${post}\r\n${host}\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nx`],
    ['line feeds alone', `GET /api/health HTTP/1.1\n${host}\n\n`],
    ['a NUL in a header', `GET /api/health HTTP/1.1\r\n${host}\r\nX-A: a\0b\r\n\r\n`],
    ['no host', 'GET /api/health HTTP/1.1\r\n\r\n'],
    ['two hosts', `GET /api/health HTTP/1.1\r\n${host}\r\nHost: other\r\n\r\n`],
    ['HTTP/1.0', 'GET /api/health HTTP/1.0\r\n\r\n'],
    ['HTTP/2.0', `GET /api/health HTTP/2.0\r\n${host}\r\n\r\n`],
    ['HTTP/0.9', 'GET /api/health\r\n\r\n'],
    ['an upgrade', head(url, 'GET /api/health', ['Upgrade: websocket', 'Sec-WebSocket-Key: x'])],
    ['h2c', head(url, 'GET /api/health', ['Upgrade: h2c', 'HTTP2-Settings: x'])],
    ['an expectation', head(url, 'POST /api/auth/verify', ['Expect: something', 'Content-Length: 0'])],
    ['bytes of TLS', Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3])],
  ] as const
  const addresses = [
    '//example.org/',
    '/\\example.org',
    '/%5cexample.org',
    '/%2f%2fexample.org',
    '/%00',
    '/%',
    '/%zz',
    '/%c0%ae%c0%ae/',
    '/..%2f..%2fetc/passwd',
    '/api/%2e%2e/admin',
    '/api//admin/notices',
    '/API/ADMIN/NOTICES',
    '/api/admin/notices/',
    '/api/admin/notices%20',
    '/api/admin/notices;x',
    '/api/title/movie/%F0%9F%92%A9',
    '/api/title/movie/1e3',
    '/api/title/movie/0x10',
    '/api/title/movie/ 1',
    '/list/radarr%00',
    '/list/radarr?by[]=x',
    '/list/radarr?by=__proto__',
    '/list/radarr?token[a]=b',
    '/rss/all?x=%',
    '*',
    'http://example.org/',
    'example.org:443',
    '/?to=//example.org',
    '/?to=https://example.org',
    '/#x',
    '/a?b?c?d',
    '/api/search?query=%ff',
    '/api/requests?media_type=%00',
    '/posters/..%2f..%2fx',
  ]
  return [
    ...floods.map(([what = '', bytes = '']) => ({ what, bytes })),
    ...framings.map(([what, bytes]) => ({ what, bytes })),
    ...addresses.map((path) => ({ what: `GET ${path}`, bytes: head(url, `GET ${path}`, [key]) })),
  ]
}

/** A redirect leads nowhere but to this host. */
function staysHere(url: string, text: string): void {
  for (const [, to = ''] of text.matchAll(/^location: *(.*?)\r?$/gim)) {
    must(new URL(to, url).host === new URL(url).host, `it leads to ${to}`)
  }
}

const METHODS = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'CONNECT',
  'PROPFIND',
  'PURGE',
  'M-SEARCH',
]
const PATHS = [
  '/',
  '/api/health',
  '/api/requests',
  '/api/admin/notices',
  '/list/radarr',
  '/radarr/api/v3/movie',
  '/rss/all',
  '/sync/library',
  '/webhook/plex',
  '/nothing',
]

async function everyMethod({ url }: Target, { tally }: Run): Promise<void> {
  for (const method of METHODS) {
    for (const path of PATHS) {
      const line = method === 'CONNECT' ? `${method} ${new URL(url).host}` : `${method} ${path}`
      const { statuses } = await sendRaw(url, head(url, line, ['Content-Length: 0']))
      tally.note(isFine(statuses), `${method} ${path}: ${statuses}`)
    }
  }
}

/** Every way to write "one folder up" before a file that is nobody's business. */
async function traversal({ url }: Target, { tally }: Run): Promise<void> {
  const ups = [
    '../',
    '..%2f',
    '%2e%2e/',
    '%2e%2e%2f',
    '..\\',
    '..%5c',
    '%252e%252e%252f',
    '....//',
    '..;/',
    '.%2e/',
    '%c0%ae%c0%ae/',
    '..%00/',
    '/..',
    './../',
  ]
  const files = ['etc/passwd', 'data/secrets.json', 'data/stellarr.db', 'secrets.json', 'stellarr.db', 'package.json']
  for (const base of ['/', '/assets/', '/posters/', '/trending/', '/api/']) {
    for (const up of ups) {
      for (const file of files) {
        for (const depth of [1, 3, 8]) {
          const { statuses, text } = await sendRaw(url, head(url, `GET ${base}${up.repeat(depth)}${file}`))
          const leaks = /root:|appSecretKey|SQLite format|"dependencies"/.test(text)
          tally.note(
            isFine(statuses) && !leaks,
            `${base}${up}×${depth}${file}: ${statuses}${leaks ? ', and it leaks' : ''}`,
          )
        }
      }
    }
  }
}

/** JSON that is deep, large, or named as prototypes are. */
async function oddJson({ url }: Target, { tally }: Run): Promise<void> {
  const admin = await signIn(url, 'Op', ADMIN)
  const deep = (open: string, close: string, depth: number) => `${open.repeat(depth)}1${close.repeat(depth)}`
  const bodies = [
    deep('[', ']', 1_000),
    deep('[', ']', 100_000),
    deep('{"a":', '}', 20_000),
    '{"__proto__":{"role":"admin"},"media_type":"movie","tmdb_id":603}',
    '{"constructor":{"prototype":{"x":1}},"media_type":"movie","tmdb_id":603}',
    `{"media_type":"movie","tmdb_id":1e400}`,
    `{"media_type":"movie","tmdb_id":${'9'.repeat(10_000)}}`,
    `{"media_type":"movie","tmdb_id":603,"seasons":[${'1,'.repeat(20_000)}1]}`,
    '"\\ud800"',
    '\u0000',
    'null',
    '[]',
  ]
  const calls = [
    ['/api/request', { authorization: `Bearer ${admin}` }],
    ['/api/auth/verify', {}],
    ['/sync/library?media_type=movie', { 'x-api-key': SYNC_TOKEN }],
    ['/webhook/radarr', { 'x-api-key': WEBHOOK_TOKENS.radarr }],
  ] as const
  for (const [path, headers] of calls) {
    for (const body of bodies) {
      const answer = await fetch(url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body,
      })
      const text = await answer.text()
      tally.note(answer.status < 500 && !/\n\s+at /.test(text), `${path} ${body.slice(0, 40)}: ${answer.status}`)
    }
  }
  tally.note(!('role' in {}) && (await call(url, '/api/health')).status === 200, 'it is no longer healthy')
}

/** Bodies that are small on the line and large behind it, and uploads without end. */
async function bombs({ url }: Target, { tally }: Run): Promise<void> {
  const zeros = gzipSync(Buffer.alloc(64 * 1024 * 1024))
  const twice = gzipSync(zeros)
  for (const [path, key] of [
    ['/sync/library?media_type=movie', SYNC_TOKEN],
    ['/webhook/sonarr', WEBHOOK_TOKENS.sonarr],
    ['/webhook/plex', WEBHOOK_TOKENS.plex],
  ] as const) {
    for (const encoding of ['gzip', 'x-gzip', 'deflate', 'br', 'gzip, gzip']) {
      const began = Date.now()
      const headers = { 'content-type': 'application/json', 'content-encoding': encoding, 'x-api-key': key }
      const status = await fetch(url + path, {
        method: 'POST',
        headers,
        body: encoding === 'gzip, gzip' ? twice : zeros,
      }).then(
        (answer) => answer.status,
        () => 0,
      )
      tally.note(
        status < 500 && Date.now() - began < 5_000,
        `${encoding} to ${path}: ${status} after ${Date.now() - began} ms`,
      )
    }
  }
  const part = Buffer.alloc(1_000_000, 0x61)
  for (const path of ['/api/auth/verify', '/webhook/plex', '/sync/library', '/list/radarr', '/']) {
    const socket = await open(url)
    socket.resume()
    socket.write(head(url, `POST ${path}`, ['Content-Type: application/json', 'Transfer-Encoding: chunked']))
    const end = Date.now() + 10_000
    // What the server has taken, not what waits on this side.
    const taken = () => socket.bytesWritten - socket.writableLength
    while (!socket.destroyed && taken() < 40 * part.length && Date.now() < end) {
      socket.write(Buffer.concat([Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n')]))
      while (!socket.destroyed && socket.writableLength > 0 && Date.now() < end) {
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
    }
    tally.note(taken() < 40 * part.length, `${path} took ${Math.round(taken() / part.length)} MB from anybody`)
    socket.destroy()
  }
  tally.note((await call(url, '/api/health')).status === 200, 'it is no longer healthy')
}

const odd = async (target: Target, { tally }: Run): Promise<void> => {
  for (const { what, bytes } of oddRequests(target.url)) {
    await tally.attempt(what, async () => {
      const { statuses, text } = await sendRaw(target.url, bytes)
      must(isFine(statuses), `${statuses}`)
      must(statuses.length <= 2, `${statuses.length} answers to one request`)
      must(!text.includes('"notices"'), 'a request behind another was answered')
      staysHere(target.url, text)
    })
  }
}

const against =
  (store: StoreName, work: (target: Target, run: Run) => Promise<void>) =>
  async (run: Run): Promise<undefined> => {
    const target = await openTarget(store, run)
    try {
      for (let round = 0; round < run.tries; round += 1) await work(target, run)
    } finally {
      await target.close()
    }
    return undefined
  }

/** On AWS the line itself is the CDN's: what it is told there is shown by the parts behind it. */
const line = (
  name: string,
  title: string,
  store: StoreName,
  work: (target: Target, run: Run) => Promise<void>,
): Line => ({
  name,
  title,
  store,
  tries: { whole: 1, short: 1 },
  run: against(store, work),
})

export const rawHttpLines: readonly Line[] = [
  line('odd-requests', 'header floods, smuggling, odd framing and addresses', 'sqlite', odd),
  line('methods', 'every method at every kind of path', 'sqlite', everyMethod),
  line('traversal', 'paths that climb out of their folder', 'sqlite', traversal),
  line('odd-json', 'deep JSON and prototype pollution', 'sqlite', oddJson),
  line('odd-json', 'deep JSON and prototype pollution', 'dynamodb', oddJson),
  line('bombs', 'gzip bombs and uploads without end', 'sqlite', bombs),
]

// npm run bench: measures the built self-hosted app beside a bare Express route that sends a constant string of the
// same bytes, in one run. Figures of different runs or machines do not compare; the ratios do. Needs `npm run build`.
import { spawn } from 'node:child_process'
import { createHash, pbkdf2Sync } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { benchColdStart } from './bench-cold-start.mjs'
import { ensureNode24 } from './node24.mjs'

ensureNode24(import.meta.url)
const { default: autocannon } = await import('autocannon')
const { startFakeTmdb } = await import('../packages/gateways/src/testing/fake-tmdb.ts')
const { openSqliteStorage } = await import('../packages/storage-sqlite/src/index.ts')
const { measureWeb } = await import('./bench-web.mjs')
const { aMovieRequest, aSeriesRequest } = await import('../packages/core/src/testing/builders.ts')

const SECONDS = Number(process.env.BENCH_SECONDS ?? 3)
const MAIN = fileURLToPath(new URL('../apps/docker/dist/main.mjs', import.meta.url))
const BARE = fileURLToPath(new URL('./bench-bare-route.mjs', import.meta.url))
const FEED = 'feed-token-of-the-bench'
const SYNC = 'sync-token-of-the-bench'
const PASSWORD = 'password-of-the-bench'
const RADARR = 'radarr-token-of-the-bench'
if (!existsSync(MAIN)) {
  console.error('Build first: npm run build')
  process.exit(1)
}

const freePort = () =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })

/** Spawns a server and waits for 200 on a path; answers the time that took in ms. */
async function startServer(args, env, path) {
  const port = await freePort()
  const began = performance.now()
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env, PORT: String(port), HOST: '127.0.0.1' },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const url = `http://127.0.0.1:${port}`
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${args[0]} ended with ${child.exitCode}`)
    const status = await call(url + path).then(
      (answer) => answer.status,
      () => 0,
    )
    if (status === 200) break
    if (performance.now() - began > 30_000) throw new Error(`${args[0]} did not become healthy`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  return {
    url,
    startMs: performance.now() - began,
    /** Resident memory in MB. */
    memory: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))[1]) / 1024,
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', resolve)
        child.kill('SIGTERM')
      }),
  }
}

const agent = new Agent({ keepAlive: true, maxSockets: 1 })

function call(url, { method = 'GET', headers = {}, body } = {}) {
  return new Promise((resolve, reject) => {
    const req = request(url, { method, headers, agent }, (res) => {
      const parts = []
      res.on('data', (part) => parts.push(part))
      res.on('end', () => resolve({ status: res.statusCode, headers: res.headers, body: Buffer.concat(parts) }))
      res.on('error', reject)
    })
    req.on('error', reject)
    req.end(body)
  })
}

/** p50 and p99 in ms, and answers a second, of one client that asks again as soon as it has its answer. */
async function oneClient(url, options, expected) {
  const times = []
  for (let n = 0; n < 200; n += 1) await call(url, options)
  const until = performance.now() + SECONDS * 1000
  while (performance.now() < until) {
    const began = performance.now()
    const { status } = await call(url, options)
    times.push(performance.now() - began)
    if (status !== expected) throw new Error(`${url} answered ${status}`)
  }
  times.sort((a, b) => a - b)
  return {
    p50: times[Math.floor(times.length * 0.5)],
    p99: times[Math.floor(times.length * 0.99)],
    perSecond: times.length / SECONDS,
  }
}

async function sixteenClients(url, { method = 'GET', headers = {}, body } = {}, expected) {
  const result = await autocannon({ url, method, headers, body, connections: 16, duration: SECONDS })
  const good = result.statusCodeStats?.[expected]?.count ?? 0
  if (good < result.requests.total || result.errors > 0) throw new Error(`${url}: not every answer was ${expected}`)
  return { perSecond: result.requests.average, p50: result.latency.p50, p99: result.latency.p99 }
}

const number = (value, digits = 2) => value.toFixed(digits).padStart(9)

async function measure(name, url, options = {}, expected = 200) {
  const sample = await call(url, options)
  const bare = await startServer([BARE], { BENCH_BYTES: String(sample.body.length), BENCH_STATUS: '200' }, '/')
  const ours = [await oneClient(url, options, expected), await sixteenClients(url, options, expected)]
  const theirs = [await oneClient(`${bare.url}/`, {}, 200), await sixteenClients(`${bare.url}/`, {}, 200)]
  await bare.stop()
  const row = (label, [one, many], rest) =>
    console.log(
      label.padEnd(32) +
        [one, many].map(({ p50, p99, perSecond }) => number(p50) + number(p99) + number(perSecond, 0)).join('  │') +
        rest,
    )
  const share = (ours[1].perSecond / theirs[1].perSecond) * 100
  row(name, ours, `   ${sample.body.length} B, ${share.toFixed(0)} % of the bare route`)
  row('  bare route, same bytes', theirs, '')
}

async function signIn(url) {
  const key = pbkdf2Sync(PASSWORD, url, 100_000, 32, 'sha256').toString('hex')
  const timestamp = Math.floor(Date.now() / 1000)
  const hash = createHash('sha256').update(`${key}:${timestamp}`).digest('hex')
  const headers = { 'content-type': 'application/json' }
  const answer = await call(`${url}/api/auth/verify`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ origin: url, timestamp, hash, name: 'Bench' }),
  })
  if (answer.status !== 200) throw new Error(`sign-in answered ${answer.status}`)
  return JSON.parse(answer.body)
}

const tmdb = await startFakeTmdb()
const folders = []

/** Starts the app over a fresh store of so many requests, with settings of its own over the bench's. */
async function startApp({ movies = 0, series = 0 }, env = {}) {
  const dataDir = mkdtempSync(join(tmpdir(), 'stellarr-bench-'))
  folders.push(dataDir)
  if (movies + series > 0) {
    const storage = await openSqliteStorage({ path: join(dataDir, 'stellarr.db'), clock: { now: () => Date.now() } })
    for (let n = 1; n <= movies; n += 1) {
      await storage.requests.add(
        aMovieRequest({
          tmdbId: n,
          title: `A movie of number ${n}`,
          imdbId: `tt${String(n).padStart(7, '0')}`,
          createdAt: 1.7e12 + n,
        }),
      )
    }
    for (let n = 1; n <= series; n += 1) {
      const seasonState = Array.from({ length: 6 }, (_, season) => ({ seasonNumber: season, episodeCount: 10 }))
      await storage.requests.add(
        aSeriesRequest({
          tmdbId: n,
          tvdbId: 100_000 + n,
          title: `A series of number ${n}`,
          createdAt: 1.7e12 + n,
          seasonState,
        }),
      )
    }
    // The key of the lists is older than the store.
    await storage.identity.confirmNew()
    await storage.close()
  }
  return startServer(
    [MAIN],
    {
      DATA_DIR: dataDir,
      PRESHARED_PASSWORD: PASSWORD,
      FEED_TOKEN: FEED,
      SYNC_TOKEN: SYNC,
      RADARR_WEBHOOK_TOKEN: RADARR,
      TMDB_API_KEY: '0123456789abcdef0123456789abcdef',
      TMDB_BASE_URL: tmdb.url,
      LOG_LEVEL: 'warn',
      ...env,
    },
    '/api/health',
  )
}

/** The median time (ms) of a list's first read after a change. */
async function firstReads(url) {
  const times = []
  for (let n = 1; n <= 100; n += 1) {
    await call(`${url}/sync/library?media_type=movie`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': SYNC },
      body: JSON.stringify([{ tmdb_id: 1000 + n }]),
    })
    const began = performance.now()
    const { status } = await call(`${url}/list/radarr?token=${FEED}`)
    if (status !== 200) throw new Error(`the list answered ${status}`)
    times.push(performance.now() - began)
  }
  return times.sort((a, b) => a - b)[50]
}

const starts = []
for (let run = 0; run < 5; run += 1) {
  const app = await startApp({})
  starts.push(app.startMs)
  if (run === 4) {
    await new Promise((resolve) => setTimeout(resolve, 2000))
    console.log(`memory idle                          ${number(app.memory(), 1)} MB`)
  }
  await app.stop()
}
starts.sort((a, b) => a - b)
console.log(
  `start to healthy, median of 5        ${number(starts[2], 0)} ms (${starts.map((ms) => ms.toFixed(0)).join(', ')})`,
)

const heads = '   p50 ms   p99 ms    req/s'
console.log(`\n${''.padEnd(32)}${'1 client'.padStart(27)}  │${'16 clients'.padStart(27)}`)
console.log(`${''.padEnd(32)}${heads}  │${heads}`)
const small = await startApp({ movies: 10 })
await measure('feed, 10 requests', `${small.url}/list/radarr?token=${FEED}`)
console.log(
  `the same after a change, p50 of 100  ${number(await firstReads(small.url))} ms (the revision is noted on disk)`,
)
await small.stop()

const app = await startApp({ movies: 1000 })
const session = { authorization: `Bearer ${(await signIn(app.url)).token}` }
await measure('feed, 1,000 requests', `${app.url}/list/radarr?token=${FEED}`)
await measure('Radarr program list, 1,000', `${app.url}/radarr/api/v3/movie`, { headers: { 'x-api-key': FEED } })
const withSeries = await startApp({ series: 1000 })
await measure('Sonarr program list, 1,000', `${withSeries.url}/sonarr/api/v3/series`, {
  headers: { 'x-api-key': FEED },
})
await withSeries.stop()
await measure('requests, 1,000', `${app.url}/api/requests`, { headers: session })
await measure('search, TMDB faked', `${app.url}/api/search`, {
  method: 'POST',
  headers: { ...session, 'content-type': 'application/json' },
  body: JSON.stringify({ query: 'a' }),
})

// Each message moves another request on: of one that has arrived nothing more would be written.
let told = 0
const times = []
for (const until = performance.now() + SECONDS * 1000; performance.now() < until && told < 1000; ) {
  told += 1
  const began = performance.now()
  const answer = await call(`${app.url}/webhook/radarr?token=${RADARR}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      eventType: 'Download',
      movie: { id: told, title: `A movie of number ${told}`, tmdbId: told },
    }),
  })
  times.push(performance.now() - began)
  if (answer.status !== 200) throw new Error(`webhook answered ${answer.status}: ${answer.body}`)
}
times.sort((a, b) => a - b)
console.log(`webhook, a movie arrives, p50 of ${told}      ${number(times[Math.floor(told / 2)])} ms`)

const itemsFrom = (first, count) =>
  JSON.stringify(
    Array.from({ length: count }, (_, n) => ({
      tmdb_id: first + n,
      tvdb_id: first + n + 500_000,
      title: `A title of number ${n}`,
    })),
  )
const sync = async (name, type, first, count) => {
  const began = performance.now()
  const answer = await call(`${app.url}/sync/library?media_type=${type}&clear=true`, {
    method: 'POST',
    headers: { 'x-api-key': SYNC, 'content-type': 'application/json' },
    body: itemsFrom(first, count),
  })
  if (answer.status !== 200) throw new Error(`sync answered ${answer.status}: ${answer.body}`)
  console.log(`${name.padEnd(38)}${number(performance.now() - began, 0)} ms`)
}
await sync('sync of 5,000 items, new', 'tv', 10_000, 5_000)
await sync('sync of 5,000 items, unchanged', 'tv', 10_000, 5_000)
await sync('sync of 15,000 more', 'movie', 10_000, 15_000)
console.log(`memory after 20,000 items            ${number(app.memory(), 1)} MB`)
await measure('library-status, 20,000, fresh', `${app.url}/api/library-status`, { headers: session })
const tag = (await call(`${app.url}/api/library-status`, { headers: session })).headers.etag
await measure(
  'library-status, 20,000, 304',
  `${app.url}/api/library-status`,
  { headers: { ...session, 'if-none-match': tag } },
  304,
)
console.log(`memory loaded                        ${number(app.memory(), 1)} MB`)
await app.stop()

// A very large library in pages, on an app of its own.
const large = await startApp({})
const send = async (method, path, body) => {
  const headers = { 'x-api-key': SYNC, 'content-type': 'application/json' }
  const answer = await call(large.url + path, { method, headers, body })
  if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${answer.body}`)
  return JSON.parse(answer.body)
}
const beganPages = performance.now()
const { sync_id } = await send('POST', '/sync/library/begin', JSON.stringify({ media_type: 'movie', source: 'plex' }))
for (let page = 0; page < 50; page += 1) {
  await send('PUT', `/sync/library/${sync_id}/pages/${page}`, itemsFrom(1 + page * 2000, 2000))
}
const { added } = await send('POST', `/sync/library/${sync_id}/commit`, JSON.stringify({ pages: 50 }))
console.log(
  `paged sync of ${added.toLocaleString('en')} items          ${number(performance.now() - beganPages, 0)} ms`,
)
console.log(`memory after it                      ${number(large.memory(), 1)} MB`)
await large.stop()

// The sample catalogue: its trending files are there at once and its posters come from the app itself.
const sample = await startApp({}, { TMDB_API_KEY: '' })
const { token, name, role } = await signIn(sample.url)
await measureWeb(sample.url, { token, name, role })
await sample.stop()
await tmdb.close()
for (const folder of folders) rmSync(folder, { recursive: true, force: true })
await benchColdStart()
process.exit(0)

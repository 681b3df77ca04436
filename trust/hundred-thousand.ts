import { fork } from 'node:child_process'
import { createHash, pbkdf2Sync } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startFakeTmdb } from '../packages/gateways/src/testing/index.ts'
import { spawnApp } from '../test/spawn-app.ts'

/** The built app with a great many requests: what each kind of call takes, and what all of them do to the process. */

const PASSWORD = 'password-of-the-trust-test'
const FEED = 'feed-token-of-the-trust-test'
const RADARR = 'radarr-token-of-the-trust-test'
const HEALTH_EVERY_MS = 50

/** The longest that health took, and the most that the process itself had to do before it answered. */
export interface Health {
  ms: number
  /** CPU time of its main thread: what health would have taken on a machine that does nothing else. */
  busyMs: number
}

export interface Called {
  what: string
  status: number
  ms: number
  bytes: number
  health: Health
  /** Anonymous memory of the process afterwards, in MB. */
  anonymousMb: number
}

export interface HundredThousand {
  calls: Called[]
  /** Answers of the mixed load. */
  load: { answers: number; notOk: number; p50: number; p99: number; mostMs: number }
  /** While the calls were made one after another, and under the mixed load. */
  health: { calls: Health; load: Health }
  /** The most anonymous memory that the process held, in MB. */
  anonymousMb: { before: number; most: number }
  /** False when the process ended by itself. */
  lives: boolean
}

interface Answer {
  status: number
  body: Buffer
  headers: Record<string, unknown>
}

function caller(url: string) {
  const agent = new Agent({ keepAlive: true })
  return (path: string, options: { method?: string; headers?: Record<string, string>; json?: unknown } = {}) =>
    new Promise<Answer>((resolve, reject) => {
      const body = options.json === undefined ? undefined : JSON.stringify(options.json)
      const headers = { ...(body !== undefined && { 'content-type': 'application/json' }), ...options.headers }
      const method = options.method ?? (body === undefined ? 'GET' : 'POST')
      const asked = request(url + path, { method, headers, agent }, (answer) => {
        const parts: Buffer[] = []
        answer.on('data', (part: Buffer) => parts.push(part))
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(parts), headers: answer.headers }),
        )
        answer.on('error', reject)
      })
      asked.on('error', reject)
      asked.end(body)
    })
}
type Call = ReturnType<typeof caller>

async function signIn(call: Call, url: string): Promise<string> {
  const key = pbkdf2Sync(PASSWORD, url, 100_000, 32, 'sha256').toString('hex')
  const timestamp = Math.floor(Date.now() / 1000)
  const hash = createHash('sha256').update(`${key}:${timestamp}`).digest('hex')
  const { body } = await call('/api/auth/verify', { json: { origin: url, timestamp, hash, name: 'Admin' } })
  return JSON.parse(body.toString()).token
}

/** CPU time that the main thread of a process has used, in ms. */
const usedBy = (pid: number) => Number(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6

/** Asks for health again and again. */
function watchHealth(url: string, pid: number) {
  const call = caller(url)
  let most = { ms: 0, busyMs: 0 }
  let goesOn = true
  const watching = (async () => {
    while (goesOn) {
      const began = performance.now()
      const used = usedBy(pid)
      await call('/api/health').catch(() => undefined)
      most = {
        ms: Math.max(most.ms, performance.now() - began),
        busyMs: Math.max(most.busyMs, usedBy(pid) - used),
      }
      await new Promise((resolve) => setTimeout(resolve, HEALTH_EVERY_MS))
    }
  })()
  return {
    /** The longest since this was asked last. */
    take() {
      const taken = most
      most = { ms: 0, busyMs: 0 }
      return taken
    },
    async end() {
      goesOn = false
      await watching
      return most
    },
  }
}

/** The most of RssAnon that a process has held since this was called, in MB. */
function watchMemory(pid: number) {
  const read = () => Number(/RssAnon:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
  let most = read()
  const timer = setInterval(() => {
    try {
      most = Math.max(most, read())
    } catch {
      clearInterval(timer)
    }
  }, 50)
  return {
    read,
    end() {
      clearInterval(timer)
      return most
    },
  }
}

/** Fills a store in a process of its own, so that neither its memory nor its time counts. */
const fill = (path: string, requests: number) =>
  new Promise<void>((resolve, reject) => {
    const child = fork(join(import.meta.dirname, 'fill-store.ts'), [path, String(requests)])
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`filling the store ended with ${code}`))))
  })

/**
 * Runs the built app over so many requests: twenty kinds of call one after another, then as many clients at once for a
 * time. What it should hold to is for the caller to judge; `told` hears of each call.
 */
export async function hundredThousand({
  requests = 100_000,
  clients = 16,
  seconds = 60,
  told = (_: Called): void => {},
} = {}): Promise<HundredThousand> {
  const folder = mkdtempSync(join(tmpdir(), 'stellarr-many-'))
  const tmdb = await startFakeTmdb()
  try {
    await fill(join(folder, 'stellarr.db'), requests)
    const app = await spawnApp({
      HOST: '127.0.0.1',
      DATA_DIR: folder,
      PRESHARED_PASSWORD: 'household-password-of-the-trust-test',
      ADMIN_PASSWORD: PASSWORD,
      FEED_TOKEN: FEED,
      SYNC_TOKEN: 'sync-token-of-the-trust-test',
      RADARR_WEBHOOK_TOKEN: RADARR,
      TMDB_API_KEY: '0123456789abcdef0123456789abcdef',
      TMDB_BASE_URL: tmdb.url,
      LOG_LEVEL: 'warn',
    })
    const call = caller(app.url)
    const memory = watchMemory(app.child.pid ?? 0)
    const before = memory.read()
    const token = await signIn(call, app.url)
    const kinds = kindsOf(call, token)
    const calls: Called[] = []
    const health = watchHealth(app.url, app.child.pid ?? 0)
    for (const [what, work] of kinds) {
      const began = performance.now()
      const { status, body } = await work(calls.length)
      const ms = performance.now() - began
      const called = { what, status, bytes: body.length, ms, health: health.take(), anonymousMb: memory.read() }
      calls.push(called)
      told(called)
    }
    const load = await mixedLoad(kinds, clients, seconds)
    const most = (name: keyof Health) => Math.max(...calls.map((one) => one.health[name]))
    const healths = { calls: { ms: most('ms'), busyMs: most('busyMs') }, load: await health.end() }
    const lives = app.child.exitCode === null
    const anonymousMb = { before, most: memory.end() }
    await app.stop()
    return { calls, load, health: healths, anonymousMb, lives }
  } finally {
    await tmdb.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

type Kind = readonly [what: string, work: (n: number) => Promise<Answer>]

function kindsOf(call: Call, token: string): Kind[] {
  const session = { authorization: `Bearer ${token}`, 'accept-encoding': 'gzip' }
  const program = { 'x-api-key': FEED, 'accept-encoding': 'gzip' }
  const people = (path: string, json?: unknown) => () => call(path, { headers: session, json })
  const list = (path: string) => () => call(path, { headers: program })
  const keys = Array.from({ length: 100 }, (_, n) => `movie/${n + 1}`).join(',')
  return [
    ['requests, first page', people('/api/requests')],
    ['requests by title, 500', people('/api/requests?sort=title&limit=500')],
    ['requests that hold a word', people('/api/requests?q=number%2077')],
    ['requests of a group and person', people('/api/requests?group=on_its_way&by=Person%203')],
    ['status of 100 titles', people(`/api/library-status?keys=${keys}`)],
    ['status of all', people('/api/library-status')],
    ['search', people('/api/search', { query: 'a' })],
    ['title', people('/api/title/movie/603')],
    ['Radarr program list', list('/radarr/api/v3/movie')],
    ['Sonarr program list', list('/sonarr/api/v3/series')],
    ['Radarr list', list(`/list/radarr?token=${FEED}`)],
    ['Radarr list by TMDB', list(`/list/radarr?by=tmdb&token=${FEED}`)],
    ['Sonarr list', list(`/list/sonarr?token=${FEED}`)],
    ['RSS of all', list(`/rss/all?token=${FEED}`)],
    ['RSS of all, uncompressed', () => call(`/rss/all?token=${FEED}`)],
    ['preview of a list', people('/api/feeds/preview?feed=radarr-program')],
    ['notices', people('/api/admin/notices')],
    ['admin settings', people('/api/admin/settings')],
    ['tags of a list', list('/radarr/api/v3/tag')],
    ['activity', people('/api/activity')],
    [
      'webhook',
      (n) =>
        call(`/webhook/radarr?token=${RADARR}`, {
          json: { eventType: 'Grab', movie: { id: n + 1, title: `A movie of number ${n + 1}`, tmdbId: n + 1 } },
        }),
    ],
    ['request', (n) => call('/api/request', { headers: session, json: { tmdb_id: 603 + n, media_type: 'movie' } })],
  ]
}

async function mixedLoad(kinds: readonly Kind[], clients: number, seconds: number): Promise<HundredThousand['load']> {
  const times: number[] = []
  let notOk = 0
  let n = 0
  const until = performance.now() + seconds * 1000
  const client = async () => {
    while (performance.now() < until) {
      n += 1
      const [, work] = kinds[n % kinds.length] ?? []
      if (!work) return
      const began = performance.now()
      const status = await work(n).then(
        (answer) => answer.status,
        () => 0,
      )
      times.push(performance.now() - began)
      if (status === 0 || status >= 500) notOk += 1
    }
  }
  await Promise.all(Array.from({ length: clients }, client))
  times.sort((a, b) => a - b)
  const at = (share: number) => times[Math.floor((times.length - 1) * share)] ?? 0
  return { answers: times.length, notOk, p50: at(0.5), p99: at(0.99), mostMs: at(1) }
}

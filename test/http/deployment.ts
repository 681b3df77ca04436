import { createHash, pbkdf2Sync } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MEDIA_EVENT_SOURCES } from '@stellarr/core'
import { type FakeTmdb, startFakeTmdb } from '@stellarr/gateways/testing'
import { ROUTES } from '../../packages/http/src/routes/index.ts'
import { eachSender, WEBHOOK_TOKEN_SETTINGS } from '../../packages/http/src/settings.ts'
import { errorAnswer } from '../../packages/http/src/wire/index.ts'
import {
  readAsRadarrCustom,
  readAsRadarrPlexRss,
  readAsRadarrProgram,
  readAsSonarrCustom,
  readAsSonarrPlexRss,
  readAsSonarrProgram,
  readAsStevenLu,
} from '../clients/index.ts'
import { checkShape } from './answer-shape.ts'
import type { DeploymentKind } from './deployments/deployment-kind.ts'

export const HOUSEHOLD = 'household-password-1'
export const ADMIN = 'admin-password-1'
export const APP_SECRET = 'app-secret-key-of-the-tests'
export const FEED_TOKEN = 'feed-token-of-the-tests'
export const SYNC_TOKEN = 'sync-token-of-the-tests'
/** One token a sender. */
export const WEBHOOK_TOKENS = eachSender((source) => `${source}-token-of-the-tests`)
export const TMDB_KEY = '0123456789abcdef0123456789abcdef'

/** None of these may ever stand in a log, an error or an answer; the feed token only where the admin reads it. */
const SECRETS = [HOUSEHOLD, ADMIN, APP_SECRET, SYNC_TOKEN, TMDB_KEY]
/** The admin reads these on two pages. */
const SHOWN_SECRETS = [FEED_TOKEN, ...Object.values(WEBHOOK_TOKENS)]

/** The deployments that this suite can be pointed at, by STELLARR_DEPLOYMENT. */
const KINDS: Record<string, () => Promise<DeploymentKind>> = {
  'in-process': async () => (await import('./deployments/in-process.ts')).inProcess,
  built: async () => (await import('./deployments/built.ts')).built,
  lambda: async () => (await import('./deployments/lambda.ts')).lambda,
}

/** A running deployment that the suite talks to over HTTP alone. */
export interface Deployment {
  url: string
  tmdb: FakeTmdb
  pagesByCdn: boolean
  log(): string
  /** Settings for a restart on another store. */
  otherStore(): Record<string, string>
  /** Stops and starts it again on the same data. */
  restart(env?: Record<string, string>): Promise<void>
  close(): Promise<void>
}

/**
 * Starts the deployment under test on a free port with an empty store and a fake TMDB, and opens its lists.
 * @param isAsked the admin is left to say that the store is meant: its lists are closed
 */
export async function openDeployment(env: Record<string, string> = {}, isAsked = false): Promise<Deployment> {
  const name = process.env.STELLARR_DEPLOYMENT ?? 'in-process'
  const kind = await KINDS[name]?.()
  if (!kind) throw new Error(`STELLARR_DEPLOYMENT: expected one of ${Object.keys(KINDS).join(', ')}`)
  const tmdb = await startFakeTmdb()
  const dataDir = mkdtempSync(join(tmpdir(), 'stellarr-http-'))
  const settings = {
    DATA_DIR: dataDir,
    PRESHARED_PASSWORD: HOUSEHOLD,
    ADMIN_PASSWORD: ADMIN,
    APP_SECRET_KEY: APP_SECRET,
    FEED_TOKEN,
    SYNC_TOKEN,
    ...Object.fromEntries(
      MEDIA_EVENT_SOURCES.map((source) => [WEBHOOK_TOKEN_SETTINGS[source], WEBHOOK_TOKENS[source]]),
    ),
    TMDB_API_KEY: TMDB_KEY,
    TMDB_BASE_URL: tmdb.url,
    LOG_LEVEL: 'debug',
    ...(isAsked && kind.anyStore),
    ...env,
  }
  let app = await kind.start(settings)
  if (!isAsked) await openLists(app.url)
  const stop = async () => {
    await app.stop()
    const leaked = [...SECRETS, ...SHOWN_SECRETS].filter((secret) => app.log().includes(secret))
    if (leaked.length > 0) throw new Error(`the log holds secrets: ${leaked.join(', ')}`)
  }
  return {
    get url() {
      return app.url
    },
    tmdb,
    pagesByCdn: kind.pagesByCdn,
    log: () => app.log(),
    otherStore: () => kind.otherStore(dataDir),
    async restart(more = {}) {
      await stop()
      app = await kind.start({ ...settings, ...more })
    },
    async close() {
      await stop()
      await tmdb.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

export interface Answer {
  status: number
  headers: Headers
  text: string
  /** The parsed body, or undefined when it is no JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: test assertions read answers of every shape
  body: any
}

/** What an error says to a program. */
export const codeOf = ({ status, body }: Answer) => [status, body?.code, body?.field]

export interface Call {
  method?: string
  token?: string
  json?: unknown
  body?: string
  headers?: Record<string, string>
}

/** One HTTP call; never throws for a status. */
export async function call(
  url: string,
  path: string,
  { method, token, json, body, headers = {} }: Call = {},
): Promise<Answer> {
  const sent = json === undefined ? body : JSON.stringify(json)
  const response = await fetch(url + path, {
    method: method ?? (sent === undefined ? 'GET' : 'POST'),
    redirect: 'manual',
    headers: {
      ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(sent === undefined ? {} : { body: sent }),
  })
  const text = await response.text()
  checkAnswer(method ?? (sent === undefined ? 'GET' : 'POST'), path, {
    status: response.status,
    headers: response.headers,
    text,
  })
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    parsed = undefined
  }
  return { status: response.status, headers: response.headers, text, body: parsed }
}

const DECLARED = ROUTES.map((route) => ({
  ...route,
  pattern: new RegExp(`^${route.path.replace(/\{\w+\}/g, '[^/]+')}$`),
}))
/** Any route may answer so: an address or a body that cannot be read at all. */
const UNREADABLE = [400, 413, 415]

/**
 * What holds for every answer of every test: no secret in it, the status and the shape are what its route declares, and
 * a feed is one that its clients can read.
 */
function checkAnswer(method: string, path: string, answer: Pick<Answer, 'status' | 'headers' | 'text'>): void {
  const { pathname, searchParams } = new URL(path, 'http://any')
  const isShown = pathname === '/api/feeds' || pathname === '/api/webhooks'
  const hidden = isShown ? SECRETS : [...SECRETS, ...SHOWN_SECRETS]
  for (const secret of hidden) if (answer.text.includes(secret)) throw new Error(`${path} answered with a secret`)
  const isServers = /^\/(api|list|sync|radarr|sonarr|lidarr|rss|webhook)(\/|$)/.test(pathname)
  const called = `${method} ${pathname}`
  if (answer.status >= 400 && isServers && method !== 'HEAD') checkShape(called, errorAnswer, answer.text)
  const route = DECLARED.find((one) => one.method === method.toLowerCase() && one.pattern.test(pathname))
  if (route && answer.status >= 400 && ![...route.errors, ...UNREADABLE].includes(answer.status)) {
    throw new Error(`${called} answered ${answer.status}, which its route does not declare`)
  }
  if (answer.status !== 200) return
  if (route?.answer && method !== 'HEAD') checkShape(called, route.answer, answer.text)
  if (method !== 'GET') return
  if (pathname === '/list/radarr' && !searchParams.has('by')) readAsStevenLu(answer)
  if (pathname === '/list/radarr') readAsRadarrCustom(answer)
  if (pathname === '/list/sonarr') readAsSonarrCustom(answer)
  if (pathname === '/radarr/api/v3/movie') readAsRadarrProgram(answer)
  if (pathname === '/sonarr/api/v3/series') readAsSonarrProgram(answer, { syncSeasonMonitoring: true })
  if (pathname === '/rss/movies' || pathname === '/rss/all') readAsRadarrPlexRss(answer)
  if (pathname === '/rss/tv' || pathname === '/rss/all') readAsSonarrPlexRss(answer)
}

const keys = new Map<string, string>()

/** The body of a sign-in, as a browser makes it. */
export function challenge(url: string, password: string, name: string, at = Date.now(), iterations = 100_000) {
  const cacheKey = `${password} ${url}`
  const key = keys.get(cacheKey) ?? pbkdf2Sync(password, url, iterations, 32, 'sha256').toString('hex')
  keys.set(cacheKey, key)
  const timestamp = Math.floor(at / 1000)
  const hash = createHash('sha256').update(`${key}:${timestamp}`).digest('hex')
  return { origin: url, timestamp, hash, name }
}

/** FEED_TOKEN is older than the store, as far as anybody knows: the admin says that the store is meant. */
export async function openLists(url: string): Promise<void> {
  const token = await signIn(url, 'Op', ADMIN)
  const { status } = await call(url, '/api/admin/confirm-store', { method: 'POST', token })
  if (status !== 200) throw new Error(`the lists stay closed: ${status}`)
}

const usedSeconds = new Set<string>()

/** The latest second that no sign-in of this deployment and password has used. */
function unusedSecond(url: string, password: string): number {
  let second = Math.floor(Date.now() / 1000)
  while (usedSeconds.has(`${url} ${password} ${second}`)) second -= 1
  usedSeconds.add(`${url} ${password} ${second}`)
  return second
}

/** A challenge that no earlier one of this deployment is the same as. */
export const freshChallenge = (url: string, password: string, name: string) =>
  challenge(url, password, name, unusedSecond(url, password) * 1000)

/** Signs in with a timestamp that no earlier call used; answers the token. */
export async function signIn(url: string, name = 'Ann', password = HOUSEHOLD): Promise<string> {
  const answer = await call(url, '/api/auth/verify', { json: freshChallenge(url, password, name) })
  // A browser may have signed in within that second.
  if (answer.body?.code === 'challenge_used') return signIn(url, name, password)
  if (answer.status !== 200) throw new Error(`sign-in answered ${answer.status}: ${answer.text}`)
  return answer.body.token
}

import { createHash, pbkdf2Sync } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startFakeTmdb } from '@stellarr/gateways/testing'
import { readSettings } from '../../apps/docker/src/settings.ts'
import { startApp } from '../../apps/docker/src/start.ts'

export const HOUSEHOLD = 'household-password-1'
export const OPERATOR = 'operator-password-1'
export const FEED_TOKEN = 'feed-token-of-the-tests'
export const SYNC_TOKEN = 'sync-token-of-the-tests'
export const PLEX_TOKEN = 'plex-token-of-the-tests'
export const TMDB_KEY = '0123456789abcdef0123456789abcdef'

export type FakeTmdb = Awaited<ReturnType<typeof startFakeTmdb>>

/** A running deployment that the suite talks to over HTTP alone. */
export interface Deployment {
  url: string
  tmdb: FakeTmdb
  dataDir: string
  /** Stops and starts it again on the same data. */
  restart(env?: Record<string, string>): Promise<void>
  close(): Promise<void>
}

/** Starts the self-hosted app on a free port with an empty data folder and a fake TMDB. */
export async function openDeployment(env: Record<string, string> = {}): Promise<Deployment> {
  const tmdb = await startFakeTmdb()
  const dataDir = mkdtempSync(join(tmpdir(), 'stellarr-http-'))
  const start = (more: Record<string, string>) =>
    startApp(
      readSettings({
        PORT: '0',
        HOST: '127.0.0.1',
        DATA_DIR: dataDir,
        PRESHARED_PASSWORD: HOUSEHOLD,
        OPERATOR_PASSWORD: OPERATOR,
        APP_SECRET_KEY: 'app-secret-key-of-the-tests',
        FEED_TOKEN,
        SYNC_TOKEN,
        PLEX_WEBHOOK_TOKEN: PLEX_TOKEN,
        TMDB_API_KEY: TMDB_KEY,
        TMDB_BASE_URL: tmdb.url,
        LOG_LEVEL: 'error',
        ...env,
        ...more,
      }),
      { version: '0.0.0-test', siteDir: dataDir },
    )
  let app = await start({})
  return {
    get url() {
      return `http://127.0.0.1:${app.port}`
    },
    tmdb,
    dataDir,
    async restart(more = {}) {
      await app.stop()
      app = await start(more)
    },
    async close() {
      await app.stop()
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
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    parsed = undefined
  }
  return { status: response.status, headers: response.headers, text, body: parsed }
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

let used = 0

/** Signs in with a timestamp that no earlier call used; answers the token. */
export async function signIn(url: string, name = 'Ann', password = HOUSEHOLD): Promise<string> {
  used += 1
  const answer = await call(url, '/api/auth/verify', { json: challenge(url, password, name, Date.now() - used * 1000) })
  if (answer.status !== 200) throw new Error(`sign-in answered ${answer.status}: ${answer.text}`)
  return answer.body.token
}

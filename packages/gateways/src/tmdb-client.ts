import { type IncomingMessage, Agent as PlainAgent, request as plainRequest } from 'node:http'
import { Agent as TlsAgent, request as tlsRequest } from 'node:https'
import { gunzipSync } from 'node:zlib'
import { type Clock, Fault, type Logger } from '@stellarr/core'

export interface TmdbClientOptions {
  /** A v3 key (32 hex digits) or a v4 read access token. */
  apiKey: string
  /** Default `https://api.themoviedb.org/3`. */
  baseUrl?: string
  clock: Clock
  logger: Logger
  /** One attempt's time; a call with its retry ends within 6 s. */
  timeoutMs?: number
  /** Calls to TMDB at once. */
  concurrency?: number
}

export interface TmdbClient {
  /** The parsed JSON of a path; undefined for 404. Throws `catalog_unavailable` or `catalog_bad_answer`. */
  get(path: string, query?: Record<string, string>): Promise<unknown>
  close(): void
}

const CALL_MS = 5_500
const MAX_BODY = 4 * 1024 * 1024

const down = () =>
  new Fault('catalog_unavailable', 'TMDB does not answer just now. Requests and lists are not affected.')
const busy = () =>
  new Fault('catalog_unavailable', 'TMDB asks us to wait a moment. Requests and lists are not affected.')

interface RawAnswer {
  status: number
  retryAfter: number
  body: Buffer
}

/**
 * A small client: keep-alive sockets, capped concurrency, one retry within a deadline, Retry-After obeyed. No error it
 * throws or logs holds the key or an address.
 */
export function tmdbClient(options: TmdbClientOptions): TmdbClient {
  const base = options.baseUrl ?? 'https://api.themoviedb.org/3'
  const isTls = base.startsWith('https:')
  const sockets = { keepAlive: true, maxSockets: options.concurrency ?? 8 }
  const agent = isTls ? new TlsAgent(sockets) : new PlainAgent(sockets)
  const isV4 = options.apiKey.includes('.')
  const attemptMs = options.timeoutMs ?? 4_000
  let waitUntil = 0
  let running = 0
  const queue: (() => void)[] = []

  /** Waits for one of the places; `done` hands a place on to the next in line, so that no newcomer slips between. */
  async function turn(deadline: number): Promise<void> {
    if (running >= sockets.maxSockets) {
      return new Promise<void>((resolve, reject) => {
        const entry = () => {
          clearTimeout(timer)
          resolve()
        }
        const timer = setTimeout(() => {
          queue.splice(queue.indexOf(entry), 1)
          reject(down())
        }, deadline - performance.now())
        queue.push(entry)
      })
    }
    running += 1
  }

  function done(): void {
    const next = queue.shift()
    if (next) next()
    else running -= 1
  }

  function attempt(path: string, query: Record<string, string>, ms: number): Promise<RawAnswer> {
    const url = new URL(base + path)
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
    const headers: Record<string, string> = { accept: 'application/json', 'accept-encoding': 'gzip' }
    if (isV4) headers.authorization = `Bearer ${options.apiKey}`
    else url.searchParams.set('api_key', options.apiKey)
    return new Promise((resolve, reject) => {
      const req = (isTls ? tlsRequest : plainRequest)(url, { agent, headers }, (res) => {
        readBody(res)
          .then(resolve, reject)
          .finally(() => clearTimeout(timer))
      })
      const timer = setTimeout(() => req.destroy(new Error('timeout')), ms)
      req.on('error', (error) => {
        clearTimeout(timer)
        reject(error)
      })
      req.end()
    })
  }

  /** One attempt's answer, or undefined where a second one may help. */
  async function tryOnce(
    path: string,
    query: Record<string, string>,
    deadline: number,
  ): Promise<RawAnswer | undefined> {
    const left = deadline - performance.now()
    if (left <= 50) return undefined
    try {
      const answer = await attempt(path, query, Math.min(attemptMs, left))
      if (answer.status === 429) waitUntil = Math.max(waitUntil, options.clock.now() + answer.retryAfter)
      return answer.status === 429 || answer.status >= 500 ? undefined : answer
    } catch (error) {
      // The message alone, and only its code: the full error of a request can hold the address with the key.
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'failed'
      options.logger.warn('TMDB call failed', { path: path.replace(/\d+/g, 'N'), code })
      return undefined
    }
  }

  async function call(path: string, query: Record<string, string>): Promise<unknown> {
    if (waitUntil > options.clock.now()) throw busy()
    const deadline = performance.now() + CALL_MS
    await turn(deadline)
    try {
      let answer = await tryOnce(path, query, deadline)
      if (!answer) {
        const pause = Math.max(150, waitUntil - options.clock.now())
        if (performance.now() + pause >= deadline - 50) throw waitUntil > options.clock.now() ? busy() : down()
        await new Promise((resolve) => setTimeout(resolve, pause))
        answer = await tryOnce(path, query, deadline)
      }
      if (!answer) throw waitUntil > options.clock.now() ? busy() : down()
      return parse(answer)
    } finally {
      done()
    }
  }

  return { get: (path, query = {}) => call(path, query), close: () => agent.destroy() }
}

function parse({ status, body }: RawAnswer): unknown {
  if (status === 404) return undefined
  if (status === 401 || status === 403) {
    throw new Fault('catalog_unavailable', 'TMDB does not accept TMDB_API_KEY: the admin must check it.')
  }
  if (status !== 200) throw new Fault('catalog_bad_answer', `TMDB refused the question (${status}).`)
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    throw new Fault('catalog_bad_answer', 'TMDB answered something that is not JSON. Try again later.')
  }
}

async function readBody(res: IncomingMessage): Promise<RawAnswer> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of res) {
    size += part.length
    if (size > MAX_BODY) throw new Error('the answer is too large')
    parts.push(part)
  }
  if (!res.complete) throw new Error('the answer was cut off')
  const seconds = Number(res.headers['retry-after'])
  const raw = Buffer.concat(parts)
  return {
    status: res.statusCode ?? 0,
    retryAfter: Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 60) * 1000 : 1000,
    body: res.headers['content-encoding'] === 'gzip' ? gunzipSync(raw, { maxOutputLength: MAX_BODY }) : raw,
  }
}

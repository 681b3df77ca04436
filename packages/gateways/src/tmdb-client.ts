import { type AgentOptions, type IncomingMessage, Agent as PlainAgent, request as plainRequest } from 'node:http'
import { Agent as TlsAgent, request as tlsRequest } from 'node:https'
import { type Clock, Fault, type Logger } from '@stellarr/core'
import { textOf, UnaskedEncoding } from './answers.ts'

export interface TmdbClientOptions {
  /** A v3 key (32 hex digits) or a v4 read access token. */
  apiKey: string
  /** Default `https://api.themoviedb.org/3`. */
  baseUrl?: string
  clock: Clock
  logger: Logger
  /** One attempt's time; a call with its retry ends within 6 s. */
  timeoutMs?: number
  /** A proxy for the calls, as the environment names it (`HTTPS_PROXY`, `NO_PROXY`). */
  proxyEnv?: AgentOptions['proxyEnv']
  /** Calls to TMDB at once. */
  concurrency?: number
}

export interface TmdbClient {
  /** The parsed JSON of a path; undefined for 404. Throws a fault of the catalogue (`catalog_…`). */
  get(path: string, query?: Record<string, string>): Promise<unknown>
  close(): void
}

const CALL_MS = 5_500
/** What must be left of a call after a wait, for the answer. */
const ANSWER_MS = 250
const PAUSE_MS = 150
const MAX_WAIT_MS = 60_000
const MAX_BODY = 4 * 1024 * 1024

const down = () =>
  new Fault('catalog_unavailable', 'TMDB does not answer just now. Requests and lists are not affected.')
const busy = () =>
  new Fault('catalog_unavailable', 'TMDB asks us to wait a moment. Requests and lists are not affected.')

interface RawAnswer {
  status: number
  /** Milliseconds; for 429. */
  retryAfter: number
  text: string
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/**
 * A small client: keep-alive sockets, capped concurrency, one retry within a deadline. Retry-After is obeyed by all
 * calls: they wait while that fits into their time, else they fail at once. No error it throws or logs holds the key or
 * an address.
 */
export function tmdbClient(options: TmdbClientOptions): TmdbClient {
  const base = options.baseUrl ?? 'https://api.themoviedb.org/3'
  const isTls = base.startsWith('https:')
  const { proxyEnv, concurrency = 8 } = options
  const sockets = { keepAlive: true, maxSockets: concurrency, ...(proxyEnv && { proxyEnv }) }
  const agent = isTls ? new TlsAgent(sockets) : new PlainAgent(sockets)
  const isV4 = options.apiKey.includes('.')
  const attemptMs = options.timeoutMs ?? 4_000
  let waitUntil = 0
  let running = 0
  const queue: (() => void)[] = []

  /** Never longer than was asked for, though the clock be set back. */
  function waitLeft(): number {
    const left = waitUntil - options.clock.now()
    return left > MAX_WAIT_MS ? 0 : left
  }
  const fits = (ms: number, deadline: number) => performance.now() + ms <= deadline - ANSWER_MS

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
          reject(waitLeft() > 0 ? busy() : down())
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
        readAnswer(res, options.clock)
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
    try {
      const answer = await attempt(path, query, Math.min(attemptMs, deadline - performance.now()))
      if (answer.status === 429) waitUntil = Math.max(waitUntil, options.clock.now() + answer.retryAfter)
      return answer.status === 429 || answer.status >= 500 ? undefined : answer
    } catch (error) {
      if (error instanceof UnaskedEncoding) {
        throw new Fault('catalog_bad_answer', 'TMDB answered in an encoding that we did not ask for. Try again later.')
      }
      // The message alone, and only its code: the full error of a request can hold the address with the key.
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'failed'
      options.logger.warn('TMDB call failed', { path: path.replace(/\d+/g, 'N'), code })
      return undefined
    }
  }

  /** Waits as long as TMDB wants us to; also what others are told meanwhile counts. Throws when it is too long. */
  async function obey(deadline: number): Promise<void> {
    for (let left = waitLeft(); left > 0; left = waitLeft()) {
      if (!fits(left, deadline)) throw busy()
      await sleep(left)
    }
    if (!fits(0, deadline)) throw down()
  }

  async function call(path: string, query: Record<string, string>): Promise<unknown> {
    const deadline = performance.now() + CALL_MS
    if (!fits(waitLeft(), deadline)) throw busy()
    await turn(deadline)
    try {
      for (let failures = 0; ; ) {
        await obey(deadline)
        const answer = await tryOnce(path, query, deadline)
        if (answer) return parse(answer)
        if (waitLeft() > 0) continue
        failures += 1
        if (failures > 1) throw down()
        await sleep(PAUSE_MS)
      }
    } finally {
      done()
    }
  }

  return { get: (path, query = {}) => call(path, query), close: () => agent.destroy() }
}

function parse({ status, text }: RawAnswer): unknown {
  if (status === 404) return undefined
  if (status === 401 || status === 403) {
    throw new Fault('catalog_key_refused', 'TMDB refuses the key (TMDB_API_KEY): the admin has to set another one.')
  }
  if (status !== 200) throw new Fault('catalog_bad_answer', `TMDB refused the question (${status}).`)
  try {
    return JSON.parse(text)
  } catch {
    throw new Fault('catalog_bad_answer', 'TMDB answered something that is not JSON. Try again later.')
  }
}

/** How long a Retry-After wants us to wait: it holds seconds or a date. */
function waitOf(res: IncomingMessage, clock: Clock): number {
  const value = res.headers['retry-after'] ?? ''
  // The sender's own clock is the one that its date was made by.
  const sent = Date.parse(res.headers.date ?? '') || clock.now()
  const ms = /^\s*\d/.test(value) ? Number(value) * 1000 : Date.parse(value) - sent
  return ms > 0 ? Math.min(ms, MAX_WAIT_MS) : 1000
}

async function readAnswer(res: IncomingMessage, clock: Clock): Promise<RawAnswer> {
  return { status: res.statusCode ?? 0, retryAfter: waitOf(res, clock), text: await textOf(res, MAX_BODY) }
}

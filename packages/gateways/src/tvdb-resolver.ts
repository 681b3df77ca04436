import { type Clock, type EpisodeResolver, type Logger, MAX_ID } from '@stellarr/core'
import { LRUCache } from 'lru-cache'
import { codeOf, type SmallAnswer, smallRequest } from './small-request.ts'

export interface TvdbResolverOptions {
  apiKey: string
  /** Default `https://api4.thetvdb.com/v4`. */
  baseUrl?: string
  clock: Clock
  logger: Logger
  /** A lookup's time, logging in included. */
  timeoutMs?: number
  /** The most episodes that are remembered. */
  maxKept?: number
}

const DAY_MS = 24 * 3_600_000
/** Tokens are good for a month (https://thetvdb.github.io/v4-api/). */
const TOKEN_MS = 28 * DAY_MS
/** An episode stays in its series; one that TVDB does not know today it may know tomorrow. */
const FOUND_MS = 30 * DAY_MS
const MISSING_MS = DAY_MS
/** After a failure nothing is asked for a while: episodes arrive by the dozen, each would wait for the same silence. */
const REST_MS = 60_000
const KEY_REST_MS = 15 * 60_000
const MAX_ANSWER = 256 * 1024

/** Why nothing was learnt, and how long to leave TVDB alone. */
class Refusal extends Error {
  readonly restMs: number

  constructor(message: string, restMs = REST_MS) {
    super(message)
    this.restMs = restMs
  }
}

function field(value: unknown, name: string): unknown {
  return value !== null && typeof value === 'object' ? Reflect.get(value, name) : undefined
}

/** The `data` of an answer of TVDB. */
function dataOf({ text }: SmallAnswer): unknown {
  try {
    return field(JSON.parse(text), 'data')
  } catch {
    throw new Refusal('TVDB answered something that is not JSON')
  }
}

/**
 * Finds an episode's series at TVDB's version 4: logs in, keeps the token, and logs in once more when it is refused.
 * Both what is found and what is not are remembered. It never rejects: a lookup that fails answers undefined, is logged
 * and not remembered, since a webhook must not fail for a service that only helps to match it. No log holds the key.
 */
export function tvdbResolver(options: TvdbResolverOptions): EpisodeResolver {
  const { apiKey, baseUrl = 'https://api4.thetvdb.com/v4', clock, logger, timeoutMs = 5_000, maxKept = 5_000 } = options
  const kept = new LRUCache<number, { seriesId: number | undefined; until: number }>({ max: maxKept })
  const running = new Map<number, Promise<number | undefined>>()
  let token: { value: string; until: number } | undefined
  let loggingIn: Promise<string> | undefined
  let restUntil = 0

  async function call(method: 'GET' | 'POST', path: string, bearer?: string, body?: object): Promise<SmallAnswer> {
    const headers: Record<string, string> = { accept: 'application/json' }
    if (bearer !== undefined) headers.authorization = `Bearer ${bearer}`
    if (body) headers['content-type'] = 'application/json'
    const sent = { url: baseUrl + path, method, headers, timeoutMs, maxBytes: MAX_ANSWER }
    try {
      return await smallRequest({ ...sent, ...(body && { body: JSON.stringify(body) }) })
    } catch (error) {
      throw new Refusal(`TVDB does not answer (${codeOf(error)})`)
    }
  }

  async function logIn(): Promise<string> {
    const answer = await call('POST', '/login', undefined, { apikey: apiKey })
    if (answer.status === 401) throw new Refusal('TVDB does not accept TVDB_API_KEY', KEY_REST_MS)
    if (answer.status !== 200) throw new Refusal(`TVDB does not let us log in (${answer.status})`)
    const value = field(dataOf(answer), 'token')
    // A header takes no other characters, and an error about them would show the token.
    if (typeof value !== 'string' || !/^[\w.~+/=-]{1,4096}$/.test(value)) throw new Refusal('TVDB gave no token')
    token = { value, until: clock.now() + TOKEN_MS }
    return value
  }

  /** The token there is, or a new one: one login at a time, shared by all who wait. */
  function currentToken(): Promise<string> {
    if (token && token.until > clock.now()) return Promise.resolve(token.value)
    loggingIn ??= logIn().finally(() => {
      loggingIn = undefined
    })
    return loggingIn
  }

  async function lookUp(episodeId: number): Promise<number | undefined> {
    const path = `/episodes/${episodeId}`
    const used = await currentToken()
    let answer = await call('GET', path, used)
    if (answer.status === 401) {
      if (token?.value === used) token = undefined
      answer = await call('GET', path, await currentToken())
      if (answer.status === 401) {
        token = undefined
        throw new Refusal('TVDB refuses the token that it has just given')
      }
    }
    if (answer.status === 404) return remember(episodeId, undefined, MISSING_MS)
    if (answer.status !== 200) throw new Refusal(`TVDB refused the question (${answer.status})`)
    const seriesId = field(dataOf(answer), 'seriesId')
    if (typeof seriesId !== 'number' || !Number.isInteger(seriesId) || seriesId < 1 || seriesId > MAX_ID) {
      throw new Refusal('TVDB named no series')
    }
    return remember(episodeId, seriesId, FOUND_MS)
  }

  function remember(episodeId: number, seriesId: number | undefined, ms: number): number | undefined {
    kept.set(episodeId, { seriesId, until: clock.now() + ms })
    return seriesId
  }

  /** The lookup within its time; what takes longer goes on and is remembered, for the next to ask. */
  async function inTime(work: Promise<number | undefined>): Promise<number | undefined> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Refusal('TVDB does not answer (timeout)')), timeoutMs)
    })
    try {
      return await Promise.race([work, late])
    } catch (error) {
      const { message, restMs } = error instanceof Refusal ? error : new Refusal('TVDB was not understood')
      restUntil = Math.max(restUntil, clock.now() + restMs)
      logger.warn(`${message}: an episode may stay without its series.`)
      return undefined
    } finally {
      clearTimeout(timer)
    }
  }

  return {
    async seriesOf(episodeTvdbId) {
      if (!Number.isInteger(episodeTvdbId) || episodeTvdbId < 1 || episodeTvdbId > MAX_ID) return undefined
      const known = kept.get(episodeTvdbId)
      if (known && known.until > clock.now()) return known.seriesId
      if (restUntil > clock.now()) return undefined
      const before = running.get(episodeTvdbId)
      if (before) return before
      const asked = inTime(lookUp(episodeTvdbId)).finally(() => running.delete(episodeTvdbId))
      running.set(episodeTvdbId, asked)
      return asked
    },
  }
}

import { type Clock, type Logger, MAX_ID } from '@stellarr/core'
import { UnaskedEncoding } from './answers.ts'
import { codeOf, type SmallAnswer, smallRequest } from './small-request.ts'

export interface TvdbClientOptions {
  apiKey: string
  /** Default `https://api4.thetvdb.com/v4`. */
  baseUrl?: string
  clock: Clock
}

/** What a question may take. */
export interface TvdbLimits {
  /** One call's time; logging in is another call. */
  timeoutMs: number
  /** Of the answer, unpacked. */
  maxBytes: number
}

export interface TvdbClient {
  /**
   * What a path answers; undefined for 404. Logs in where that is needed, and once more when the token is refused.
   * Throws `Refusal`.
   */
  get(path: string, limits: TvdbLimits): Promise<TvdbAnswer | undefined>
}

export interface TvdbAnswer {
  data: unknown
  links: unknown
}

const DAY_MS = 24 * 3_600_000
/** Tokens are good for a month (https://thetvdb.github.io/v4-api/). */
const TOKEN_MS = 28 * DAY_MS
/** After a failure nothing is asked for a while: questions come by the dozen, each would wait for the same silence. */
const REST_MS = 60_000
const KEY_REST_MS = 15 * 60_000
const MAX_LOGIN_ANSWER = 64 * 1024

/** Why nothing was learnt, and how long to leave TVDB alone. */
export class Refusal extends Error {
  readonly restMs: number

  constructor(message: string, restMs = REST_MS) {
    super(message)
    this.restMs = restMs
  }
}

/** TVDB does not take our key. */
export class KeyRefused extends Refusal {
  constructor() {
    super('TVDB refuses the key (TVDB_API_KEY)', KEY_REST_MS)
  }
}

/** A field of what may be anything. */
export function field(value: unknown, name: string): unknown {
  return value !== null && typeof value === 'object' ? Reflect.get(value, name) : undefined
}

/** Whether it can be an id of TVDB. */
export function isTvdbId(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MAX_ID
}

function read({ text }: SmallAnswer): TvdbAnswer {
  try {
    const answer: unknown = JSON.parse(text)
    return { data: field(answer, 'data'), links: field(answer, 'links') }
  } catch {
    throw new Refusal('TVDB answered something that is not JSON')
  }
}

/** Calls TVDB's version 4, with one token for all of its users. No error it throws holds the key or an address. */
export function tvdbClient(options: TvdbClientOptions): TvdbClient {
  const { apiKey, baseUrl = 'https://api4.thetvdb.com/v4', clock } = options
  let token: { value: string; until: number } | undefined
  let loggingIn: Promise<string> | undefined

  async function call(path: string, limits: TvdbLimits, bearer?: string, body?: object): Promise<SmallAnswer> {
    const headers: Record<string, string> = { accept: 'application/json', 'accept-encoding': 'gzip' }
    if (bearer !== undefined) headers.authorization = `Bearer ${bearer}`
    if (body) headers['content-type'] = 'application/json'
    const sent = { url: baseUrl + path, method: body ? 'POST' : 'GET', headers, ...limits } as const
    try {
      return await smallRequest({ ...sent, ...(body && { body: JSON.stringify(body) }) })
    } catch (error) {
      const code = error instanceof UnaskedEncoding ? error.message : codeOf(error)
      throw new Refusal(`TVDB does not answer (${code})`)
    }
  }

  async function logIn(timeoutMs: number): Promise<string> {
    const answer = await call('/login', { timeoutMs, maxBytes: MAX_LOGIN_ANSWER }, undefined, { apikey: apiKey })
    if (answer.status === 401) throw new KeyRefused()
    if (answer.status !== 200) throw new Refusal(`TVDB does not let us log in (${answer.status})`)
    const value = field(read(answer).data, 'token')
    // A header takes no other characters, and an error about them would show the token.
    if (typeof value !== 'string' || !/^[\w.~+/=-]{1,4096}$/.test(value)) throw new Refusal('TVDB gave no token')
    token = { value, until: clock.now() + TOKEN_MS }
    return value
  }

  /** The token there is, or a new one: one login at a time, shared by all who wait. */
  function currentToken(timeoutMs: number): Promise<string> {
    if (token && token.until > clock.now()) return Promise.resolve(token.value)
    loggingIn ??= logIn(timeoutMs).finally(() => {
      loggingIn = undefined
    })
    return loggingIn
  }

  return {
    async get(path, limits) {
      const used = await currentToken(limits.timeoutMs)
      let answer = await call(path, limits, used)
      if (answer.status === 401) {
        if (token?.value === used) token = undefined
        answer = await call(path, limits, await currentToken(limits.timeoutMs))
        if (answer.status === 401) {
          token = undefined
          throw new Refusal('TVDB refuses the token that it has just given')
        }
      }
      if (answer.status === 404) return undefined
      if (answer.status !== 200) throw new Refusal(`TVDB refused the question (${answer.status})`)
      return read(answer)
    },
  }
}

/** Waits for some work at most `ms`, then throws `late`. The work goes on. */
export async function inTime<Result>(work: Promise<Result>, ms: number, late: Refusal): Promise<Result> {
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late), ms)
  })
  try {
    return await Promise.race([work, over])
  } finally {
    clearTimeout(timer)
  }
}

/** A user's rest from TVDB. */
export interface TvdbRest {
  isOn(): boolean
  /** Begins one, or makes it longer; the log hears of its beginning alone. */
  begin(error: unknown): void
}

/** @param outcome what follows from TVDB's silence, for the log */
export function tvdbRest(clock: Clock, logger: Logger, outcome: string): TvdbRest {
  let until = 0
  const isOn = () => until > clock.now()
  return {
    isOn,
    begin(error) {
      const { message, restMs } = error instanceof Refusal ? error : new Refusal('TVDB was not understood')
      if (!isOn()) logger.warn(`${message}: ${outcome}`)
      until = Math.max(until, clock.now() + restMs)
    },
  }
}

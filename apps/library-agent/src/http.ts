import { AgentError, EXIT, Stopped } from './errors.ts'
import { explain } from './network-errors.ts'

/** A server that the agent talks to. */
export interface Peer {
  /** As people call it. */
  name: string
  /** Its address, without a slash at the end. */
  url: string
  /** The option that holds the address, for errors. */
  option: string
  /** The setting that holds the token, for errors. */
  tokenSetting: string
  /** Sent with every call; the token is among them, never in an address. */
  headers: Readonly<Record<string, string>>
}

/** What calls need of the surroundings. */
export interface Transport {
  fetch: typeof fetch
  timeoutMs: number
  /** The agent's own, told to servers. */
  version: string
  /** Aborted when the agent is to end. */
  stop: AbortSignal
  sleep(ms: number): Promise<void>
  /** Tells the person who waits. */
  note(text: string): void
}

export interface Answer {
  status: number
  /** The parsed body; undefined when an error's body is no JSON. */
  body: unknown
}

export interface Request {
  method?: string
  json?: unknown
  headers?: Readonly<Record<string, string>>
}

/** Calls one path of a server. Throws for whatever is neither success nor a 4xx that the caller can act on. */
export type Call = (path: string, request?: Request) => Promise<Answer>

const TRIES = 5
const FIRST_PAUSE_MS = 1_000
/** A server that asks for a longer pause is left alone: the next run comes anyway. */
const LONGEST_PAUSE_MS = 300_000

/** A try that may be repeated. */
interface Trouble {
  why: string
  pauseMs: number
}

/** The way to call a server: JSON, a time limit for each call, and up to five tries with growing pauses. */
export function connect(peer: Peer, transport: Transport): Call {
  return async (path, request = {}) => {
    for (let tries = 1; ; tries += 1) {
      const outcome = await tryOnce(peer, transport, path, request)
      if ('status' in outcome) return outcome
      const { why, pauseMs } = outcome
      if (tries === TRIES || pauseMs > LONGEST_PAUSE_MS) throw new AgentError(EXIT.failed, `${peer.name} ${why}`)
      const pause = Math.max(FIRST_PAUSE_MS * 2 ** (tries - 1), pauseMs)
      transport.note(`${peer.name} ${why} Trying again in ${Math.ceil(pause / 1000)} s.`)
      await transport.sleep(pause)
    }
  }
}

async function tryOnce(peer: Peer, transport: Transport, path: string, request: Request): Promise<Answer | Trouble> {
  // A limit of its own for each call: signals joined by AbortSignal.any pile up on `stop` in Node 20.
  const limit = new AbortController()
  const end = () => limit.abort()
  const timer = setTimeout(end, transport.timeoutMs)
  transport.stop.addEventListener('abort', end, { once: true })
  try {
    if (transport.stop.aborted) throw new Stopped()
    const response = await transport.fetch(peer.url + path, {
      method: request.method ?? 'GET',
      // A token must not follow to another host.
      redirect: 'manual',
      signal: limit.signal,
      headers: {
        accept: 'application/json',
        'user-agent': `stellarr-library-agent/${transport.version}`,
        ...peer.headers,
        ...request.headers,
        ...(request.json === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(request.json === undefined ? {} : { body: JSON.stringify(request.json) }),
    })
    return judge(peer, response, await response.text())
  } catch (error) {
    if (transport.stop.aborted) throw new Stopped()
    if (error instanceof AgentError) throw error
    if (limit.signal.aborted) {
      return { why: `does not answer within ${transport.timeoutMs / 1000} s (--timeout; ${peer.option}).`, pauseMs: 0 }
    }
    const { why, again, exit } = explain(error, peer.option)
    if (!again) throw new AgentError(exit, `${peer.name} ${why}`)
    return { why, pauseMs: 0 }
  } finally {
    clearTimeout(timer)
    transport.stop.removeEventListener('abort', end)
  }
}

function judge(peer: Peer, response: Response, body: string): Answer | Trouble {
  const { status } = response
  if (status === 401 || status === 403) {
    throw new AgentError(EXIT.usage, `${peer.name} does not accept the token (${status}): check ${peer.tokenSetting}.`)
  }
  if (status >= 300 && status < 400) {
    const to = placeOf(response.headers.get('location'), peer.url)
    throw new AgentError(EXIT.usage, `${peer.name} sends calls on to ${to}: give its own address in ${peer.option}.`)
  }
  if (status === 429 || status >= 500) {
    const why = `answers ${status}${status === 429 ? ' (too many calls)' : ''}.`
    return { why, pauseMs: retryAfter(response.headers.get('retry-after')) }
  }
  try {
    return { status, body: JSON.parse(body) }
  } catch {
    if (status >= 400) return { status, body: undefined }
    if (/^\s*</.test(body)) {
      throw new AgentError(
        EXIT.usage,
        `${peer.name} answers a page, not JSON: is ${peer.option} its address? (No path such as /web behind it.)`,
      )
    }
    return { why: 'gave an answer that is cut short or no JSON.', pauseMs: 0 }
  }
}

/** Where a redirect goes, without what may hold secrets. */
function placeOf(location: string | null, base: string): string {
  if (location === null || !URL.canParse(location, base)) return 'another address'
  const { origin, pathname } = new URL(location, base)
  return origin + pathname
}

/** The pause that a Retry-After header asks for: seconds or a date. */
function retryAfter(header: string | null): number {
  if (header === null) return 0
  if (/^\d+$/.test(header.trim())) return Number(header) * 1000
  const at = Date.parse(header)
  return Number.isNaN(at) ? 0 : Math.max(0, at - Date.now())
}

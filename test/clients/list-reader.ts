import type { FeedAnswer } from './answers.ts'
import { ListFailure, listStatus } from './list-status.ts'
import type { ListItem, ListType } from './list-types.ts'
import type { SonarrProgramFilters } from './program-lists.ts'

/** Carries a GET to the server; rejects when nothing answers (connection refused, no answer within 100 s). */
export type Transport = (path: string, headers: Record<string, string>) => Promise<FeedAnswer>

export interface Clock {
  /** Epoch ms. */
  now(): number
}

/** One list in a client's settings. */
export interface ListSettings<Type extends string> {
  /** The name of this list, unique in its client. */
  name: string
  type: Type
  /** The address below the server: a program list's base (`/radarr`), another's whole path and query. */
  url: string
  /** Program lists: without one the client sends nothing and takes the list for empty. */
  apiKey?: string
  filters?: SonarrProgramFilters
  /** Adds the titles to the library; on when left out. */
  adds?: boolean
}

/** One answer that a client got; `status` is undefined when none came. */
export interface AnswerNote {
  list: string
  at: number
  status: number | undefined
  /** Why the list was failed. */
  failure?: string
}

const MAX_REDIRECTS = 5
const HOUR_MS = 3_600_000

/** One list of a client with what the client keeps of it. */
export function listReader<Settings extends ListSettings<string>>(
  settings: Settings,
  type: ListType,
  from: { transport: Transport; clock: Clock; userAgent: string; note(answer: AnswerNote): void },
) {
  const { clock } = from
  const status = listStatus(clock)

  async function get(path: string, headers: Record<string, string>): Promise<FeedAnswer> {
    try {
      return await from.transport(path, headers)
    } catch (error) {
      from.note({ list: settings.name, at: clock.now(), status: undefined, failure: String(error) })
      throw new ListFailure(String(error), { unreachable: true })
    }
  }

  async function answer(): Promise<FeedAnswer> {
    // Only the lists that are not on the shared HTTP base trim their address.
    const base = type.onHttpBase ? settings.url : settings.url.replace(/\/+$/, '')
    const headers: Record<string, string> = { 'User-Agent': from.userAgent, Accept: type.accept }
    if (type.programPath) return get(base + type.programPath, { ...headers, 'X-Api-Key': settings.apiKey ?? '' })
    let path = base
    for (let redirects = 0; ; redirects += 1) {
      const found = await get(path, headers)
      const location = found.headers.get('location')
      if (found.status < 300 || found.status >= 400 || !location || redirects === MAX_REDIRECTS) return found
      const url = new URL(location, `http://server${path}`)
      path = url.pathname + url.search
    }
  }

  /** The same answer reads the same: most of a client's reads find nothing new. */
  let last: { answer: FeedAnswer; items: ListItem[] } | undefined

  function read(found: FeedAnswer): ListItem[] {
    const contentType = (one: FeedAnswer) => one.headers.get('content-type')
    if (
      last?.answer.text === found.text &&
      last.answer.status === found.status &&
      contentType(last.answer) === contentType(found)
    ) {
      return last.items
    }
    last = { answer: found, items: type.read(found, settings.filters ?? {}) }
    return last.items
  }

  function record(failure: ListFailure): void {
    if (!type.onHttpBase) status.failed()
    else status.failed({ escalate: !failure.unreachable, atLeastMs: failure.retryAfterMs ?? 0 })
  }

  return {
    settings,
    type,
    status,
    adds: settings.adds ?? true,
    /** When the client last stamped this list; undefined before the first time. */
    stampedAt: undefined as number | undefined,
    /** The rows of the last good read, as the client keeps them. */
    stored: [] as ListItem[],
    /** Sonarr: a row has left since the last cleaning. */
    removedSinceClean: false,
    /** When each title of this list was first read, by the client's key of it. */
    firstSeen: new Map<number, number>(),

    /** True while the client will not read it again yet. */
    isFresh(): boolean {
      return this.stampedAt !== undefined && clock.now() < this.stampedAt + type.minimumMs
    },

    /** Reads the list; undefined when it failed, which is then counted towards the back-off. */
    async fetch(): Promise<ListItem[] | undefined> {
      try {
        // Without a key the program lists ask nobody and go on with nothing.
        if (type.programPath && !settings.apiKey) return []
        const found = await answer()
        const noted: AnswerNote = { list: settings.name, at: clock.now(), status: found.status }
        try {
          const items = read(found)
          from.note(noted)
          status.succeeded()
          return items
        } catch (error) {
          from.note({ ...noted, failure: String(error) })
          throw new ListFailure(String(error), found.status === 429 ? { retryAfterMs: retryAfter(found) } : {})
        }
      } catch (error) {
        if (!(error instanceof ListFailure)) throw error
        record(error)
        return undefined
      }
    },
  }
}

export type ListReader<Settings extends ListSettings<string>> = ReturnType<typeof listReader<Settings>>

/** A 429's wish in ms; an hour when it names none. */
function retryAfter({ headers }: FeedAnswer): number {
  const seconds = Number(headers.get('retry-after'))
  return seconds > 0 ? seconds * 1000 : HOUR_MS
}

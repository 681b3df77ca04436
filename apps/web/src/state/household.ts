import type { LibraryStatusAnswer, RequestRow } from '@stellarr/http/wire'
import { computed, reactive, shallowReactive, shallowRef } from 'vue'
import type { ApiClient, TaggedStatus } from '../api/client.ts'
import { isTime, loadSeen, saveSeen } from './last-seen.ts'

/** A title's badge: available, partly available, on its way, requested; undefined when it is none of these. */
export type TitleState = 'available' | 'partly_available' | 'on_its_way' | 'requested'

/** Names a title in the maps below. */
export const keyOf = (type: string, id: number) => `${type}/${id}`
/** Names a request by its title. */
export const keyOfRow = (row: RequestRow) => keyOf(row.media_type, row.tmdb_id)

/** So many titles are asked about at once, those that were shown last. */
export const MOST_KEYS = 300

interface Kept extends TaggedStatus {
  /** The titles that were asked about. */
  keys: readonly string[]
  /** When it was read, epoch ms. */
  at: number
}
const SEEN = 'household'
/** When it was last read: kept apart, since nothing else changes at most looks. */
const READ_AT = 'household-at'

/** What the server has confirmed of a title. */
export interface Settled {
  key: string
  row: RequestRow | undefined
}

/** The requests before and after a change that was made elsewhere. */
export interface Change {
  before: ReadonlyMap<string, RequestRow>
  after: ReadonlyMap<string, RequestRow>
}

const isObject = (value: unknown): value is Record<string, unknown> => value !== null && typeof value === 'object'

function isKept(value: unknown): value is Kept {
  if (!isObject(value) || !isObject(value.status) || !('at' in value) || !Array.isArray(value.keys)) return false
  // An older version of the app kept rows that lack what this one reads.
  const rows: unknown = value.status.requests
  return Array.isArray(rows) && rows.every((row) => isObject(row) && 'progress' in row)
}

/**
 * What the household has and has requested of the titles that are shown, and of one's own requests; shared by all pages.
 * A title that nobody has asked about yet is asked about by itself. It starts with what was last seen, is read again with
 * its tag, and shows a change before the server has confirmed it: changes under way lie over what was read.
 */
export function createHousehold({ api }: { api: Pick<ApiClient, 'libraryStatus'> }) {
  const kept = shallowRef<Kept>()
  const library = shallowRef(new Set<string>())
  const read = shallowRef(new Map<string, RequestRow>())
  const underWay = shallowReactive(new Map<string, RequestRow | undefined>())
  const settled = shallowRef<Settled>()
  const change = shallowRef<Change>()
  const state = reactive<{ loading: boolean; error: unknown }>({ loading: false, error: undefined })
  /** The titles that are asked about, those shown last at the end. */
  const wanted = new Set<string>()
  /** Those of which nobody has told yet. */
  const unknown = new Set<string>()
  let isAsking = false
  /** Counts the people who were signed in: an answer for one never shows for the next. */
  let person = 0
  /** Counts the changes that the server has confirmed. */
  let changes = 0
  /** Something was read since the start: what differs from it has changed while somebody looked. */
  let isRead = false

  function take({ library: here, requests }: LibraryStatusAnswer): void {
    library.value = new Set([...here.movie.map((id) => keyOf('movie', id)), ...here.tv.map((id) => keyOf('tv', id))])
    read.value = new Map(requests.map((row) => [keyOfRow(row), row]))
  }

  /** Takes what was told of some titles beside what is known of others. */
  function takeIn(keys: readonly string[], { library: here, requests }: LibraryStatusAnswer): void {
    const asked = new Set(keys)
    const others = <Key>(all: Iterable<[string, Key]>) => [...all].filter(([key]) => !asked.has(key))
    const rows = new Map([...requests.map((row) => [keyOfRow(row), row] as const), ...others(read.value)])
    const status: LibraryStatusAnswer = {
      library: {
        movie: [...idsOf('movie'), ...here.movie],
        tv: [...idsOf('tv'), ...here.tv],
      },
      requests: [...rows.values()],
    }
    take(status)
    if (kept.value) kept.value = { ...kept.value, status, keys: [...wanted] }

    function idsOf(type: string): number[] {
      const known = [...library.value].filter((key) => key.startsWith(`${type}/`) && !asked.has(key))
      return known.map((key) => Number(key.slice(type.length + 1)))
    }
  }

  /** Asks about titles that are shown and of which nothing was told. A failure is left to the next look. */
  async function askForUnknown(): Promise<void> {
    // All that one page draws at once is asked about at once.
    await Promise.resolve()
    while (unknown.size > 0) {
      const keys = [...unknown].slice(0, MOST_KEYS)
      const [mine, asked] = [person, changes]
      for (const key of keys) unknown.delete(key)
      const answer = await api.libraryStatus(keys).catch(() => undefined)
      if (mine !== person) return
      if (!answer) continue
      // An answer that was on its way while something changed here may be older than the change.
      if (asked !== changes) for (const key of keys) unknown.add(key)
      else takeIn(keys, answer.status)
    }
  }

  function want(key: string): void {
    if (wanted.delete(key)) return void wanted.add(key)
    wanted.add(key)
    const [oldest] = wanted
    if (wanted.size > MOST_KEYS && oldest !== undefined) wanted.delete(oldest)
    ask(key)
  }

  function ask(key: string): void {
    unknown.add(key)
    if (isAsking) return
    isAsking = true
    void askForUnknown().finally(() => {
      isAsking = false
    })
  }

  /** The requests that are known here, one's own among them. */
  const rows = computed<RequestRow[]>(() => {
    const fresh = [...underWay].flatMap(([key, row]) => (row && !read.value.has(key) ? [row] : []))
    const known = [...read.value].flatMap(([key, row]) => (underWay.has(key) ? (underWay.get(key) ?? []) : row))
    return [...fresh, ...known]
  })

  const rowOf = (type: string, id: number): RequestRow | undefined => {
    const key = keyOf(type, id)
    want(key)
    return underWay.has(key) ? underWay.get(key) : read.value.get(key)
  }

  return {
    state,
    rows,
    rowOf,
    /** Changes that the server has not confirmed yet, by the title; undefined: there is to be no such request. */
    underWay,
    /** What the server has confirmed last. */
    settled,
    /** What the last look has found changed; undefined while all is as it was at the start. */
    change,
    /** When it was last read, epoch ms; undefined when never on this device. */
    readAt: computed(() => kept.value?.at),

    /** Shows what was last seen on this device. */
    restore(): void {
      const seen = loadSeen(SEEN, isKept)
      if (!seen) return
      kept.value = { ...seen, at: loadSeen(READ_AT, isTime) ?? seen.at }
      for (const key of seen.keys) wanted.add(key)
      take(seen.status)
    },

    /** Reads it again; a failure is left in `state.error` and what was seen stays. */
    async refresh(): Promise<void> {
      const mine = person
      state.loading = true
      try {
        let next: TaggedStatus | undefined
        let asked: number
        let keys: readonly string[]
        do {
          // An answer that was on its way while something changed here may be older than the change.
          asked = changes
          keys = [...wanted]
          next = await api.libraryStatus(keys, kept.value?.tag)
          if (mine !== person) return
        } while (asked !== changes)
        const at = Date.now()
        if (next) {
          const before = read.value
          take(next.status)
          // Those that came on meanwhile.
          for (const key of wanted) if (!keys.includes(key)) ask(key)
          if (isRead) change.value = { before, after: read.value }
          kept.value = { ...next, keys, at }
          saveSeen(SEEN, kept.value)
        } else if (kept.value) kept.value = { ...kept.value, at }
        isRead = true
        saveSeen(READ_AT, at)
        state.error = undefined
      } catch (error) {
        if (mine === person) state.error = error
      } finally {
        state.loading = false
      }
    },

    /** Forgets everything: another person may sign in. */
    clear(): void {
      person += 1
      kept.value = undefined
      library.value = new Set()
      read.value = new Map()
      underWay.clear()
      wanted.clear()
      unknown.clear()
      settled.value = undefined
      change.value = undefined
      isRead = false
      state.error = undefined
    },

    /** Shows a row (or none) while the server has not answered yet. */
    pretend(type: string, id: number, row: RequestRow | undefined): void {
      underWay.set(keyOf(type, id), row)
    },

    /** What the server answered; undefined when there is no such request. */
    settle(type: string, id: number, row: RequestRow | undefined): void {
      const key = keyOf(type, id)
      changes += 1
      settled.value = { key, row }
      underWay.delete(key)
      const others = [...read.value].filter(([known]) => known !== key)
      if (!row) read.value = new Map(others)
      else if (read.value.has(key)) read.value = new Map(read.value).set(key, row)
      else read.value = new Map([[key, row], ...others])
      wanted.add(key)
      // The kept copy no longer stands for its tag.
      if (kept.value) kept.value = { ...kept.value, tag: undefined }
    },

    /** Takes back what was pretended. */
    revert(type: string, id: number): void {
      underWay.delete(keyOf(type, id))
    },

    inLibrary(type: string, id: number): boolean {
      want(keyOf(type, id))
      return library.value.has(keyOf(type, id))
    },

    stateOf(type: string, id: number): TitleState | undefined {
      const row = rowOf(type, id)
      // Of a series the library may have seasons that nobody has requested: its request alone counts.
      if (library.value.has(keyOf(type, id)) && !(row && type === 'tv')) return 'available'
      switch (row?.status) {
        case 'available':
        case 'partly_available':
          return row.status
        case 'picked_up':
        case 'downloading':
          return 'on_its_way'
        case 'pending':
          return 'requested'
        default:
          return undefined
      }
    },
  }
}

export type Household = ReturnType<typeof createHousehold>

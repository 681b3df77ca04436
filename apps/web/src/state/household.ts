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

interface Kept extends TaggedStatus {
  /** When it was read, epoch ms. */
  at: number
}
const SEEN = 'household'
/** When it was last read: kept apart, since nothing else changes at most looks. */
const READ_AT = 'household-at'

/** The requests before and after a change that was made elsewhere. */
export interface Change {
  before: ReadonlyMap<string, RequestRow>
  after: ReadonlyMap<string, RequestRow>
}

const isObject = (value: unknown): value is Record<string, unknown> => value !== null && typeof value === 'object'

function isKept(value: unknown): value is Kept {
  if (!isObject(value) || !isObject(value.status) || !('at' in value)) return false
  // An older version of the app kept rows that lack what this one reads.
  const rows: unknown = value.status.requests
  return Array.isArray(rows) && rows.every((row) => isObject(row) && 'progress' in row)
}

/**
 * What the household has and has requested, shared by all pages. It starts with what was last seen, is read again with
 * its tag, and shows a change before the server has confirmed it: changes under way lie over what was read.
 */
export function createHousehold({ api }: { api: Pick<ApiClient, 'libraryStatus'> }) {
  const kept = shallowRef<Kept>()
  const library = shallowRef(new Set<string>())
  const read = shallowRef(new Map<string, RequestRow>())
  const underWay = shallowReactive(new Map<string, RequestRow | undefined>())
  const change = shallowRef<Change>()
  const state = reactive<{ loading: boolean; error: unknown }>({ loading: false, error: undefined })
  /** Counts the people who were signed in: an answer for one never shows for the next. */
  let person = 0
  /** Counts the changes that the server has confirmed. */
  let changes = 0
  /** Something was read since the start: what differs from it has changed while somebody looked. */
  let isRead = false

  function take(status: LibraryStatusAnswer): void {
    library.value = new Set([
      ...status.library.movie.map((id) => keyOf('movie', id)),
      ...status.library.tv.map((id) => keyOf('tv', id)),
    ])
    read.value = new Map(status.requests.map((row) => [keyOfRow(row), row]))
  }

  /** All requests, newest first. */
  const rows = computed<RequestRow[]>(() => {
    const fresh = [...underWay].flatMap(([key, row]) => (row && !read.value.has(key) ? [row] : []))
    const known = [...read.value].flatMap(([key, row]) => (underWay.has(key) ? (underWay.get(key) ?? []) : row))
    return [...fresh, ...known]
  })

  const rowOf = (type: string, id: number): RequestRow | undefined => {
    const key = keyOf(type, id)
    return underWay.has(key) ? underWay.get(key) : read.value.get(key)
  }

  return {
    state,
    rows,
    rowOf,
    /** What the last look has found changed; undefined while all is as it was at the start. */
    change,
    /** When it was last read, epoch ms; undefined when never on this device. */
    readAt: computed(() => kept.value?.at),

    /** Shows what was last seen on this device. */
    restore(): void {
      const seen = loadSeen(SEEN, isKept)
      if (!seen) return
      kept.value = { ...seen, at: loadSeen(READ_AT, isTime) ?? seen.at }
      take(seen.status)
    },

    /** Reads it again; a failure is left in `state.error` and what was seen stays. */
    async refresh(): Promise<void> {
      const mine = person
      state.loading = true
      try {
        let next: TaggedStatus | undefined
        let asked: number
        do {
          // An answer that was on its way while something changed here may be older than the change.
          asked = changes
          next = await api.libraryStatus(kept.value?.tag)
          if (mine !== person) return
        } while (asked !== changes)
        const at = Date.now()
        if (next) {
          const before = read.value
          take(next.status)
          if (isRead) change.value = { before, after: read.value }
          kept.value = { ...next, at }
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
      underWay.delete(key)
      const others = [...read.value].filter(([known]) => known !== key)
      if (!row) read.value = new Map(others)
      else if (read.value.has(key)) read.value = new Map(read.value).set(key, row)
      else read.value = new Map([[key, row], ...others])
      // The kept copy no longer stands for its tag.
      if (kept.value) kept.value = { ...kept.value, tag: undefined }
    },

    /** Takes back what was pretended. */
    revert(type: string, id: number): void {
      underWay.delete(keyOf(type, id))
    },

    inLibrary: (type: string, id: number): boolean => library.value.has(keyOf(type, id)),

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

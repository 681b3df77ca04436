import type { RequestRow, RequestsAnswer } from '@stellarr/http/wire'
import { computed, type Ref, reactive, shallowRef, watch } from 'vue'
import type { ApiClient } from '../api/client.ts'
import { filterQuery, fitsFilter, NO_FILTER, type RequestFilter } from '../logic/filter-requests.ts'
import { type Household, keyOfRow, MOST_KEYS } from './household.ts'
import { loadSeen, saveSeen } from './last-seen.ts'

const SEEN = 'requests'
export const PAGE = 100
/** What one call gives at most. */
const MOST = 500

interface Deps {
  api: Pick<ApiClient, 'requests' | 'libraryStatus'>
  household: Pick<Household, 'underWay' | 'settled'>
  filter: Readonly<Ref<RequestFilter>>
  /** Who is signed in. */
  me: () => string | undefined
}

const isAnswer = (value: unknown): value is RequestsAnswer =>
  value !== null &&
  typeof value === 'object' &&
  'requests' in value &&
  Array.isArray(value.requests) &&
  'counts' in value

/**
 * The list of requests as far as it was asked for, a page at a time. What is changed here shows at once; what changed
 * elsewhere once it is renewed. It starts with the page that was last seen.
 */
export function createRequestsList({ api, household, filter, me }: Deps) {
  /** As the server gave them, page after page. */
  const pages = shallowRef<readonly RequestRow[]>([])
  /** Those of a page before that no longer fit, as they are now: who reads the list sees what became of them. */
  const left = shallowRef<readonly RequestRow[]>([])
  const next = shallowRef<string | null>(null)
  const total = shallowRef(0)
  /** Nobody has requested anything: nothing fits although nothing is left out. */
  const isEmpty = shallowRef(false)
  const state = reactive<{ loading: boolean; error: unknown; isRead: boolean }>({
    loading: false,
    error: undefined,
    isRead: false,
  })
  /** Counts what was asked for: an answer to something older does not show. */
  let turn = 0

  const isWhole = () => Object.entries(NO_FILTER).every(([name, value]) => Reflect.get(filter.value, name) === value)

  function count({ counts }: RequestsAnswer): number {
    return Object.values(counts).reduce((sum, one) => sum + one, 0)
  }

  async function readPage(more: Record<string, string>): Promise<RequestsAnswer> {
    return api.requests({ ...filterQuery(filter.value, me()), ...more })
  }

  /** So many rows from the first on. */
  async function readFirst(rows: number): Promise<RequestsAnswer> {
    let answer = await readPage({ limit: String(Math.min(Math.max(rows, PAGE), MOST)) })
    const requests = [...answer.requests]
    while (requests.length < rows && answer.next !== null) {
      const limit = String(Math.min(rows - requests.length, MOST))
      answer = await readPage({ limit, cursor: answer.next })
      requests.push(...answer.requests)
    }
    return { ...answer, requests }
  }

  function take(answer: RequestsAnswer): void {
    pages.value = answer.requests
    next.value = answer.next
    total.value = count(answer)
    isEmpty.value = total.value === 0 && isWhole()
    state.isRead = true
    state.error = undefined
  }

  /** Reads by the filter as it is; a failure is left in `state.error`, and what was shown stays. */
  async function read(rows = PAGE): Promise<boolean> {
    turn += 1
    const mine = turn
    state.loading = true
    try {
      const answer = await readFirst(rows)
      if (mine !== turn) return false
      left.value = []
      take(answer)
      if (isWhole()) saveSeen(SEEN, { ...answer, requests: answer.requests.slice(0, PAGE) })
      return true
    } catch (error) {
      if (mine === turn) state.error = error
      return false
    } finally {
      if (mine === turn) state.loading = false
    }
  }

  /** What rows that are shown and no longer among those that fit have become. */
  async function readLeft(known: readonly RequestRow[], fitting: readonly RequestRow[]): Promise<RequestRow[]> {
    const fit = new Set(fitting.map(keyOfRow))
    const keys = known.map(keyOfRow).filter((key) => !fit.has(key))
    const rows: RequestRow[] = []
    for (let from = 0; from < keys.length; from += MOST_KEYS) {
      const asked = new Set(keys.slice(from, from + MOST_KEYS))
      const answer = await api.libraryStatus([...asked])
      rows.push(...(answer?.status.requests ?? []).filter((row) => asked.has(keyOfRow(row))))
    }
    return rows
  }

  // What is confirmed here stands in the list before it is read again.
  watch(
    household.settled,
    (one) => {
      if (!one) return
      const { key, row } = one
      const isKnown = pages.value.some((other) => keyOfRow(other) === key)
      const put = (rows: readonly RequestRow[]) =>
        rows.flatMap((other) => (keyOfRow(other) === key ? (row ?? []) : other))
      left.value = put(left.value)
      if (isKnown) pages.value = put(pages.value)
      else if (row && fitsFilter(row, filter.value, me()) && !left.value.includes(row))
        pages.value = [row, ...pages.value]
    },
    { flush: 'sync' },
  )

  const changed = (rows: readonly RequestRow[]) =>
    rows.flatMap((row) => {
      const key = keyOfRow(row)
      return household.underWay.has(key) ? (household.underWay.get(key) ?? []) : row
    })
  /** Those that belong in the list, in its order. */
  const fitting = computed<readonly RequestRow[]>(() => {
    const known = new Set([...pages.value, ...left.value].map(keyOfRow))
    const fresh = [...household.underWay].flatMap(([key, row]) =>
      row && !known.has(key) && fitsFilter(row, filter.value, me()) ? [row] : [],
    )
    return [...fresh, ...changed(pages.value)]
  })

  return {
    state,
    fitting,
    /** With those that no longer fit. */
    all: computed<readonly RequestRow[]>(() => [...fitting.value, ...changed(left.value)]),
    /** How many fit, read or not. */
    total,
    isEmpty,
    hasMore: computed(() => next.value !== null),
    read,

    /** Shows the page that was last seen on this device. */
    restore(): void {
      const seen = loadSeen(SEEN, isAnswer)
      if (seen && isWhole()) take(seen)
    },

    /** Reads what is shown again, behind it: a failure changes nothing. */
    async renew(): Promise<void> {
      if (state.loading) return
      const mine = turn
      const known = [...pages.value, ...left.value]
      try {
        const answer = await readFirst(pages.value.length)
        const others = await readLeft(known, answer.requests)
        if (mine !== turn) return
        left.value = others
        take(answer)
      } catch {
        // Another look follows.
      }
    },

    /** Reads the next page; answers its rows. */
    async more(): Promise<readonly RequestRow[]> {
      if (next.value === null || state.loading) return []
      const mine = turn
      state.loading = true
      try {
        const answer = await readPage({ cursor: next.value })
        if (mine !== turn) return []
        const known = new Set(pages.value.map(keyOfRow))
        const rows = answer.requests.filter((row) => !known.has(keyOfRow(row)))
        take({ ...answer, requests: [...pages.value, ...rows] })
        return rows
      } catch (error) {
        if (mine === turn) state.error = error
        return []
      } finally {
        if (mine === turn) state.loading = false
      }
    },
  }
}

import type { SearchItem } from '@stellarr/http/wire'
import { reactive } from 'vue'
import type { ApiClient } from '../api/client.ts'

export type TypeChoice = '' | 'movie' | 'tv'

/** What is searched for, as the address says it. */
export interface SearchTerms {
  query: string
  /** Empty: movies and series. */
  type: TypeChoice
  /** From 1. */
  page: number
}

export interface Found extends SearchTerms {
  items: SearchItem[]
  /** The last page shown: higher than `page` where pages were added below one another. */
  lastPage: number
  pages: number
  total: number
}

/**
 * A search: what was found, whether another is under way, and what went wrong. A newer search ends the older one, whose
 * answer never wins.
 */
export function createSearch({ api }: { api: Pick<ApiClient, 'search'> }) {
  const state = reactive<{ found: Found | undefined; loading: boolean; error: unknown }>({
    found: undefined,
    loading: false,
    error: undefined,
  })
  let running: AbortController | undefined

  async function ask(terms: SearchTerms, use: (items: SearchItem[], pages: number, total: number) => void) {
    running?.abort()
    const mine = new AbortController()
    running = mine
    state.loading = true
    state.error = undefined
    try {
      const answer = await api.search(
        { query: terms.query, media_type: terms.type || null, page: terms.page },
        mine.signal,
      )
      if (mine === running) use(answer.results, answer.total_pages, answer.total_results)
    } catch (error) {
      if (mine === running) state.error = error
    } finally {
      if (mine === running) state.loading = false
    }
  }

  return {
    state,

    /** Shows a page of results; an empty query shows nothing. */
    async run(terms: SearchTerms): Promise<void> {
      const { found } = state
      if (
        found &&
        found.query === terms.query &&
        found.type === terms.type &&
        found.page === terms.page &&
        !state.error
      )
        return
      if (terms.query === '') {
        running?.abort()
        running = undefined
        Object.assign(state, { found: undefined, loading: false, error: undefined })
        return
      }
      await ask(terms, (items, pages, total) => {
        state.found = { ...terms, items, lastPage: terms.page, pages, total }
      })
    },

    /** Forgets what was found: it is in another language. */
    forget(): void {
      state.found = undefined
    },

    /** Adds the next page below. */
    async more(): Promise<void> {
      const { found } = state
      if (!found || state.loading || found.lastPage >= found.pages) return
      const next = found.lastPage + 1
      await ask({ ...found, page: next }, (items, pages, total) => {
        const known = new Set(found.items.map((item) => `${item.media_type}/${item.id}`))
        const fresh = items.filter((item) => !known.has(`${item.media_type}/${item.id}`))
        state.found = { ...found, items: [...found.items, ...fresh], lastPage: next, pages, total }
      })
    },
  }
}

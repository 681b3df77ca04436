import type { TitleItem } from '@stellarr/http/wire'
import { reactive } from 'vue'
import { type ApiClient, ApiError } from '../api/client.ts'
import { loadSeen, saveSeen } from './last-seen.ts'

export const TRENDING_ROWS = ['all', 'movie', 'tv'] as const
export type TrendingRow = (typeof TRENDING_ROWS)[number]
type Rows = Partial<Record<TrendingRow, TitleItem[]>>

interface Kept {
  language: string
  rows: Rows
}
const SEEN = 'trending'

function isKept(value: unknown): value is Kept {
  return value !== null && typeof value === 'object' && 'language' in value && 'rows' in value
}

/** The titles of the week, a row each for all, movies and series. It starts with what was last seen. */
export function createTrending({ api, language }: { api: Pick<ApiClient, 'trending'>; language: () => string }) {
  const state = reactive<{ rows: Rows; loading: boolean; error: unknown }>({
    rows: {},
    loading: false,
    error: undefined,
  })
  let loadedFor: string | undefined

  return {
    state,

    /** Shows what was last seen on this device, when it was in this language. */
    restore(): void {
      const kept = loadSeen(SEEN, isKept)
      if (kept?.language === language()) state.rows = kept.rows
    },

    /** Reads all rows once a language; a row that is not there (yet) is left out. `again` reads them anew. */
    async load(again = false): Promise<void> {
      const asked = language()
      if (state.loading || (loadedFor === asked && !again)) return
      state.loading = true
      state.error = undefined
      const answers = await Promise.allSettled(TRENDING_ROWS.map((row) => api.trending(row)))
      const rows: Rows = {}
      for (const [index, answer] of answers.entries()) {
        const row = TRENDING_ROWS[index]
        if (answer.status === 'fulfilled' && row) rows[row] = answer.value.results
        else if (answer.status === 'rejected' && !isMissing(answer.reason)) state.error = answer.reason
      }
      if (Object.keys(rows).length > 0) {
        state.rows = rows
        loadedFor = asked
        saveSeen(SEEN, { language: asked, rows })
      }
      state.loading = false
    },

    /** Forgets that anything was loaded. */
    clear(): void {
      state.rows = {}
      loadedFor = undefined
    },
  }
}

/** The files come within minutes of the first start: their absence is no failure. */
const isMissing = (error: unknown) => error instanceof ApiError && error.status === 404

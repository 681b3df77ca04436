import type { FeedReader } from '@stellarr/http/wire'
import { reactive } from 'vue'
import { type ApiClient, ApiError } from '../api/client.ts'

/** Not asked for again sooner, however many pages look. */
const FRESH_MS = 20_000

/** Who has read the lists lately, shared by the pages that say so. */
export function createReaders({ api }: { api: Pick<ApiClient, 'feedReaders' | 'forgetReader'> }) {
  const state = reactive<{ list: FeedReader[] | undefined; error: unknown }>({ list: undefined, error: undefined })
  let readAt = Number.NEGATIVE_INFINITY
  let underWay = false
  /** Counts what was taken or forgotten: an answer that was on its way before has nothing to add. */
  let turn = 0

  /** Takes what another answer brought along. */
  function take(list: FeedReader[]): void {
    turn += 1
    readAt = Date.now()
    state.list = list
    state.error = undefined
  }

  return {
    state,
    take,
    /** Reads it when what is known is no longer fresh; a failure is left in `state.error` and what was seen stays. */
    async refresh(): Promise<void> {
      // A moment is given: two clocks that tick alike must not leave out every other turn.
      if (underWay || Date.now() - readAt < FRESH_MS - 1_000) return
      underWay = true
      const mine = turn
      try {
        const { readers } = await api.feedReaders()
        if (mine === turn) take(readers)
      } catch (error) {
        if (mine === turn) state.error = error
      } finally {
        underWay = false
      }
    },
    /** Forgets one that will not come back. Throws what the server says against it. */
    async forget(id: string): Promise<void> {
      await api.forgetReader(id).catch((error: unknown) => {
        // Somebody was faster: it is gone all the same.
        if (!(error instanceof ApiError) || error.status !== 404) throw error
      })
      if (state.list) take(state.list.filter((reader) => reader.id !== id))
    },
    /** Forgets everything: another person may sign in. */
    clear(): void {
      turn += 1
      readAt = Number.NEGATIVE_INFINITY
      state.list = undefined
      state.error = undefined
    },
  }
}

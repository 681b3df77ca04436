import { reactive } from 'vue'
import type { ApiClient } from '../api/client.ts'

/** Whether the admin is asked if an empty store is meant, and what they said on this visit. */
export function createNewStore({ api }: { api: Pick<ApiClient, 'feeds' | 'confirmStore'> }) {
  const state = reactive({ isAsked: false, isLost: false })
  /** What is not new is never new again. */
  let isKnown = false

  return {
    state,
    /** Asks the server whether it is to be asked. A failure changes nothing: the next look asks again. */
    async look(): Promise<void> {
      if (isKnown) return
      const answer = await api.feeds().catch(() => undefined)
      if (!answer) return
      state.isAsked = answer.closed === 'store_new'
      isKnown = !state.isAsked
    },
    /** It is meant: the lists open. Throws what the server says against it. */
    async open(): Promise<void> {
      await api.confirmStore()
      state.isAsked = false
      isKnown = true
    },
    /** It is not: the data is to come back first. */
    keepClosed(): void {
      state.isLost = true
    },
    /** Forgets everything: another person may sign in. */
    clear(): void {
      state.isAsked = false
      state.isLost = false
      isKnown = false
    },
  }
}

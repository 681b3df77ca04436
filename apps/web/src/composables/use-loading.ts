import { onBeforeUnmount, ref, shallowRef } from 'vue'

/**
 * Loads one thing: its value, whether it is on its way, and what went wrong. A newer call ends the older one, whose
 * answer never wins; leaving the page ends all.
 */
export function useLoading<Value>() {
  const value = shallowRef<Value>()
  const loading = ref(false)
  const error = shallowRef<unknown>()
  let running: AbortController | undefined

  async function read(work: (signal: AbortSignal) => Promise<Value>, quiet: boolean): Promise<void> {
    running?.abort()
    const mine = new AbortController()
    running = mine
    if (!quiet) {
      loading.value = true
      error.value = undefined
    }
    try {
      const result = await work(mine.signal)
      if (mine !== running) return
      value.value = result
      error.value = undefined
    } catch (failure) {
      if (mine === running && !quiet) error.value = failure
    } finally {
      if (mine === running) loading.value = false
    }
  }
  onBeforeUnmount(() => running?.abort())

  return {
    value,
    loading,
    error,
    load: (work: (signal: AbortSignal) => Promise<Value>): Promise<void> => read(work, false),
    /** Loads it again behind what is shown, which stays until there is something newer, and when that cannot be had. */
    async renew(work: (signal: AbortSignal) => Promise<Value>): Promise<void> {
      if (!loading.value) await read(work, value.value !== undefined || error.value !== undefined)
    },
  }
}

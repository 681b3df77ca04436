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

  async function load(work: (signal: AbortSignal) => Promise<Value>): Promise<void> {
    running?.abort()
    const mine = new AbortController()
    running = mine
    loading.value = true
    error.value = undefined
    try {
      const result = await work(mine.signal)
      if (mine === running) value.value = result
    } catch (failure) {
      if (mine === running) error.value = failure
    } finally {
      if (mine === running) loading.value = false
    }
  }
  onBeforeUnmount(() => running?.abort())

  return { value, loading, error, load }
}

import { ref, shallowRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { ApiError } from '../api/client.ts'

/**
 * Loads one thing: its value, whether it is on its way, and what went wrong in words. A newer call ends the older one,
 * whose answer never wins.
 */
export function useLoading<Value>() {
  const { t } = useI18n()
  const value = shallowRef<Value>()
  const loading = ref(false)
  const problem = ref('')
  let running: AbortController | undefined

  async function load(work: (signal: AbortSignal) => Promise<Value>): Promise<void> {
    running?.abort()
    const mine = new AbortController()
    running = mine
    loading.value = true
    problem.value = ''
    try {
      const result = await work(mine.signal)
      if (mine === running) value.value = result
    } catch (error) {
      if (mine === running) problem.value = explainError(error, t)
    } finally {
      if (mine === running) loading.value = false
    }
  }

  return { value, loading, problem, load }
}

/** A failure in plain words. */
export function explainError(error: unknown, t: (key: string) => string): string {
  if (!(error instanceof ApiError)) return t('error.unknown')
  if (error.code === 'offline') return t('error.offline')
  if (error.code === 'catalog_unavailable' || error.code === 'catalog_bad_answer') return t('error.catalogue')
  if (error.code === 'unknown_title') return t('error.unknownTitle')
  if (error.code === 'signed_out') return t('error.signedOut')
  return error.message
}

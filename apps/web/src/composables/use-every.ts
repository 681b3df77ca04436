import { onActivated, onBeforeUnmount, onDeactivated, onMounted } from 'vue'

/**
 * Does something again and again while somebody looks: at first, every `ms`, and when the window is looked at again. It
 * rests while the page is kept aside.
 */
export function useEvery(ms: number, work: () => void): void {
  let timer: ReturnType<typeof setInterval> | undefined
  const look = () => {
    if (document.visibilityState === 'visible') work()
  }
  const rest = () => {
    clearInterval(timer)
    timer = undefined
    document.removeEventListener('visibilitychange', look)
  }
  const begin = () => {
    if (timer !== undefined) return
    timer = setInterval(look, ms)
    document.addEventListener('visibilitychange', look)
    look()
  }
  onMounted(begin)
  onActivated(begin)
  onDeactivated(rest)
  onBeforeUnmount(rest)
}

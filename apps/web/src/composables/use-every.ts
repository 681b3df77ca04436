import { onActivated, onBeforeUnmount, onDeactivated, onMounted } from 'vue'
import { looking } from '../state/index.ts'

/**
 * Does something again and again while somebody looks: at first, at every look of the app's clock, and when the window is
 * looked at again. It rests while the page is kept aside.
 * @param ms it is not done again sooner, unless somebody has come back
 */
export function useEvery(work: () => void, ms = 0): void {
  let stop: (() => void) | undefined
  let doneAt = Number.NEGATIVE_INFINITY
  const look = (back: boolean) => {
    if (!back && performance.now() - doneAt < ms) return
    doneAt = performance.now()
    work()
  }
  const begin = () => {
    if (stop) return
    stop = looking.tell(look)
    if (document.visibilityState === 'visible') look(true)
  }
  const rest = () => {
    stop?.()
    stop = undefined
  }
  onMounted(begin)
  onActivated(begin)
  onDeactivated(rest)
  onBeforeUnmount(rest)
}

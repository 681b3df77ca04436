import { reactive } from 'vue'

/** A short message at the lower edge, with one thing to do about it. */
export interface Toast {
  id: number
  text: string
  /** `bad` is read out at once and stays until it is dismissed. */
  tone: 'good' | 'bad'
  action?: { label: string; run: () => void }
}

/** Long enough to read a sentence and reach for the button. */
const LASTS_MS = 8_000
const MOST = 3

/** The messages on show; the oldest goes when there are too many. */
export function createToasts() {
  const list = reactive<Toast[]>([])
  const timers = new Map<number, ReturnType<typeof setTimeout>>()
  let next = 1

  function dismiss(id: number): void {
    clearTimeout(timers.get(id))
    timers.delete(id)
    const index = list.findIndex((toast) => toast.id === id)
    if (index >= 0) list.splice(index, 1)
  }

  function release(id: number): void {
    const toast = list.find((one) => one.id === id)
    clearTimeout(timers.get(id))
    if (toast?.tone === 'good') timers.set(id, setTimeout(dismiss, LASTS_MS, id))
  }

  return {
    list: list as readonly Toast[],
    /** Shows a message; answers its id. */
    show(toast: Omit<Toast, 'id'>): number {
      const id = next
      next += 1
      list.push({ ...toast, id })
      release(id)
      const oldest = list[0]
      if (list.length > MOST && oldest) dismiss(oldest.id)
      return id
    },
    dismiss,
    /** Keeps a message while somebody points at it or is on its button. */
    hold(id: number): void {
      clearTimeout(timers.get(id))
    },
    /** Lets its time run again. */
    release,
    clear(): void {
      for (const toast of [...list]) dismiss(toast.id)
    },
  }
}

export type Toasts = ReturnType<typeof createToasts>

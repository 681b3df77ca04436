import { reactive } from 'vue'

/** How often an open app asks whether there is a newer one. */
const ASK_AGAIN_MS = 3_600_000

/** Whether a newer version waits, and switching to it. */
export const update = reactive({
  ready: false,
  apply(): void {
    waiting?.postMessage('take-over')
  },
})
let waiting: ServiceWorker | null = null

/**
 * Installs the offline shell; there is none on plain http, where browsers have no service workers.
 * @param keepMessagesComing called where this device may show messages
 */
export async function registerServiceWorker(keepMessagesComing: () => Promise<void>): Promise<void> {
  if (!('serviceWorker' in navigator)) return
  const { serviceWorker } = navigator
  // The first worker takes over a page that had none: nothing is newer then.
  const isUpdate = serviceWorker.controller !== null
  serviceWorker.addEventListener('controllerchange', () => {
    if (isUpdate) location.reload()
  })
  const registration = await serviceWorker.register('/service-worker.js').catch(() => undefined)
  if (!registration) return
  const offer = () => {
    waiting = registration.waiting
    update.ready = waiting !== null && serviceWorker.controller !== null
  }
  offer()
  registration.addEventListener('updatefound', () => {
    registration.installing?.addEventListener('statechange', offer)
  })
  if ('Notification' in window && Notification.permission === 'granted')
    void keepMessagesComing().catch(() => undefined)
  setInterval(() => void registration.update().catch(() => undefined), ASK_AGAIN_MS)
}

/// <reference lib="webworker" />
import { pageAddress, pickWindow, readMessage } from './push-message.ts'
import { RENEWED } from './renewed.ts'

declare const self: ServiceWorkerGlobalScope

const openWindows = () => self.clients.matchAll({ type: 'window', includeUncontrolled: true })

/** Shows a page in an open window, or in a new one. */
async function show(address: string): Promise<void> {
  const open = pickWindow(await openWindows())
  try {
    if (open) {
      const focused = await open.focus()
      if (focused.url !== address) await focused.navigate(address)
      return
    }
  } catch {
    // A window that was there before this worker cannot be led elsewhere by it.
  }
  await self.clients.openWindow(address)
}

/** The push service has another address for this device, or none any more. */
async function renew({ newSubscription, oldSubscription }: PushSubscriptionChangeEvent): Promise<void> {
  const key = oldSubscription?.options.applicationServerKey
  if (!newSubscription && key) {
    await self.registration.pushManager
      .subscribe({ userVisibleOnly: true, applicationServerKey: key })
      .catch(() => undefined)
  }
  // Only pages have the session that the server asks for: those that are open, or the next one that starts.
  for (const page of await openWindows()) page.postMessage(RENEWED)
}

/** Shows push messages, leads to what they are about, and keeps the subscription alive. */
export function handlePush(): void {
  const { origin } = self.location
  self.addEventListener('push', (event) => {
    const { title, options } = readMessage(event.data?.text(), origin)
    event.waitUntil(self.registration.showNotification(title, options))
  })
  self.addEventListener('notificationclick', (event) => {
    const data: unknown = event.notification.data
    event.notification.close()
    const url = data !== null && typeof data === 'object' && 'url' in data ? data.url : undefined
    event.waitUntil(show(pageAddress(url, origin)))
  })
  self.addEventListener('pushsubscriptionchange', (event) => event.waitUntil(renew(event)))
}

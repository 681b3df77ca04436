import { watch } from 'vue'
import { t } from '../i18n.ts'
import { RENEWED } from '../service-worker/renewed.ts'
import { api } from './api.ts'
import { toasts } from './index.ts'
import { catalogueLanguage } from './preferences.ts'
import { createPush, type KeptDevice, type PushBrowser } from './push.ts'
import { session } from './session.ts'

/** Messages on this device, wired here, so that they come with those who want them and not with the first page. */
const KEY = 'stellarr.push'
/** The service worker is installed within seconds after the first start, or not at all. */
const WORKER_MS = 10_000

const browser: PushBrowser = {
  facts: () => ({
    secure: window.isSecureContext,
    supported: 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window,
    // An iPad says that it is a Mac, but no Mac is touched.
    apple:
      /iPhone|iPad|iPod/.test(navigator.userAgent) || (/Mac/.test(navigator.userAgent) && navigator.maxTouchPoints > 1),
    installed: matchMedia('(display-mode: standalone)').matches,
    permission: 'Notification' in window ? Notification.permission : 'default',
  }),
  askPermission: () => Notification.requestPermission(),
  async manager(wait) {
    const { serviceWorker } = navigator
    const late = () => new Promise<undefined>((resolve) => setTimeout(resolve, WORKER_MS))
    const registration = wait
      ? await Promise.race([serviceWorker.ready, late()])
      : await serviceWorker.getRegistration()
    return registration?.pushManager
  },
}

const kept = {
  get(): KeptDevice | undefined {
    try {
      const value: unknown = JSON.parse(localStorage.getItem(KEY) ?? 'null')
      if (value !== null && typeof value === 'object' && 'endpoint' in value && 'name' in value) {
        return { endpoint: String(value.endpoint), name: String(value.name) }
      }
    } catch {
      // A damaged entry is none.
    }
    return undefined
  },
  set(device: KeptDevice | undefined): void {
    if (device) localStorage.setItem(KEY, JSON.stringify(device))
    else localStorage.removeItem(KEY)
  },
}

export const push = createPush({
  api,
  browser,
  kept,
  toasts,
  t: (key) => t(key),
  language: catalogueLanguage,
  me: () => session.current?.name,
})

watch(
  () => session.current?.token,
  (token) => {
    // A session that ran out comes back; who signs out wants no more messages here.
    if (token !== undefined) void push.renew()
    else if (!session.ended) void push.forget()
  },
)
if ('serviceWorker' in navigator) {
  navigator.serviceWorker.addEventListener('message', ({ data }) => {
    if (data === RENEWED) void push.renew()
  })
}

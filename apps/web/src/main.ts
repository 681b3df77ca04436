import { createApp } from 'vue'
import App from './App.vue'
import { i18n, speak } from './i18n.ts'
import { router } from './router.ts'
import { watchInstallation } from './service-worker/installation.ts'
import { registerServiceWorker } from './service-worker/register.ts'
import { startShared } from './state/index.ts'
import { preferences } from './state/preferences.ts'
import './styles/base.css'

/** Longest wait for the titles of the first page: when they are that near, they are drawn at once and not after a skeleton. */
const TITLES_NEAR_MS = 150

// What is shown is asked for before anything is drawn.
const titles = startShared()
watchInstallation()
const app = createApp(App).use(i18n).use(router)
const isHome = location.pathname === '/'
const near = isHome && Promise.race([titles, new Promise((resolve) => setTimeout(resolve, TITLES_NEAR_MS))])
Promise.all([speak(preferences.language), router.isReady(), near]).then(
  () => app.mount('#app'),
  // A part of the app could not be fetched: the first picture stays, with a way on that needs no texts.
  () => document.querySelector('#reload')?.removeAttribute('hidden'),
)
if (import.meta.env.PROD)
  addEventListener('load', () => setTimeout(() => registerServiceWorker(keepMessagesComing), 1_000))

/** Loads what only those need who are told on this device. */
async function keepMessagesComing(): Promise<void> {
  const { push } = await import('./state/notifications.ts')
  await push.renew()
}

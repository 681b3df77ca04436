import { createApp } from 'vue'
import App from './App.vue'
import { i18n, speak } from './i18n.ts'
import { router } from './router.ts'
import { watchInstallation } from './service-worker/installation.ts'
import { registerServiceWorker } from './service-worker/register.ts'
import { startShared } from './state/index.ts'
import { preferences } from './state/preferences.ts'
import './styles/base.css'

// What is shown is asked for before anything is drawn.
startShared()
watchInstallation()
const app = createApp(App).use(i18n).use(router)
Promise.all([speak(preferences.language), router.isReady()]).then(
  () => app.mount('#app'),
  // A part of the app could not be fetched: the first picture stays, with a way on that needs no texts.
  () => document.querySelector('#reload')?.removeAttribute('hidden'),
)
if (import.meta.env.PROD) void registerServiceWorker()

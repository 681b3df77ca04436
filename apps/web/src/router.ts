import { watch } from 'vue'
import { createRouter, createWebHistory } from 'vue-router'
import BrowsePage from './pages/BrowsePage.vue'
import { session } from './state/session.ts'

/** All pages; everything but sign-in needs a session. The first page comes with the app, the others when they are opened. */
export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/sign-in', name: 'sign-in', component: () => import('./pages/SignInPage.vue') },
    { path: '/', name: 'home', component: BrowsePage },
    { path: '/search', name: 'search', component: BrowsePage },
    { path: '/title/:type(movie|tv)/:id(\\d+)', name: 'title', component: () => import('./pages/TitlePage.vue') },
    { path: '/requests', name: 'requests', component: () => import('./pages/RequestsPage.vue') },
    { path: '/feeds', name: 'feeds', component: () => import('./pages/FeedsPage.vue') },
    { path: '/settings', name: 'settings', component: () => import('./pages/SettingsPage.vue') },
    { path: '/activity', name: 'activity', component: () => import('./pages/ActivityPage.vue') },
    { path: '/webhooks', name: 'webhooks', component: () => import('./pages/WebhooksPage.vue') },
    { path: '/operator', name: 'admin', component: () => import('./pages/AdminPage.vue') },
    { path: '/about', name: 'about', component: () => import('./pages/AboutPage.vue') },
    { path: '/:path(.*)*', name: 'not-found', component: () => import('./pages/NotFoundPage.vue') },
  ],
  // Typing a search, and choosing a client, changes the address and must not move the page.
  scrollBehavior: (to, from, saved) => saved ?? (to.name === from.name && to.path === from.path ? false : { top: 0 }),
})

router.beforeEach((to) => {
  if (to.name !== 'sign-in' && !session.current) {
    return { name: 'sign-in', query: to.fullPath === '/' ? {} : { to: to.fullPath } }
  }
  return true
})
// Whoever is signed out, here or by the server, comes to the sign-in page: when the server did it, with the way back.
watch(
  () => session.current,
  async (now) => {
    if (now) return
    await router.isReady()
    const { fullPath, name } = router.currentRoute.value
    if (name !== 'sign-in') await router.push({ name: 'sign-in', query: session.ended ? { to: fullPath } : {} })
  },
)
// A page's part that is gone after an update is fetched with a fresh start.
router.onError((error, to) => {
  if (/dynamically imported module|Importing a module script failed|error loading/i.test(String(error))) {
    if (navigator.onLine) location.assign(to.fullPath)
  }
})

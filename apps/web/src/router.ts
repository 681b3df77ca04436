import { createRouter, createWebHistory } from 'vue-router'
import { session } from './session.ts'

/** All pages; everything but sign-in needs a session. */
export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/sign-in', name: 'sign-in', component: () => import('./pages/SignInPage.vue') },
    { path: '/', name: 'home', component: () => import('./pages/HomePage.vue') },
    { path: '/search', name: 'search', component: () => import('./pages/SearchPage.vue') },
    { path: '/title/:type(movie|tv)/:id(\\d+)', name: 'title', component: () => import('./pages/TitlePage.vue') },
    { path: '/requests', name: 'requests', component: () => import('./pages/RequestsPage.vue') },
    { path: '/feeds', name: 'feeds', component: () => import('./pages/FeedsPage.vue') },
    { path: '/settings', name: 'settings', component: () => import('./pages/SettingsPage.vue') },
    { path: '/:path(.*)*', name: 'not-found', component: () => import('./pages/NotFoundPage.vue') },
  ],
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
})

router.beforeEach((to) => {
  if (to.name !== 'sign-in' && !session.current) return { name: 'sign-in', query: { to: to.fullPath } }
  return true
})

import { nextTick, type Ref, watch, watchEffect } from 'vue'
import { useI18n } from 'vue-i18n'
import { useRoute, useRouter } from 'vue-router'
import { household } from '../state/index.ts'

/** The text that names a page in the window's title; pages without one name themselves. */
const NAMES: Record<string, string> = {
  search: 'nav.search',
  requests: 'nav.requests',
  feeds: 'nav.feeds',
  settings: 'nav.settings',
  activity: 'activity.heading',
  webhooks: 'webhooks.heading',
  admin: 'admin.heading',
  about: 'about.heading',
  'sign-in': 'signIn.submit',
  'not-found': 'notFound.heading',
}

/** Names the window after a page. */
export function nameWindow(name: string): void {
  document.title = name === '' ? 'Stellarr' : `${name} · Stellarr`
}

/**
 * What a browser does on a change of page and an app in one page must do itself: the window gets the page's name, and
 * when what had the focus is gone, then or by a change that was made elsewhere, the page's content has it, so that
 * keyboard and screen reader go on from there.
 */
export function usePageChange(main: Readonly<Ref<HTMLElement | null>>): void {
  const { t } = useI18n()
  const route = useRoute()
  watchEffect(() => {
    const key = NAMES[String(route.name)]
    if (route.name !== 'title') nameWindow(key === undefined ? '' : t(key))
  })
  const keepFocus = () => {
    if (document.activeElement === document.body) main.value?.focus({ preventScroll: true })
  }
  useRouter().afterEach((to, from) => {
    if (to.path === from.path || from.name === undefined) return
    requestAnimationFrame(keepFocus)
  })
  watch(household.change, async () => {
    if (document.activeElement === document.body) return
    await nextTick()
    keepFocus()
  })
}

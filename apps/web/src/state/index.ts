import { watch } from 'vue'
import { t } from '../i18n.ts'
import { api } from './api.ts'
import { createArrivals } from './arrivals.ts'
import { tick } from './clock.ts'
import { connection, watchConnection } from './connection.ts'
import { createHousehold } from './household.ts'
import { createLooking } from './looking.ts'
import { catalogueLanguage } from './preferences.ts'
import { createRecentSearches } from './recent-searches.ts'
import { createRequesting } from './requesting.ts'
import { followOtherTabs, session } from './session.ts'
import { createToasts } from './toasts.ts'
import { createTrending } from './trending.ts'

/** What all pages share, wired once. */
export const household = createHousehold({ api })
export const trending = createTrending({ api, language: catalogueLanguage })
export const toasts = createToasts()
export const arrivals = createArrivals({ household, me: () => session.current?.name })
export const recentSearches = createRecentSearches()
export const { request } = createRequesting({
  api,
  household,
  toasts,
  t: (key, values = {}) => t(key, values),
  me: () => session.current?.name ?? '',
})

/** By it pages learn what has changed. */
export const looking = createLooking({
  isVisible: () => document.visibilityState === 'visible',
  isReached: () => connection.online,
})
/** What shows that somebody uses the page. */
const USES = ['pointermove', 'pointerdown', 'keydown', 'wheel', 'touchmove', 'scroll']
/** So long "just now" may last too long. */
const TICK_MS = 10_000

/** Reads the household again, and the titles of the first page where they are not here yet. */
function refreshShared(): void {
  if (!session.current) return
  void trending.load()
  if (!household.state.loading) void household.refresh()
}

/**
 * Starts reading before anything is drawn, and keeps what is shared in step with session, language and network. Resolves
 * once the titles of the first page are there, or can not be had.
 */
export function startShared(): Promise<void> {
  let titles = Promise.resolve()
  followOtherTabs()
  looking.tell(refreshShared)
  looking.tell(tick)
  looking.plan()
  setInterval(tick, TICK_MS)
  watchConnection(looking.comeBack)
  watch(() => connection.online, looking.plan)
  document.addEventListener('visibilitychange', looking.comeBack)
  for (const kind of USES) addEventListener(kind, looking.use, { capture: true, passive: true })
  if (session.current) {
    household.restore()
    trending.restore()
    void household.refresh()
    const loading = trending.load()
    // Those seen last are shown meanwhile.
    if (Object.keys(trending.state.rows).length === 0) titles = loading
  }
  watch(
    () => session.current?.token,
    (token, before) => {
      if (before !== undefined && token === undefined) {
        household.clear()
        trending.clear()
        toasts.clear()
        arrivals.clear()
        recentSearches.clear()
      }
      if (token !== undefined) {
        void household.refresh()
        void trending.load()
      }
    },
  )
  watch(catalogueLanguage, () => void trending.load())
  return titles
}

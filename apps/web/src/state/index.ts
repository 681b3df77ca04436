import { watch } from 'vue'
import { t } from '../i18n.ts'
import { api } from './api.ts'
import { createArrivals } from './arrivals.ts'
import { connection, watchConnection } from './connection.ts'
import { createHousehold } from './household.ts'
import { catalogueLanguage } from './preferences.ts'
import { createRecentSearches } from './recent-searches.ts'
import { createRequesting } from './requesting.ts'
import { followOtherTabs, session } from './session.ts'
import { createToasts } from './toasts.ts'
import { createTrending } from './trending.ts'
import { createWithdrawing } from './withdrawing.ts'

/** What all pages share, wired once. */
export const household = createHousehold({ api })
export const trending = createTrending({ api, language: catalogueLanguage })
export const toasts = createToasts()
export const arrivals = createArrivals({ rows: household.rows, me: () => session.current?.name })
export const recentSearches = createRecentSearches()
const say = (key: string, values: Record<string, unknown> = {}) => t(key, values)
export const { request } = createRequesting({
  api,
  household,
  toasts,
  t: say,
  me: () => session.current?.name ?? '',
})
export const { withdraw, removeForGood } = createWithdrawing({ api, household, toasts, t: say })

/** Older than this, what is shown is read again when somebody looks at it. */
const STALE_MS = 20_000

/** How often a server that was not reached is asked again while somebody looks. */
const ASK_AGAIN_MS = 15_000

/** Reads household and trending again where that is due. */
export function refreshShared(): void {
  if (!session.current) return
  void trending.load()
  const isStale = Date.now() - (household.readAt.value ?? 0) > STALE_MS || household.state.error !== undefined
  if (isStale && !household.state.loading) void household.refresh()
}

/**
 * Starts reading before anything is drawn, and keeps what is shared in step with session, language and network. Resolves
 * once the titles of the first page are there, or can not be had.
 */
export function startShared(): Promise<void> {
  let titles = Promise.resolve()
  followOtherTabs()
  watchConnection(refreshShared)
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') refreshShared()
  })
  setInterval(() => {
    if (!connection.online && document.visibilityState === 'visible') refreshShared()
  }, ASK_AGAIN_MS)
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

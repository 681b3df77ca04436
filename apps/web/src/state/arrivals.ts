import type { RequestRow } from '@stellarr/http/wire'
import { computed, ref, shallowRef, watch } from 'vue'
import { serverNow } from './connection.ts'
import type { Household } from './household.ts'
import { isTime, loadSeen, saveSeen } from './last-seen.ts'

const SEEN = 'arrivals'

interface Deps {
  household: Pick<Household, 'rows' | 'change'>
  me: () => string | undefined
}

/** What becomes of one's own requests: those that have arrived since one last looked at the list, and what to say aloud. */
export function createArrivals({ household, me }: Deps) {
  const lookedAt = ref(loadSeen(SEEN, isTime))
  const news = shallowRef<readonly RequestRow[]>([])

  /** Those whom the server tells, too. */
  const isTold = ({ requested_by, followers }: RequestRow) => [requested_by, ...followers].some((name) => name === me())
  watch(household.change, (change) => {
    const isNews = ([key, row]: [string, RequestRow]) => {
      const before = change?.before.get(key)
      return before !== undefined && before.status !== row.status && isTold(row)
    }
    news.value = [...(change?.after ?? [])].filter(isNews).map(([, row]) => row)
  })

  return {
    /** Requests one made or follows whose status the last look has found changed. */
    news,
    /** The number on the tab. */
    count: computed(() => {
      const since = lookedAt.value
      if (since === undefined) return 0
      const isNew = (row: RequestRow) => row.added_at !== null && Date.parse(row.added_at) > since
      return household.rows.value.filter((row) => row.requested_by === me() && isNew(row)).length
    }),
    /** The list was looked at now; the first time ever nothing counts as new. */
    look(): void {
      lookedAt.value = serverNow()
      saveSeen(SEEN, lookedAt.value)
    },
    /** Forgets that anybody looked: another person may sign in. */
    clear(): void {
      lookedAt.value = undefined
    },
  }
}

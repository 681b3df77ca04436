import type { RequestRow } from '@stellarr/http/wire'
import { computed, type Ref, ref } from 'vue'
import { serverNow } from './connection.ts'
import { loadSeen, saveSeen } from './last-seen.ts'

const SEEN = 'arrivals'
const isTime = (value: unknown): value is number => typeof value === 'number'

/** One's own requests that have arrived since one last looked at the list: the number on its tab. */
export function createArrivals({ rows, me }: { rows: Readonly<Ref<RequestRow[]>>; me: () => string | undefined }) {
  const lookedAt = ref(loadSeen(SEEN, isTime))

  return {
    count: computed(() => {
      const since = lookedAt.value
      if (since === undefined) return 0
      const isNew = (row: RequestRow) => row.added_at !== null && Date.parse(row.added_at) > since
      return rows.value.filter((row) => row.requested_by === me() && isNew(row)).length
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

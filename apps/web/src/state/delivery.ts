import type { FeedReader } from '@stellarr/http/wire'
import { watch } from 'vue'
import { t } from '../i18n.ts'
import { explainError } from '../logic/explain-error.ts'
import { api } from './api.ts'
import { createFollowing } from './following.ts'
import { household, toasts } from './index.ts'
import { createNewStore } from './new-store.ts'
import { createProfiles } from './profiles.ts'
import { createReaders } from './readers.ts'
import { session } from './session.ts'
import { createWithdrawing } from './withdrawing.ts'

/** What the pages about requests and lists share besides: wired here, so that it comes with them and not with the first page. */
export const readers = createReaders({ api })
export const profiles = createProfiles({ api })
export const newStore = createNewStore({ api })
const say = (key: string, values: Record<string, unknown> = {}) => t(key, values)
export const { withdraw, removeForGood } = createWithdrawing({ api, household, toasts, t: say })
export const { follow } = createFollowing({
  api,
  household,
  toasts,
  t: say,
  me: () => session.current?.name ?? '',
})

/** Forgets a reader and says so. Never throws. */
export async function forgetReader({ id }: FeedReader): Promise<void> {
  try {
    await readers.forget(id)
    toasts.show({ tone: 'good', text: t('feeds.readers.forgotten') })
  } catch (error) {
    toasts.show({ tone: 'bad', text: explainError(error, t) })
  }
}

watch(
  () => session.current?.token,
  (token) => {
    if (token !== undefined) return
    readers.clear()
    profiles.clear()
    newStore.clear()
  },
)

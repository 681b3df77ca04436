import type { RequestRow } from '@stellarr/http/wire'
import type { ApiClient } from '../api/client.ts'
import { explainError, mayPass } from '../logic/explain-error.ts'
import type { Household } from './household.ts'
import type { Toasts } from './toasts.ts'

interface Deps {
  api: Pick<ApiClient, 'follow'>
  household: Household
  toasts: Toasts
  /** Translates. */
  t: (key: string, values?: Record<string, unknown>) => string
  /** Who follows. */
  me: () => string
}

/** "Notify me": shown at once, and put back when the server says no. Nothing here throws. */
export function createFollowing({ api, household, toasts, t, me }: Deps) {
  /** The last wish for each title: of a touch and another one, the last answer counts. */
  const wishes = new Map<string, number>()

  async function follow(row: RequestRow, follows: boolean): Promise<void> {
    const { media_type: type, tmdb_id: id, title } = row
    const key = `${type}/${id}`
    const mine = (wishes.get(key) ?? 0) + 1
    wishes.set(key, mine)
    const others = row.followers.filter((name) => name !== me())
    household.pretend(type, id, { ...row, followers: follows ? [...others, me()] : others })
    try {
      const { request } = await api.follow(type, id, follows)
      if (wishes.get(key) !== mine) return
      household.settle(type, id, request)
      toasts.show({ tone: 'good', text: t(follows ? 'toast.follows' : 'toast.followsNot', { title }) })
    } catch (error) {
      if (wishes.get(key) !== mine) return
      household.revert(type, id)
      toasts.show({
        tone: 'bad',
        text: t('toast.notChanged', { title, why: explainError(error, t) }),
        ...(mayPass(error) ? { action: { label: t('again'), run: () => void follow(row, follows) } } : {}),
      })
    }
  }

  return { follow }
}

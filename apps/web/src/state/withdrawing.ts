import type { RequestRow } from '@stellarr/http/wire'
import type { ApiClient } from '../api/client.ts'
import { explainError, mayPass } from '../logic/explain-error.ts'
import type { Household } from './household.ts'
import type { Toasts } from './toasts.ts'

interface Deps {
  api: Pick<ApiClient, 'request' | 'withdraw' | 'removeForGood'>
  household: Household
  toasts: Toasts
  /** Translates. */
  t: (key: string, values?: Record<string, unknown>) => string
}

/** Taking requests back: shown at once, undone at a touch, and put back when the server says no. Nothing here throws. */
export function createWithdrawing({ api, household, toasts, t }: Deps) {
  function putBack(row: RequestRow, error: unknown, again: () => void): void {
    household.revert(row.media_type, row.tmdb_id)
    toasts.show({
      tone: 'bad',
      text: t('toast.notWithdrawn', { title: row.title, why: explainError(error, t) }),
      ...(mayPass(error) ? { action: { label: t('again'), run: again } } : {}),
    })
  }

  /** Asks for it again: the same row comes back. */
  async function undo(row: RequestRow): Promise<void> {
    const { media_type, tmdb_id, quality_profile_id, seasons, future_seasons, also_seasons, title } = row
    household.pretend(media_type, tmdb_id, row)
    try {
      let answer = await api.request({
        tmdb_id,
        media_type,
        quality_profile_id,
        ...(media_type === 'tv' ? { seasons: seasons ?? 'all', future_seasons: future_seasons ?? false } : {}),
      })
      // Seasons named beside `all` are another choice.
      if (also_seasons.length > 0) answer = await api.request({ tmdb_id, media_type, seasons: also_seasons })
      household.settle(media_type, tmdb_id, answer.request)
      toasts.show({ tone: 'good', text: t('toast.isBack', { title }) })
    } catch (error) {
      household.revert(media_type, tmdb_id)
      toasts.show({
        tone: 'bad',
        text: t('toast.notAsked', { title, why: explainError(error, t) }),
        action: { label: t('again'), run: () => void undo(row) },
      })
    }
  }

  async function withdraw(row: RequestRow): Promise<void> {
    household.pretend(row.media_type, row.tmdb_id, undefined)
    try {
      const { still_listed } = await api.withdraw(row.media_type, row.tmdb_id)
      household.settle(row.media_type, row.tmdb_id, undefined)
      toasts.show({
        tone: 'good',
        text: t(still_listed ? 'toast.hidden' : 'toast.withdrawn', { title: row.title }),
        action: { label: t('undo'), run: () => void undo(row) },
      })
    } catch (error) {
      putBack(row, error, () => void withdraw(row))
    }
  }

  async function removeForGood(row: RequestRow): Promise<void> {
    household.pretend(row.media_type, row.tmdb_id, undefined)
    try {
      await api.removeForGood(row.media_type, row.tmdb_id)
      household.settle(row.media_type, row.tmdb_id, undefined)
      toasts.show({ tone: 'good', text: t('toast.removed', { title: row.title }) })
    } catch (error) {
      putBack(row, error, () => void removeForGood(row))
    }
  }

  return { withdraw, removeForGood }
}

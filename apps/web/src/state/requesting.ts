import { mergeChoices } from '@stellarr/core/rules'
import type { RequestBody, RequestRow, TitleItem } from '@stellarr/http/wire'
import type { ApiClient } from '../api/client.ts'
import { explainError, mayPass } from '../logic/explain-error.ts'
import { serverNow } from './connection.ts'
import type { Household } from './household.ts'
import type { Toasts } from './toasts.ts'

export type Choice = Pick<RequestBody, 'seasons' | 'future_seasons' | 'quality_profile_id'>
export type Asked = Pick<TitleItem, 'id' | 'media_type' | 'title' | 'year' | 'overview' | 'poster_path'>

interface Deps {
  api: Pick<ApiClient, 'request' | 'withdraw'>
  household: Household
  toasts: Toasts
  /** Translates. */
  t: (key: string, values?: Record<string, unknown>) => string
  /** Who asks. */
  me: () => string
}

/** Asking for titles: shown at once, undone at a touch, and put back as it was when the server says no. */
export function createRequesting({ api, household, toasts, t, me }: Deps) {
  function pretended(item: Asked, choice: Choice, before: RequestRow | undefined): RequestRow {
    const isSeries = item.media_type === 'tv'
    const wanted = choice.seasons ?? 'all'
    if (before) {
      const seasons = mergeChoices(before.seasons ?? [], wanted)
      // Beside `all` those named are kept: among them may be specials and seasons that came later.
      const named = [before.seasons ?? [], wanted].flatMap((one) => (one === 'all' ? [] : one))
      return {
        ...before,
        status: before.status === 'gone' ? 'pending' : before.status,
        kept_in_lists: null,
        quality_profile_id: choice.quality_profile_id ?? before.quality_profile_id,
        seasons: isSeries ? seasons : null,
        also_seasons: seasons === 'all' ? [...new Set([...before.also_seasons, ...named])] : [],
        future_seasons: isSeries ? (before.future_seasons ?? false) || (choice.future_seasons ?? false) : null,
      }
    }
    return {
      media_type: item.media_type,
      tmdb_id: item.id,
      title: item.title,
      original_title: null,
      year: item.year,
      overview: item.overview,
      poster_path: item.poster_path,
      imdb_id: null,
      tvdb_id: null,
      seasons: isSeries ? wanted : null,
      future_seasons: isSeries ? (choice.future_seasons ?? wanted === 'all') : null,
      quality_profile_id: choice.quality_profile_id ?? 1,
      status: 'pending',
      requested_by: me(),
      followers: [],
      progress: null,
      numbering: null,
      lost_at: null,
      lost_in: null,
      kept_in_lists: null,
      not_in_catalog_since: null,
      created_at: new Date(serverNow()).toISOString(),
      added_at: null,
      also_seasons: [],
      undeliverable_by: [],
    }
  }

  /** Takes back what was just requested. */
  async function undo(item: Asked, answered: Promise<boolean>): Promise<void> {
    household.pretend(item.media_type, item.id, undefined)
    // The request must have arrived before it can be withdrawn.
    if (!(await answered)) return
    household.pretend(item.media_type, item.id, undefined)
    try {
      await api.withdraw(item.media_type, item.id)
      household.settle(item.media_type, item.id, undefined)
      toasts.show({ tone: 'good', text: t('toast.takenBack', { title: item.title }) })
    } catch (error) {
      household.revert(item.media_type, item.id)
      toasts.show({ tone: 'bad', text: t('toast.notTakenBack', { why: explainError(error, t) }) })
    }
  }

  /** Asks for a title or more of its seasons. Never throws: what went wrong is said in a toast. Answers whether it is stored. */
  async function request(item: Asked, choice: Choice = {}): Promise<boolean> {
    const { media_type: type, id, title } = item
    const before = household.rowOf(type, id)
    household.pretend(type, id, pretended(item, choice, before))
    const sending = api.request({ tmdb_id: id, media_type: type, ...choice })
    const answered = sending.then(
      ({ success }) => success,
      () => false,
    )
    const toast = toasts.show({
      tone: 'good',
      text: t(before ? 'toast.asksMore' : `toast.asked.${type}`, { title }),
      ...(before ? {} : { action: { label: t('undo'), run: () => void undo(item, answered) } }),
    })
    try {
      const { request: row, success } = await sending
      household.settle(type, id, row)
      if (!success) {
        toasts.dismiss(toast)
        toasts.show({ tone: 'good', text: t('toast.already', { title, name: row.requested_by }) })
      }
      return true
    } catch (error) {
      household.revert(type, id)
      toasts.dismiss(toast)
      toasts.show({
        tone: 'bad',
        text: t('toast.notAsked', { title, why: explainError(error, t) }),
        ...(mayPass(error) ? { action: { label: t('again'), run: () => void request(item, choice) } } : {}),
      })
      return false
    }
  }

  return { request }
}

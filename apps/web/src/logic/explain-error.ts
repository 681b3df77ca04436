import { ApiError } from '../api/client.ts'

/** The server's codes that a person meets, each with a text of its own (`error.<code>`). */
const EXPLAINED = [
  'offline',
  'catalog_unavailable',
  'catalog_key_refused',
  'catalog_bad_answer',
  'storage_unavailable',
  'storage_corrupt',
  'store_checking',
  'store_new',
  'store_other',
  'store_older',
  'store_copied',
  'witness_damaged',
  'feed_emptied',
  'import_running',
  'unknown_title',
  'unknown_season',
  'signed_out',
  'not_found',
  'not_yours',
  'last_row',
  'too_many_followers',
  'too_many_devices',
  'admin_only',
  'stale_challenge',
  'challenge_used',
  'foreign_origin',
  'bad_name',
  'unknown_profile',
  'profile_in_use',
  'too_many',
  'tmdb_key_refused',
  'tvdb_key_refused',
  'tmdb_unreachable',
  'tvdb_unreachable',
] as const

export type ErrorCode = (typeof EXPLAINED)[number] | 'other'

/** The code of a failure among those that have a text; `other` for the rest. */
export function errorCode(error: unknown): ErrorCode {
  const code = error instanceof ApiError ? error.code : ''
  return EXPLAINED.find((known) => known === code) ?? 'other'
}

/** A failure in plain words. */
export function explainError(error: unknown, t: (key: string) => string): string {
  return t(`error.${errorCode(error)}`)
}

/** True when the same call may succeed later: there is no point in offering "try again" otherwise. */
export function mayPass(error: unknown): boolean {
  return !(error instanceof ApiError) || error.status === 0 || error.status === 429 || error.status >= 500
}

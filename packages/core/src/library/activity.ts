import type { MediaEventSource } from '../requests/index.ts'
import type { TitleKey } from '../titles/index.ts'
import type { MatchRule } from './rules/matching.ts'

/**
 * What became of a message: it moved a request (`matched`), told the library of a title nobody asked for (`library`) or
 * that it left (`deleted`), meant nothing we know (`unmatched`), was nothing for us (`ignored`, `invalid`), was another
 * sender's (`stray`), or only tried the line (`test`).
 */
export type ActivityOutcome = 'matched' | 'library' | 'deleted' | 'unmatched' | 'ignored' | 'invalid' | 'stray' | 'test'

/** A message that was received and what it did: chosen fields alone, never an account, an address or a path. */
export interface ActivityEntry {
  /** Later ones are greater as text. */
  id: string
  /** Epoch ms. */
  at: number
  source: MediaEventSource
  /** The sender's own word for it. */
  name: string
  title: string
  detail: string
  outcome: ActivityOutcome
  /** Why it was not matched or taken, as a sentence. */
  reason?: string
  rule?: MatchRule
  key?: TitleKey
}

/** The newest entries that are kept. */
export const MAX_ACTIVITY = 500
/** The days (UTC) whose entries are kept, today counted. */
export const ACTIVITY_DAYS = 14

const DAY_MS = 24 * 3_600_000

/** The number of the UTC day of a moment, since 1970. @param at epoch ms */
export const activityDay = (at: number): number => Math.floor(at / DAY_MS)

/** When the days begin whose entries are kept, epoch ms. */
export const activityBegins = (now: number): number => (activityDay(now) - ACTIVITY_DAYS + 1) * DAY_MS

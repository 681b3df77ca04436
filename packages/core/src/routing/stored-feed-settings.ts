import { Fault } from '../base/index.ts'
import { type FeedSettings, firstFeedSettings } from './rules/feed-settings.ts'

/** Where the routing lies among the store's settings. */
export const FEED_SETTINGS = 'feeds'

/** Reads the stored form. Throws `storage_corrupt` for what no version writes: feeds must not guess. */
export function parseFeedSettings(stored: string | undefined): FeedSettings {
  if (stored === undefined) return firstFeedSettings()
  try {
    const parsed: unknown = JSON.parse(stored)
    if (isFeedSettings(parsed)) return parsed
  } catch {
    // Said below.
  }
  throw new Fault('storage_corrupt', 'The settings of the lists cannot be read.')
}

function isFeedSettings(value: unknown): value is FeedSettings {
  if (value === null || typeof value !== 'object') return false
  const { profiles, defaultProfileId, rootFolders, tags, tagsHidden, read, importing, confirmedAt } =
    value as Partial<FeedSettings>
  const lists = [profiles, rootFolders, tags, read].every(Array.isArray)
  const isMarked = importing === undefined || typeof importing === 'string'
  const isTimed = confirmedAt === undefined || typeof confirmedAt === 'number'
  return lists && isMarked && isTimed && typeof defaultProfileId === 'number' && typeof tagsHidden === 'boolean'
}

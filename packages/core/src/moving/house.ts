import { OLDER_MARK, REFUSALS } from '../clients/index.ts'
import type { LibraryRow } from '../library/index.ts'
import type { MediaRequest } from '../requests/index.ts'
import { parseFeedSettings, withoutMarks } from '../routing/index.ts'
import type { PushSubscription } from '../telling/index.ts'
import type { TitleKey } from '../titles/index.ts'

/** What moves, in its order: what later rows hang on comes first, the requests that the feeds show last. */
export const HOUSE_KINDS = ['setting', 'guid', 'subscription', 'library', 'request'] as const
export type HouseKind = (typeof HOUSE_KINDS)[number]

/** The rows of each kind, as the ports have them. Times are epoch ms. */
export interface HouseRows {
  setting: { name: string; value: string }
  guid: { guid: string } & TitleKey & { tvdbId?: number }
  subscription: PushSubscription
  library: LibraryRow
  request: MediaRequest
}

export type HouseRow = { [Kind in HouseKind]: { kind: Kind; row: HouseRows[Kind] } }[HouseKind]

/** Where an export goes on: a kind, and the cursor of its port (none: from its first row). */
export interface HousePlace {
  kind: HouseKind
  cursor?: string
}

export interface HousePage {
  rows: HouseRow[]
  /** Absent after the last page of all. */
  next?: HousePlace
}

/** Rows that are written or compared at once: as many as the slowest store still asks for by their names. */
export const HOUSE_BATCH = 250

/** Where it is noted how far an import into this store has come. */
export const IMPORT_PROGRESS = 'import-progress'
/** Settings that belong to one store alone: what was said of it (`store-confirmed` on AWS), what fills it, who was refused. */
const OWN_SETTINGS: readonly string[] = [OLDER_MARK, 'store-confirmed', IMPORT_PROGRESS, REFUSALS]

/** True for a setting that moves with the house. */
export const isCarried = (name: string): boolean => !OWN_SETTINGS.includes(name)

/** One text for what is equal: the names of all objects in order, what is undefined left out. */
export function canonicalText(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (part === null || typeof part !== 'object' || Array.isArray(part)) return part
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
  })
}

/** The routing of the feeds in its one wording, without what is said of this one store. */
export const plainFeeds = (stored: string | undefined) => JSON.stringify(withoutMarks(parseFeedSettings(stored)))

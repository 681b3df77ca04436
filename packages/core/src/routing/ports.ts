import type { MediaType, TitleKey } from '../titles/index.ts'

/** A request as far as routing goes: its quality profile and root folder, and the names whose tags its row carries. */
export interface RoutedRequest extends TitleKey {
  qualityProfileId: number
  rootFolderId?: number | undefined
  tagged: readonly string[]
  /** The id by which a program list names it; undefined while it is in none. */
  listedAs: number | undefined
}

/** All requests as far as routing goes, withdrawn ones too: `requests` hands them in. */
export interface RoutedRequests {
  list(): Promise<readonly RoutedRequest[]>
  /** Stores the root folder of one that has none of its own yet. */
  place(key: TitleKey, rootFolderId: number): Promise<void>
}

/** How many rows of each client's lists. */
export type RowCounts = Record<MediaType, number>

import type { LibrarySource, SeasonPresence } from '../requests/index.ts'
import type { ExternalIds, TitleKey } from '../titles/index.ts'

/** One title as a media server reports it. */
export interface LibraryItem extends TitleKey, ExternalIds {
  title?: string
  /** Series only, ascending by season. */
  seasons?: SeasonPresence[]
}

/** A stored library row: the item and who reported it. The key is (source, media type, TMDB id). */
export interface LibraryRow extends LibraryItem {
  source: LibrarySource
  /** Epoch ms of first sight by that source. */
  addedAt: number
}

/** What a committed sync did, in titles: the keys let a caller mark requests without reading the library. */
export interface SyncOutcome {
  added: TitleKey[]
  removed: TitleKey[]
  /** What earlier syncs of that source and type removed and nobody forgot (`forgetRemoved`), unless a source has it now. */
  left: TitleKey[]
  unchanged: number
}

/** Counts that a caller decides on before it commits. */
export interface SyncPreview {
  /** Rows this source and type has now. */
  current: number
  /** Distinct rows staged. */
  staged: number
  /** Pages staged. */
  pages: number
}

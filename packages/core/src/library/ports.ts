import type { ExportPage } from '../base/index.ts'
import type { LibrarySource } from '../requests/index.ts'
import type { MediaType, TitleKey } from '../titles/index.ts'
import type { ActivityEntry } from './activity.ts'
import type { LibraryItem, LibraryRow, SyncOutcome, SyncPreview } from './library-item.ts'

/** What the media servers have. */
export interface LibraryRepository {
  /** Opens a sync that will replace all rows of one source and type; it dies an hour after it began. */
  beginSync(source: LibrarySource, mediaType: MediaType): Promise<string>
  /** What a sync id stands for; undefined when it is unknown, dead or committed. */
  findSync(syncId: string): Promise<{ source: LibrarySource; mediaType: MediaType } | undefined>
  /**
   * Stores one page, numbered from 0; the same number again replaces the page. Of a title that comes twice the last one
   * counts. Throws `sync_unknown`.
   */
  stage(syncId: string, page: number, items: readonly LibraryItem[]): Promise<void>
  /** Counts before a commit. Throws `sync_unknown`. */
  preview(syncId: string): Promise<SyncPreview>
  /**
   * Makes the staged pages the library of that source and type in one step: a reader sees the old one or the new one.
   * What `add` or `restore` brought after the sync began stays as it is, whatever was staged of it. Syncs are counted to
   * tell this, not time: each has a number, and a row keeps the number of the newest sync that had begun when `add` last
   * reported it, with news or without. Unchanged rows are not written. Throws `sync_unknown`.
   *
   * What it removed is remembered until `forgetRemoved`: whoever dies before it has marked the requests finds the titles
   * among what the next sync says is `left`.
   */
  commit(syncId: string): Promise<SyncOutcome>
  /** The requests of these titles, which syncs of a source removed, are marked. Those that a source has again stay. */
  forgetRemoved(source: LibrarySource, keys: readonly TitleKey[]): Promise<void>
  /** Adds or updates items of one source; answers the keys that were new to it. */
  add(source: LibrarySource, items: readonly LibraryItem[]): Promise<TitleKey[]>
  /**
   * Brings in rows of another store, with the times they were first seen. What a source has already stays as it is, and
   * of a row that comes twice the first one counts. Raises the revision once at most. Answers how many were new.
   */
  restore(rows: readonly LibraryRow[]): Promise<number>
  /** Removes one title of one source; false when it was not there. */
  remove(source: LibrarySource, key: TitleKey): Promise<boolean>
  /** Rows of any source for these keys, in the order of the keys. */
  findMany(keys: readonly TitleKey[]): Promise<LibraryRow[]>
  /** TMDB ids of all sources, ascending, each once. */
  listIds(): Promise<Record<MediaType, number[]>>
  /** Every row, by the name of its source, then movies first, then by TMDB id. */
  exportAll(cursor?: string): Promise<ExportPage<LibraryRow>>
}

/** Which title a sender's own name of a movie or series stood for: a Plex GUID, or an id of Jellyfin's or Emby's. */
export interface PlexGuidCache {
  find(guid: string): Promise<(TitleKey & { tvdbId?: number }) | undefined>
  /** Stores or replaces by name. */
  save(guid: string, ids: TitleKey & { tvdbId?: number }): Promise<void>
  /** Every name, in order. */
  exportAll(cursor?: string): Promise<ExportPage<{ guid: string } & TitleKey & { tvdbId?: number }>>
}

/** Finds the series of an episode by its TVDB id. */
export interface EpisodeResolver {
  /** Undefined when there is none, or when it cannot be found just now. Never rejects, since it only helps to match. */
  seriesOf(episodeTvdbId: number): Promise<number | undefined>
}

/**
 * The messages received last: the newest `MAX_ACTIVITY` of the last `ACTIVITY_DAYS` days, and no others. Those of a time
 * that has not come, as a clock that was ahead has stamped them, are not told and take nobody's place.
 */
export interface ActivityLog {
  record(entry: ActivityEntry): Promise<void>
  /** Newest first. */
  recent(limit: number): Promise<ActivityEntry[]>
}

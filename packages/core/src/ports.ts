import type { ActivityEntry } from './activity.ts'
import type { ExportPage, Revision, SettingsStore, StoreIdentity, Turns } from './base/index.ts'
import type { LibraryItem, LibraryRow, SyncOutcome, SyncPreview } from './library.ts'
import type { SignInAttempts } from './people/index.ts'
import type { MediaRequestRepository } from './requests/index.ts'
import type { LibrarySource } from './requests/media-request.ts'
import type { Language, MediaType, TitleKey } from './titles/index.ts'

/** What the media servers have. */
export interface LibraryRepository {
  /** Opens a sync that will replace all rows of one source and type; it dies an hour after it began. */
  beginSync(source: LibrarySource, mediaType: MediaType): Promise<string>
  /** What a sync id stands for; undefined when unknown, dead or committed. */
  findSync(syncId: string): Promise<{ source: LibrarySource; mediaType: MediaType } | undefined>
  /** Stores one page (number from 0; the same page again replaces it). Doubles: the last wins. Throws `sync_unknown`. */
  stage(syncId: string, page: number, items: readonly LibraryItem[]): Promise<void>
  /** Counts before a commit. Throws `sync_unknown`. */
  preview(syncId: string): Promise<SyncPreview>
  /**
   * Makes the staged pages the library of that source and type at once: a reader sees the old or the new one.
   * Rows added by `add` after the sync began stay. Unchanged rows are not written. Throws `sync_unknown`.
   */
  commit(syncId: string): Promise<SyncOutcome>
  /** Adds or updates items of one source; answers the keys that were new to it. */
  add(source: LibrarySource, items: readonly LibraryItem[]): Promise<TitleKey[]>
  /**
   * Brings rows of another store in, with their first sight; what a source has already stays as it is, and of doubles
   * the first is taken. Raises the revision once at most. Answers how many were new.
   */
  restore(rows: readonly LibraryRow[]): Promise<number>
  /** Removes one title of one source; false when it was not there. */
  remove(source: LibrarySource, key: TitleKey): Promise<boolean>
  /** Rows of any source for these keys, in the order of the keys. */
  findMany(keys: readonly TitleKey[]): Promise<LibraryRow[]>
  /** TMDB ids of all sources, ascending, without doubles. */
  listIds(): Promise<Record<MediaType, number[]>>
  /** Every row, in key order. */
  exportAll(cursor?: string): Promise<ExportPage<LibraryRow>>
}

export interface PushSubscription {
  endpoint: string
  /** Whose device: the name they typed. */
  user: string
  keys: { p256dh: string; auth: string }
  language: Language
  createdAt: number
}

export interface PushSubscriptionRepository {
  /** Stores or replaces by endpoint. */
  save(subscription: PushSubscription): Promise<void>
  /** All devices of one person, oldest first. */
  listFor(user: string): Promise<PushSubscription[]>
  find(endpoint: string): Promise<PushSubscription | undefined>
  /** False when it was not there. */
  remove(endpoint: string): Promise<boolean>
  exportAll(cursor?: string): Promise<ExportPage<PushSubscription>>
}

/** Which title a sender's own name of a movie or series stood for: a Plex GUID, and Jellyfin's and Emby's ids. */
export interface PlexGuidCache {
  find(guid: string): Promise<(TitleKey & { tvdbId?: number }) | undefined>
  save(guid: string, ids: TitleKey & { tvdbId?: number }): Promise<void>
  exportAll(cursor?: string): Promise<ExportPage<{ guid: string } & TitleKey & { tvdbId?: number }>>
}

/** The messages received last. Bounded: `MAX_ACTIVITY` entries or two weeks. */
export interface ActivityLog {
  record(entry: ActivityEntry): Promise<void>
  /** Newest first. */
  recent(limit: number): Promise<ActivityEntry[]>
}

/** A push message that is still to be sent to one device. */
export interface OutboxMessage {
  id: string
  endpoint: string
  /** JSON for the service worker. */
  body: string
  /** How often it was tried. */
  tries: number
  /** When to try next, epoch ms. */
  dueAt: number
}

/** Messages that are kept until their push service has taken them. */
export interface Outbox {
  /** Stores messages; answers them with their ids, in the order given. */
  add(messages: readonly Omit<OutboxMessage, 'id' | 'tries'>[]): Promise<OutboxMessage[]>
  /** Those that are due, the longest due first. */
  due(now: number, limit: number): Promise<OutboxMessage[]>
  /**
   * Takes one on to be tried: it is due again at `nextDueAt`, and counted as tried. Of any number who take the same one
   * on at once one gets true.
   */
  claim(message: OutboxMessage, nextDueAt: number): Promise<boolean>
  remove(id: string): Promise<boolean>
}

/** All of one store. Adapters give one factory that returns this. */
export interface Storage {
  requests: MediaRequestRepository
  library: LibraryRepository
  revision: Revision
  pushSubscriptions: PushSubscriptionRepository
  signInAttempts: SignInAttempts
  plexGuids: PlexGuidCache
  settings: SettingsStore
  identity: StoreIdentity
  turns: Turns
  activity: ActivityLog
  outbox: Outbox
  /** Releases files and sockets; acknowledged writes are safe without it. */
  close(): Promise<void>
}

/** Where the deployment keeps, beside its settings, which store it last used; see decisions on false empties. */
export interface StoreWitness {
  /** It lies in the store itself, and goes back in time with it: an older store cannot be told by its revision then. */
  inStore?: true
  /** @param present the id of the store in use now */
  load(present: string): Promise<{ storeId: string; revision: number } | undefined>
  save(seen: { storeId: string; revision: number }): Promise<void>
}

/** Finds the series of an episode by its TVDB id. */
export interface EpisodeResolver {
  /** Undefined when there is none or it cannot be learnt just now; it never rejects, since it only helps to match. */
  seriesOf(episodeTvdbId: number): Promise<number | undefined>
}

/** Sends one push message (JSON text). */
export interface Notifier {
  send(subscription: PushSubscription, message: string): Promise<'sent' | 'gone' | 'failed'>
}

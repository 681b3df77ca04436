import type { Revision, SettingsStore, StoreIdentity, Turns } from './base/index.ts'
import type { ActivityLog, LibraryRepository, PlexGuidCache } from './library/index.ts'
import type { SignInAttempts } from './people/index.ts'
import type { MediaRequestRepository } from './requests/index.ts'
import type { Outbox, PushSubscriptionRepository } from './telling/index.ts'

/**
 * All of one store. Every adapter has one factory that returns this. Every read is whole or throws; every write is stored
 * when its promise resolves, and outlives the process. Any text is a name, and no answer shares memory with the store.
 */
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

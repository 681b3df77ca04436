import type { Revision, SettingsStore, StoreIdentity, Turns } from './base/index.ts'
import type { ActivityLog, LibraryRepository, PlexGuidCache } from './library/index.ts'
import type { SignInAttempts } from './people/index.ts'
import type { MediaRequestRepository } from './requests/index.ts'
import type { Outbox, PushSubscriptionRepository } from './telling/index.ts'

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

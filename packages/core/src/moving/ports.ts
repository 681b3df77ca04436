import type { SettingsStore, StoreIdentity } from '../base/index.ts'
import type { LibraryRepository, PlexGuidCache } from '../library/index.ts'
import type { MediaRequestRepository } from '../requests/index.ts'
import type { PushSubscriptionRepository } from '../telling/index.ts'

/** What of a store moves house: all that the household would miss. */
export interface HouseStorage {
  identity: StoreIdentity
  settings: SettingsStore
  plexGuids: PlexGuidCache
  pushSubscriptions: PushSubscriptionRepository
  library: LibraryRepository
  requests: MediaRequestRepository
}

import type { Clock, Logger, MediaCatalog, Storage, StoreWitness, TrendingSnapshots } from '../ports.ts'
import { browseUseCases } from './browse.ts'
import { feedSettingsUseCases } from './feed-settings.ts'
import { feedUseCases } from './feeds.ts'
import { librarySyncUseCases } from './library-syncs.ts'
import { readerKeyUseCases } from './reader-keys.ts'
import { readerUseCases } from './readers.ts'
import { requestUseCases } from './requests.ts'
import { dailyUseCases, type TrendingBody } from './run-daily.ts'
import type { Role } from './session-tokens.ts'
import { type DeriveKey, signInUseCases } from './sign-in.ts'
import { storeGuard } from './store-guard.ts'

/** What a deployment brings. */
export interface Deployment {
  storage: Storage
  catalog: MediaCatalog
  snapshots: TrendingSnapshots
  witness: StoreWitness
  clock: Clock
  logger: Logger
  deriveKey: DeriveKey
  trendingBody: TrendingBody
  signIn: { appSecretKey: string; passwords: Record<Role, string>; iterations: number }
}

/** All use cases over one deployment's adapters. */
export function createUseCases(deployment: Deployment) {
  const { storage, signIn, ...rest } = deployment
  const guard = storeGuard({ ...storage, witness: deployment.witness })
  const feedSettings = feedSettingsUseCases(storage)
  const feeds = feedUseCases({ ...storage, guard, clock: deployment.clock, feedSettings })
  const readers = readerUseCases({ ...storage, clock: deployment.clock })
  const { load, tagRequesters: _, markRead: __, unmarkRead: ___, ...routing } = feedSettings
  return {
    ...signInUseCases({ ...rest, ...signIn, attempts: storage.signInAttempts }),
    ...browseUseCases({ ...storage, catalog: deployment.catalog }),
    ...requestUseCases({ ...storage, ...rest, feeds, feedSettings }),
    ...librarySyncUseCases({ ...storage, ...rest, feeds }),
    ...dailyUseCases({ ...storage, ...rest, readers }),
    ...feeds,
    ...routing,
    ...readers,
    ...readerKeyUseCases({ ...storage, clock: deployment.clock }),
    /** How feeds are routed now. */
    feedSettings: async () => (await load()).settings,
    guard,
    catalogueKind: deployment.catalog.kind,
  }
}

export type UseCases = ReturnType<typeof createUseCases>

import { backgroundWork, type Clock, type Logger } from './base/index.ts'
import {
  browseUseCases,
  type MarkedTitle,
  type MediaCatalog,
  type TrendingBody,
  type TrendingSnapshots,
} from './catalogue/index.ts'
import { checkUseCases } from './checks/index.ts'
import {
  feedUseCases,
  leavingUseCases,
  readerKeyUseCases,
  readerUseCases,
  refusalUseCases,
  revisionTags,
  type StoreWitness,
  storeGuard,
  trustedTimeUseCases,
} from './clients/index.ts'
import { dailyUseCases } from './daily/index.ts'
import { type EpisodeResolver, eventUseCases, type LibraryRow, librarySyncUseCases } from './library/index.ts'
import { type DeriveKey, type Role, signInUseCases } from './people/index.ts'
import {
  householdUseCases,
  keptTitle,
  type MediaRequest,
  requestOverview,
  requestPageUseCases,
  requestUseCases,
  routedRequests,
  visibleRequests,
} from './requests/index.ts'
import { feedSettingsUseCases } from './routing/index.ts'
import type { Storage } from './storage.ts'
import { type PushService, pushUseCases } from './telling/index.ts'

/** What the page of one title shows. */
export type TitleView = MarkedTitle<MediaRequest, LibraryRow>

/** What a deployment brings. */
export interface Deployment {
  storage: Storage
  catalog: MediaCatalog
  snapshots: TrendingSnapshots
  witness: StoreWitness
  /** True only when the keys of the feeds were made with the store: a new one then needs nobody's word. */
  newStoreIsExpected: boolean
  /** What is wrong with the store's file; the lists wait until that is known. Absent where nobody can say. */
  damage?: () => Promise<string | undefined>
  clock: Clock
  /** Milliseconds since some moment, by a clock that nobody sets; absent where the process sleeps between requests. */
  elapsed?: () => number
  logger: Logger
  deriveKey: DeriveKey
  trendingBody: TrendingBody
  /** Absent: nobody is told of anything. */
  push?: PushService
  /** Hosts that push messages may go to besides the browsers' own services: for tests. */
  pushHosts?: readonly string[]
  /** Absent without a TVDB key. */
  episodes?: EpisodeResolver
  signIn: { appSecretKey: string; passwords: Record<Role, string>; iterations: number }
}

/** Stands in where nobody can be told. */
const noPush: PushService = {
  send: async () => 'failed',
  publicKey: async () => '',
}

/** All use cases over one deployment's adapters. */
export function createUseCases(deployment: Deployment) {
  const { storage, signIn, push: service = noPush, pushHosts = [], episodes, newStoreIsExpected, ...rest } = deployment
  const { clock, elapsed, logger, witness, damage } = deployment
  const overview = requestOverview(storage)
  const feedSettings = feedSettingsUseCases({ ...storage, requests: routedRequests(storage.requests, overview, clock) })
  const { markOlder } = feedSettings
  const guard = storeGuard({ ...storage, witness, logger, newStoreIsExpected, damage, markOlder })
  const tags = revisionTags(signIn.appSecretKey, async () => witness.named ?? storage.identity.storeId())
  const background = backgroundWork()
  const readers = readerUseCases({ ...storage, clock, background })
  const leaving = leavingUseCases({ ...storage, clock, feedSettings, readers })
  const time = trustedTimeUseCases({ feedSettings, clock, elapsed, background })
  const feeds = feedUseCases({ ...storage, guard, tags, clock, time, feedSettings, leaving })
  const push = pushUseCases({ ...storage, ...rest, push: service, pushHosts })
  const refusals = refusalUseCases({ ...storage, clock, background })
  const { load, viewFeedSettings, changeFeedSettings } = feedSettings
  return {
    ...signInUseCases({ ...rest, ...signIn, attempts: storage.signInAttempts }),
    ...browseUseCases({
      ...storage,
      catalog: deployment.catalog,
      clock,
      requests: visibleRequests(storage.requests),
      titleOf: keptTitle,
    }),
    ...householdUseCases({ ...storage, overview }),
    ...requestPageUseCases({ overview, clock }),
    ...requestUseCases({ ...storage, ...rest, feeds: leaving, feedSettings }),
    ...librarySyncUseCases({ ...storage, ...rest, push }),
    ...eventUseCases({ ...storage, ...rest, feeds: leaving, push, episodes, background }),
    ...dailyUseCases({ ...storage, ...rest, readers, push }),
    ...push,
    ...feeds,
    deletionQuestions: leaving.deletionQuestions,
    answerDeletions: leaving.answerDeletions,
    viewFeedSettings,
    changeFeedSettings,
    ...readers,
    ...refusals,
    ...checkUseCases({ ...storage, guard, feeds, readers, refusals, clock, logger }),
    ...readerKeyUseCases({ ...storage, clock }),
    /** How feeds are routed now. */
    feedSettings: async () => (await load()).settings,
    guard,
    noteTime: time.noteTime,
    /** Waits for what answers did not wait for, no longer than the given time (ms). */
    settle: background.settle,
    /** Which catalogue is in use now. */
    catalogueKind: () => deployment.catalog.kind,
  }
}

export type UseCases = ReturnType<typeof createUseCases>

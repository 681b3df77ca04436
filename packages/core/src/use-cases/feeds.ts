import type { MediaRequest } from '../media-request.ts'
import type { Clock, MediaRequestRepository, Revision, SettingsStore, Turns } from '../ports.ts'
import { deliverableBy, type FeedName, feedRows } from '../rules/feeds.ts'
import type { StoreGuard } from './store-guard.ts'

const DAY_MS = 24 * 3_600_000
const FEEDS: readonly FeedName[] = ['radarr', 'radarr-tmdb', 'sonarr']

/** The import lists: whole or a fault, never less than is stored. */
export function feedUseCases(deps: {
  requests: MediaRequestRepository
  revision: Revision
  settings: SettingsStore
  turns: Turns
  guard: StoreGuard
  clock: Clock
}) {
  const knownRead = new Set<FeedName>()

  const readMark = (feed: FeedName) => `feed-read:${feed}`

  /** Learns, beside the rows, whether the feed was read before; never throws, since it must not touch the feed. */
  async function recallRead(feed: FeedName): Promise<void> {
    try {
      if (await wasRead(feed)) knownRead.add(feed)
    } catch {
      // `noteRead` tries again.
    }
  }

  async function wasRead(feed: FeedName): Promise<boolean> {
    return knownRead.has(feed) || (await deps.settings.get(readMark(feed))) !== undefined
  }

  return {
    /**
     * What a feed's bytes may be kept under: the revision, and the UTC day (number since 1970) since retention goes by
     * days. Throws a fault when the store is strange or unreadable.
     */
    async feedVersion(): Promise<{ revision: number; day: number }> {
      const reading = deps.revision.current()
      const [revision] = await Promise.all([reading, deps.guard.reason(reading)])
      await deps.guard.check(revision)
      return { revision, day: Math.floor(deps.clock.now() / DAY_MS) }
    },

    /** All rows of a feed. Call after `feedVersion`. */
    async readFeed(feed: FeedName): Promise<readonly object[]> {
      const type = feed === 'sonarr' ? 'tv' : 'movie'
      const [requests] = await Promise.all([deps.requests.list({ type, listedOnly: true }), recallRead(feed)])
      return feedRows(feed, requests)
    },

    /** Remembers that a client has read rows of this feed; never throws, since it must not touch the feed. */
    async noteRead(feed: FeedName): Promise<void> {
      if (knownRead.has(feed)) return
      try {
        await deps.settings.getOrCreate(readMark(feed), () => '1')
        knownRead.add(feed)
      } catch {
        // The next read tries again.
      }
    },

    /**
     * Runs `leave`, which takes `request` out of the feeds, unless it is the last row of a feed that a client has
     * read: an emptied list can make a client's clean step delete films. One at a time, so that two cannot both be
     * the last but one. Answers undefined when refused.
     */
    leaveFeeds<Result>(request: MediaRequest, leave: () => Promise<Result>): Promise<Result | undefined> {
      return deps.turns.take('leave-feeds', async () => {
        for (const feed of FEEDS) {
          if (!deliverableBy(feed, request) || !(await wasRead(feed))) continue
          const listed = await deps.requests.list({ type: request.mediaType, listedOnly: true })
          const others = listed.some((other) => other.tmdbId !== request.tmdbId && deliverableBy(feed, other))
          if (!others) return undefined
        }
        return leave()
      })
    },
  }
}

export type FeedUseCases = ReturnType<typeof feedUseCases>

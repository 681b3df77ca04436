import type { Clock, EpisodeResolver, Logger } from '@stellarr/core'
import { LRUCache } from 'lru-cache'
import { field, inTime, isTvdbId, Refusal, type TvdbClient, tvdbRest } from './tvdb-client.ts'

export interface TvdbResolverOptions {
  client: TvdbClient
  clock: Clock
  logger: Logger
  /** A lookup's time, logging in included. */
  timeoutMs?: number
  /** The most episodes that are remembered. */
  maxKept?: number
}

const DAY_MS = 24 * 3_600_000
/** An episode stays in its series; one that TVDB does not know today it may know tomorrow. */
const FOUND_MS = 30 * DAY_MS
const MISSING_MS = DAY_MS
const MAX_ANSWER = 256 * 1024

/**
 * Finds an episode's series at TVDB. Both what is found and what is not are remembered. It never rejects: a lookup that
 * fails answers undefined, is logged and not remembered, since a webhook must not fail for a service that only helps to
 * match it. No log holds the key.
 */
export function tvdbResolver(options: TvdbResolverOptions): EpisodeResolver {
  const { client, clock, logger, timeoutMs = 5_000, maxKept = 5_000 } = options
  const kept = new LRUCache<number, { seriesId: number | undefined; until: number }>({ max: maxKept })
  const running = new Map<number, Promise<number | undefined>>()
  const rest = tvdbRest(clock, logger, 'an episode may stay without its series.')

  async function lookUp(episodeId: number): Promise<number | undefined> {
    const answer = await client.get(`/episodes/${episodeId}`, { timeoutMs, maxBytes: MAX_ANSWER })
    if (!answer) return remember(episodeId, undefined, MISSING_MS)
    const seriesId = field(answer.data, 'seriesId')
    if (!isTvdbId(seriesId)) throw new Refusal('TVDB named no series')
    return remember(episodeId, seriesId, FOUND_MS)
  }

  function remember(episodeId: number, seriesId: number | undefined, ms: number): number | undefined {
    kept.set(episodeId, { seriesId, until: clock.now() + ms })
    return seriesId
  }

  /** The lookup within its time; what takes longer goes on and is remembered, for the next to ask. */
  async function seriesInTime(episodeId: number): Promise<number | undefined> {
    try {
      return await inTime(lookUp(episodeId), timeoutMs, new Refusal('TVDB does not answer (timeout)'))
    } catch (error) {
      rest.begin(error)
      return undefined
    }
  }

  return {
    async seriesOf(episodeTvdbId) {
      if (!isTvdbId(episodeTvdbId)) return undefined
      const known = kept.get(episodeTvdbId)
      if (known && known.until > clock.now()) return known.seriesId
      if (rest.isOn()) return undefined
      const before = running.get(episodeTvdbId)
      if (before) return before
      const asked = seriesInTime(episodeTvdbId).finally(() => running.delete(episodeTvdbId))
      running.set(episodeTvdbId, asked)
      return asked
    },
  }
}

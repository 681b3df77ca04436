import type { Clock, Logger } from '../base/index.ts'
import {
  type MediaCatalog,
  rewriteTrending,
  type TrendingBody,
  type TrendingReport,
  type TrendingSnapshots,
} from '../catalogue/index.ts'
import type { ReaderUseCases } from '../clients/index.ts'
import type { MediaRequest, MediaRequestRepository, RequestFacts } from '../requests/index.ts'
import type { PushUseCases } from '../telling/index.ts'
import { isDrawnPoster } from '../titles/index.ts'

export interface DailyReport extends TrendingReport {
  /** Requests whose ids or seasons were completed, and those the catalogue could not be asked for. */
  requestsLearnt: number
  requestsFailed: number
  /** Clients that used to read a feed and have stopped for a day. */
  silentReaders: number
  /** Push messages that had waited and were taken. */
  pushesSent: number
}

/**
 * A request the catalogue should be asked about again: an id is missing, a series still wanted may have new seasons,
 * or its poster is still the sample catalogue's.
 */
function wantsFacts(request: MediaRequest, catalogue: MediaCatalog['kind']): boolean {
  if (request.status === 'gone' || request.withdrawnAt !== undefined) return false
  if (catalogue === 'tmdb' && isDrawnPoster(request.posterPath)) return true
  if (request.mediaType === 'movie') return request.imdbId === undefined
  return (
    request.tvdbId === undefined ||
    request.imdbId === undefined ||
    request.status !== 'available' ||
    request.futureSeasons === true
  )
}

/** The daily work. A step that fails leaves what was there and the others go on. */
export function dailyUseCases(deps: {
  requests: MediaRequestRepository
  catalog: MediaCatalog
  snapshots: TrendingSnapshots
  clock: Clock
  logger: Logger
  trendingBody: TrendingBody
  readers: ReaderUseCases
  /** Absent where push messages are not sent. */
  push?: Pick<PushUseCases, 'drainOutbox'>
}) {
  /** The report of a day that has done nothing but the trending files yet. */
  async function refreshTrending(deadline: number): Promise<DailyReport> {
    const { cutShort, ...trending } = await rewriteTrending(deps, deadline)
    return { ...trending, requestsLearnt: 0, requestsFailed: 0, silentReaders: 0, pushesSent: 0, cutShort }
  }

  async function learnMissing(deadline: number, report: DailyReport): Promise<void> {
    for (const request of (await deps.requests.list({})).filter((one) => wantsFacts(one, deps.catalog.kind))) {
      if (deps.clock.now() >= deadline) {
        report.cutShort = true
        return
      }
      try {
        const title = await deps.catalog.details(request, 'en')
        if (!title) continue
        const facts: RequestFacts = { seasonState: title.seasons }
        if (title.imdbId !== undefined) facts.imdbId = title.imdbId
        if (title.tvdbId !== undefined) facts.tvdbId = title.tvdbId
        if (title.posterPath !== undefined) facts.posterPath = title.posterPath
        const learnt = await deps.requests.learn(request, facts)
        if (learnt?.changed) report.requestsLearnt += 1
      } catch (error) {
        report.requestsFailed += 1
        deps.logger.warn('request not refreshed', { tmdb_id: request.tmdbId, reason: String(error) })
      }
    }
  }

  async function sendWaiting(report: DailyReport): Promise<void> {
    try {
      report.pushesSent = (await deps.push?.drainOutbox()) ?? 0
    } catch (error) {
      deps.logger.warn('push messages wait', { reason: String(error) })
    }
  }

  async function lookForSilentReaders(report: DailyReport): Promise<void> {
    try {
      const silent = (await deps.readers.feedReaders()).filter((reader) => reader.silent)
      report.silentReaders = silent.length
      for (const { app, feed, lastReadAt } of silent) {
        const last_read_at = new Date(lastReadAt).toISOString()
        deps.logger.warn('a client that used to read a list has stopped', { app, feed, last_read_at })
      }
    } catch (error) {
      deps.logger.warn('readers not looked at', { reason: String(error) })
    }
  }

  return {
    /** Rewrites the 12 trending files. @param deadline epoch ms */
    refreshTrending,

    /** @param deadline epoch ms after which nothing new is begun */
    async runDaily(deadline: number): Promise<DailyReport> {
      const report = await refreshTrending(deadline)
      await learnMissing(deadline, report)
      await lookForSilentReaders(report)
      await sendWaiting(report)
      deps.logger.info('daily work done', { ...report })
      return report
    },

    /** A trending file as it stands. */
    loadTrending: (name: string) => deps.snapshots.load(name),
  }
}

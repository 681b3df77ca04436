import type { Clock, Logger } from '../base/index.ts'
import {
  type MediaCatalog,
  rewriteTrending,
  type TrendingBody,
  type TrendingReport,
  type TrendingSnapshots,
} from '../catalogue/index.ts'
import type { ReaderUseCases } from '../clients/index.ts'
import type { MediaRequestRepository } from '../requests/index.ts'
import type { PushUseCases } from '../telling/index.ts'
import { learnRequests } from './learn-requests.ts'

export interface DailyReport extends TrendingReport {
  /** Requests whose ids or seasons were completed, and those the catalogue could not be asked for. */
  requestsLearnt: number
  requestsFailed: number
  /** Clients that used to read a feed and have stopped for a day. */
  silentReaders: number
  /** Push messages that had waited and were taken. */
  pushesSent: number
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
  push?: Pick<PushUseCases, 'tell' | 'drainOutbox'>
}) {
  /** The report of a day that has done nothing but the trending files yet. */
  async function refreshTrending(deadline: number): Promise<DailyReport> {
    const { cutShort, ...trending } = await rewriteTrending(deps, deadline)
    return { ...trending, requestsLearnt: 0, requestsFailed: 0, silentReaders: 0, pushesSent: 0, cutShort }
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
      const { learnt, failed, cutShort } = await learnRequests(deps, deadline)
      report.requestsLearnt = learnt
      report.requestsFailed = failed
      report.cutShort ||= cutShort
      await lookForSilentReaders(report)
      await sendWaiting(report)
      deps.logger.info('daily work done', { ...report })
      return report
    },

    /** A trending file as it stands. */
    loadTrending: (name: string) => deps.snapshots.load(name),
  }
}

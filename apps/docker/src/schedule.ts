import { type Clock, type Logger, trendingFileName, type UseCases } from '@stellarr/core'
import { Cron } from 'croner'

/** The daily work may take this long; what is left is done the next day. */
export const DAILY_MS = 30 * 60_000

/** Daily work at a quiet hour (local time), waiting push messages tried again, a nightly backup, the clock noted hourly, and trending at once when there is none yet. */
export function scheduleWork(
  useCases: UseCases,
  backUp: () => Promise<void>,
  logger: Logger,
  clock: Clock,
): { stop(): void } {
  const guarded = (what: string, work: () => Promise<unknown>) => async () => {
    try {
      await work()
    } catch (error) {
      logger.error(`${what} failed`, {}, error)
    }
  }
  const daily = guarded('daily work', () => useCases.runDaily(clock.now() + DAILY_MS))
  const jobs = [
    new Cron('23 4 * * *', { protect: true }, daily),
    new Cron(
      '*/10 * * * *',
      { protect: true },
      guarded('sending push messages that wait', () => useCases.drainOutbox()),
    ),
    new Cron(
      '41 * * * *',
      { protect: true },
      guarded('noting the time', () => useCases.noteTime()),
    ),
    // Each hour: it knows whether tonight's is made, also where nothing ran at night.
    new Cron('53 * * * *', { protect: true }, guarded('the nightly backup', backUp)),
  ]
  const first = setTimeout(
    guarded('first trending files', async () => {
      if (
        (await useCases.loadTrending(trendingFileName('all', 'en'))) === undefined ||
        useCases.catalogueKind() === 'sample'
      ) {
        await useCases.refreshTrending(clock.now() + DAILY_MS)
      }
    }),
    0,
  )
  return {
    stop() {
      clearTimeout(first)
      for (const job of jobs) job.stop()
    },
  }
}

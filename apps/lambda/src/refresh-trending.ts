import {
  backgroundWork,
  type Clock,
  type DailyReport,
  dailyUseCases,
  pushUseCases,
  readerUseCases,
} from '@stellarr/core'
import { trendingBody } from '@stellarr/http/answers'
import type { Context } from 'aws-lambda'
import { openCatalog } from './catalogue.ts'
import { createLogger } from './logger.ts'
import { openPush } from './push.ts'
import { readDailySettings } from './settings.ts'
import { settingsSource } from './settings-source.ts'
import { openSnapshots } from './snapshots.ts'
import { endOf, STORE } from './store.ts'
import { lazyTvdb } from './tvdb.ts'

/** The longest step of the daily work: a call of the catalogue, and a write. None is begun with less time left. */
const STEP_MS = 8_000

const currentSettings = settingsSource(readDailySettings)

/** The daily work, on a schedule: answers and logs what it did. */
export async function handler(_event: unknown, context: Context): Promise<DailyReport> {
  const settings = await currentSettings()
  const clock: Clock = { now: () => Date.now() }
  const logger = createLogger(settings.logLevel, settings.secrets)
  logger.invocation(context)
  const end = endOf(context, clock)
  const surroundings = { clock, logger, deadline: () => end }
  const storage = STORE.open(settings, surroundings)
  try {
    const { runDaily } = dailyUseCases({
      requests: storage.requests,
      catalog: openCatalog(settings, { clock, logger }, lazyTvdb(settings, { clock, logger })),
      snapshots: openSnapshots(settings, surroundings),
      clock,
      logger,
      trendingBody,
      readers: readerUseCases({ settings: storage.settings, clock, background: backgroundWork() }),
      push: pushUseCases({
        ...storage,
        push: openPush(settings, storage.settings, logger),
        pushHosts: settings.pushHosts,
        clock,
        logger,
      }),
    })
    return await runDaily(end - STEP_MS)
  } finally {
    await storage.close()
  }
}

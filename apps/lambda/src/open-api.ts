import { type Clock, createUseCases } from '@stellarr/core'
import { createApp, deriveKey, type TitleKey, trendingBody } from '@stellarr/http'
import type { Context, LambdaFunctionURLEvent, LambdaFunctionURLResult } from 'aws-lambda'
import serverless from 'serverless-http'
import { openCatalog } from './catalogue.ts'
import { ownChecks } from './checks.ts'
import { createLogger } from './logger.ts'
import { openPush } from './push.ts'
import type { ApiSettings } from './settings.ts'
import { openSnapshots } from './snapshots.ts'
import { endOf, STORE } from './store.ts'
import { settingsWitness } from './store-witness.ts'
import { lazyTvdb, openEpisodes } from './tvdb.ts'

declare const STELLARR_VERSION: string

export interface Api {
  answer(event: LambdaFunctionURLEvent, context: Context): Promise<LambdaFunctionURLResult>
  /** Releases sockets. */
  close(): Promise<void>
}

/** Once in five minutes a reader's answer may wait this long for the note of it. */
const NOTE_PATIENCE_MS = 200

/**
 * Lambda takes an answer of 6 MB (6,291,556 bytes): the JSON in which it is handed over, so what is compressed counts as
 * base64 and what is not with its quotes escaped. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const ANSWER_LIMIT = { plain: 5_500_000, carried: 6_200_000 }

/** Wires the shared app over DynamoDB for one set of settings. Touches no network. */
export function openApi(settings: ApiSettings): Api {
  const clock: Clock = { now: () => Date.now() }
  const logger = createLogger(settings.logLevel, settings.secrets)
  let end: number | undefined
  let requestId: string | undefined
  const surroundings = { clock, logger, deadline: () => end }
  const storage = STORE.open(settings, surroundings)
  const tvdb = lazyTvdb(settings, { clock, logger })
  const useCases = createUseCases({
    storage,
    catalog: openCatalog(settings, { clock, logger }, tvdb),
    snapshots: openSnapshots(settings, surroundings),
    witness: settingsWitness(settings.storeId, storage.settings),
    // The keys stand in the settings, and may be older than any table.
    newStoreIsExpected: false,
    clock,
    logger,
    deriveKey,
    trendingBody,
    push: openPush(settings, storage.settings, logger),
    pushHosts: settings.pushHosts,
    ...openEpisodes(tvdb),
    signIn: settings.signIn,
  })
  const app = createApp(useCases, {
    version: STELLARR_VERSION,
    logger,
    store: STORE.name,
    tokens: settings.tokens,
    titleKeys: { list: async () => titleKeysOf(settings) },
    checks: ownChecks(settings, { version: STELLARR_VERSION, clock, logger }),
    plexServerName: settings.plexServerName,
    baseUrls: settings.baseUrls,
    allowPrivateOrigins: false,
    trustedProxies: settings.trustedProxies,
    keepAnswers: false,
    answerLimit: ANSWER_LIMIT,
    requestId: () => requestId,
    drawPoster: async (name) => (await import('@stellarr/gateways/posters')).drawPoster(name),
  })
  for (const sentence of settings.renamed) logger.warn(sentence)
  if (settings.storeId === undefined) {
    logger.warn('STORE_ID is not set: the lists of another table would be read without notice')
  }
  // Express works out the client's address from the connection and the trusted proxies; a ready-made one would win.
  const answer = serverless(app, { request: (req: object) => Reflect.deleteProperty(req, 'ip') })
  return {
    async answer(event, context) {
      end = endOf(context, clock)
      requestId = context.awsRequestId
      logger.invocation(context)
      const result = (await answer(event, context)) as LambdaFunctionURLResult
      // The process sleeps once the answer is out: who read a feed is noted now, or at the reader's next read.
      await useCases.settle(NOTE_PATIENCE_MS)
      return result
    },
    close: () => storage.close(),
  }
}

/** Where the keys of titles come from: the settings parameter, or nowhere. */
function titleKeysOf({ tmdbApiKey, tvdbApiKey }: ApiSettings): TitleKey[] {
  const sourceOf = (key: string | undefined) => (key === undefined ? 'none' : 'environment')
  return [
    { service: 'tmdb', source: sourceOf(tmdbApiKey) },
    { service: 'tvdb', source: sourceOf(tvdbApiKey) },
  ]
}

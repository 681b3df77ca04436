import type { AddressInfo } from 'node:net'
import { type Clock, createUseCases, STRANGE_STORE_WORDS } from '@stellarr/core'
import { drawPoster, webPushService } from '@stellarr/gateways'
import { createApp, deriveKey, trendingBody } from '@stellarr/http'
import { eachSender } from '@stellarr/http/settings'
import { finishRestore } from './backup/restore-steps.ts'
import { removeHeld } from './backup/temporary.ts'
import { openBackups } from './backups.ts'
import { watchClock } from './checks/clock-watch.ts'
import { heldCheck, ownChecks } from './checks/own-checks.ts'
import { closeGently, listen } from './listen.ts'
import { createLogger } from './logger.ts'
import { proxyHosts } from './outbound-proxy.ts'
import { DAILY_MS, scheduleWork } from './schedule.ts'
import { type LoadedSecrets, loadSecrets, openDataDir, openFolder, type Secrets, senderToken } from './secrets.ts'
import type { Settings } from './settings.ts'
import { STORE } from './store.ts'
import { watchStore } from './store-watch.ts'
import { openTitles } from './titles.ts'

/** Time for notes of messages that were just received. */
const SETTLE_MS = 500
/** Time for running answers at stop; the whole stop stays under 8 s. */
const STOP_GRACE_MS = 5_000

export interface RunningApp {
  port: number
  catalogue: 'tmdb' | 'sample'
  secrets: Secrets
  /** Passwords to show: nobody has seen them yet. */
  unseen: LoadedSecrets['unseen']
  stop(): Promise<void>
}

/** Opens the store, wires the use cases and serves. Throws `BadSetting` or a fault, each with one clear line. */
export async function startApp(settings: Settings, about: { version: string; siteDir: string }): Promise<RunningApp> {
  const clock: Clock = { now: () => Date.now() }
  openDataDir(settings.dataDir)
  openFolder('BACKUP_DIR', settings.backupDir)
  let restored: string[] | undefined
  // Before the keys: a start that dies between leaves a store that is still new to the start that makes them.
  const storage = await STORE.open(settings, clock, {
    version: about.version,
    locked() {
      restored = finishRestore(settings)
    },
  })
  const { secrets, made, unseen } = loadSecrets(settings)
  const hidden = [...Object.values(secrets), settings.vapid?.privateKey ?? '', settings.metricsToken ?? '']
  const logger = createLogger(settings.logLevel, hidden)
  const titles = openTitles({
    settings,
    clock,
    logger,
    hide: (key) => {
      if (!hidden.includes(key)) hidden.push(key)
    },
    changed: () => {
      useCases
        .refreshTrending(clock.now() + DAILY_MS)
        .catch((error: unknown) => logger.error('trending files of the other catalog failed', {}, error))
    },
  })
  const witness = STORE.witness(settings, logger)
  const useCases = createUseCases({
    storage,
    catalog: titles.catalog,
    snapshots: titles.snapshots,
    episodes: titles.episodes,
    witness,
    damage: storage.damage,
    newStoreIsExpected: made.has('feedToken'),
    clock,
    elapsed: () => performance.now(),
    logger,
    deriveKey,
    trendingBody,
    push: webPushService({
      settings: storage.settings,
      given: settings.vapid,
      subject: settings.vapidSubject,
      allowedHosts: settings.pushHosts,
      logger,
    }),
    pushHosts: settings.pushHosts,
    signIn: {
      appSecretKey: secrets.appSecretKey,
      passwords: { household: secrets.householdPassword, admin: secrets.adminPassword },
      iterations: settings.iterations,
    },
  })
  const clockWatch = watchClock()
  const backups = openBackups(settings, { version: about.version, clock, logger })
  const metrics = settings.metricsToken && {
    token: settings.metricsToken,
    version: about.version,
    figures: storage.figures,
    areListsClosed: async () => (await useCases.ready()).feeds === 'closed',
  }
  const set = (tokens: readonly string[], made: string) => (tokens.length > 0 ? tokens : [made])
  const app = createApp(useCases, {
    version: about.version,
    logger,
    store: STORE.name,
    tokens: {
      feed: set(settings.feedTokens, secrets.feedToken),
      sync: set(settings.syncTokens, secrets.syncToken),
      ...eachSender((source) => set(settings.webhookTokens[source], secrets[senderToken(source)])),
    },
    titleKeys: titles.keys,
    plexServerName: settings.plexServerName,
    baseUrls: settings.baseUrls,
    allowPrivateOrigins: true,
    frameAncestors: settings.frameAncestors,
    trustedProxies: settings.trustedProxies,
    keepAnswers: true,
    backups,
    ...(metrics && { metrics: (await import('./metrics.ts')).openMetrics(metrics) }),
    checks: ownChecks({
      settings,
      version: about.version,
      storage,
      unsteady: witness.unsteady,
      lock: heldCheck(),
      clock: clockWatch.check,
      titleKeys: titles.keys.list,
    }),
    siteDir: about.siteDir,
    drawPoster,
  })
  if (settings.outboundProxy) {
    logger.info('TMDB, TVDB and push services are called through a proxy', {
      proxy: proxyHosts(settings.outboundProxy),
    })
  }
  for (const sentence of [...settings.renamed, ...settings.ignored]) logger.warn(sentence)
  if (restored !== undefined) logger.warn('a restore that was cut off is finished', { kept: restored.join(', ') })
  const strange = await useCases.guard.reason()
  if (witness.unsteady !== undefined) {
    logger.info(`a copy of the database cannot be told from it: ${witness.unsteady} does not keep which file is which`)
  }
  if (strange) logger.warn(`lists are closed: ${STRANGE_STORE_WORDS[strange]}`, { code: strange })
  if (settings.baseUrls.length > 0 && settings.trustedProxies.length === 0) {
    logger.warn('BASE_URL is set but TRUSTED_PROXIES is not: behind a proxy everybody counts as one client')
  }
  const server = await listen(app, settings.port, settings.host).catch(async (error: unknown) => {
    clockWatch.stop()
    await storage.close()
    throw error
  })
  const schedule = scheduleWork(useCases, backups.nightly, logger, clock)
  const watch = watchStore(storage, logger)
  const address = server.address() as AddressInfo
  return {
    port: address.port,
    catalogue: titles.catalog.kind,
    secrets,
    unseen,
    async stop() {
      schedule.stop()
      watch.stop()
      clockWatch.stop()
      await closeGently(server, STOP_GRACE_MS)
      removeHeld()
      await useCases
        .noteTime()
        .catch((error: unknown) => logger.warn('the time was not noted', { reason: String(error) }))
      await useCases.settle(SETTLE_MS)
      await storage.close()
    },
  }
}

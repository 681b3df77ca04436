import { join } from 'node:path'
import { MEDIA_EVENT_SOURCES } from '@stellarr/core'
import { type FakeTmdb, startFakeTmdb } from '@stellarr/gateways/testing'
import { WEBHOOK_TOKEN_SETTINGS } from '../packages/http/src/settings.ts'
import {
  ADMIN,
  APP_SECRET,
  FEED_TOKEN,
  HOUSEHOLD,
  openLists,
  SYNC_TOKEN,
  TMDB_KEY,
  WEBHOOK_TOKENS,
} from '../test/http/deployment.ts'
import { type SpawnedApp, spawnApp, trySpawnApp } from '../test/spawn-app.ts'
import type { Run, StoreName } from './line.ts'

/** Settings of a household whose keys are all known. */
export const settingsOf = (tmdb: FakeTmdb): Record<string, string> => ({
  PRESHARED_PASSWORD: HOUSEHOLD,
  ADMIN_PASSWORD: ADMIN,
  APP_SECRET_KEY: APP_SECRET,
  FEED_TOKEN,
  SYNC_TOKEN,
  ...Object.fromEntries(MEDIA_EVENT_SOURCES.map((source) => [WEBHOOK_TOKEN_SETTINGS[source], WEBHOOK_TOKENS[source]])),
  TMDB_API_KEY: TMDB_KEY,
  TMDB_BASE_URL: tmdb.url,
})

/** A household whose app is started, ended and started again over one data folder. */
export interface House {
  dataDir: string
  tmdb: FakeTmdb
  /** Starts the app, which must succeed. */
  start(env?: Record<string, string>): Promise<SpawnedApp>
  /** Starts it whatever becomes of it. */
  tryStart(env?: Record<string, string>): ReturnType<typeof trySpawnApp>
  close(): Promise<void>
}

/** A household in a folder, with a stand-in of TMDB. */
export async function openHouse(folder: string, env: Record<string, string> = {}): Promise<House> {
  const tmdb = await startFakeTmdb()
  const dataDir = join(folder, 'data')
  const all = (more: Record<string, string> = {}) => ({
    HOST: '127.0.0.1',
    DATA_DIR: dataDir,
    ...settingsOf(tmdb),
    ...env,
    ...more,
  })
  return {
    dataDir,
    tmdb,
    start: (more) => spawnApp(all(more)),
    tryStart: (more) => trySpawnApp(all(more)),
    close: () => tmdb.close(),
  }
}

/** Ends a process as a power cut does, and waits until it is gone. */
export async function kill({ child }: Pick<SpawnedApp, 'child'>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('close', resolve))
  child.kill('SIGKILL')
  await gone
}

/** A deployment under attack: its lists are open. */
export interface Target {
  url: string
  tmdb: FakeTmdb
  log(): string
  /** The process, where it is one of our own. */
  child?: SpawnedApp['child']
  close(): Promise<void>
}

/** Starts the built app over a store of this kind. */
export async function openTarget(store: StoreName, run: Run, env: Record<string, string> = {}): Promise<Target> {
  if (store === 'sqlite') {
    const house = await openHouse(run.folder, env)
    const app = await house.start()
    await openLists(app.url)
    return {
      url: app.url,
      tmdb: house.tmdb,
      log: app.output,
      child: app.child,
      async close() {
        await app.stop()
        await house.close()
      },
    }
  }
  const tmdb = await startFakeTmdb()
  const aws = await (await run.aws()).start({ ...settingsOf(tmdb), ...env })
  await openLists(aws.url)
  return {
    url: aws.url,
    tmdb,
    log: aws.log,
    async close() {
      await aws.stop()
      await tmdb.close()
    },
  }
}

import { join } from 'node:path'
import { createUseCases, type MediaCatalog, sha256Hex } from '@stellarr/core'
import { aMovieRequest, faultOf } from '@stellarr/core/testing'
import Sqlite from 'better-sqlite3'
import { openSqliteStorage } from '../src/index.ts'
import { turnsOf } from './long-work.ts'

const ORIGIN = 'http://nas'
const catalog: MediaCatalog = {
  kind: 'sample',
  details: async () => undefined,
  search: async () => ({ page: 1, totalPages: 1, totalResults: 0, results: [] }),
  trending: async () => [],
}

/**
 * Holds a store's database by another connection while so many people ask for titles at once, one signs in, the admin
 * changes settings twice over, and a client reads a list for the first time.
 * @returns the faults of what wrote; the slowest of all, in ms, less what the machine was late; the
 * longest without a turn for anybody, in ms of work; the
 * list's rows; and what came of the first write after the database was free
 */
export async function whileHeld(folder: string, writers: number) {
  const path = join(folder, `held-by-${writers}.db`)
  const clock = { now: () => Date.now() }
  const storage = await openSqliteStorage({ path, clock })
  await storage.identity.confirmNew()
  await storage.requests.add(aMovieRequest())
  const nothing = () => undefined
  const useCases = createUseCases({
    storage,
    catalog,
    snapshots: { load: async () => undefined, save: async () => undefined },
    witness: { load: async () => undefined, save: async () => undefined },
    newStoreIsExpected: true,
    clock,
    logger: { debug: nothing, info: nothing, warn: nothing, error: nothing },
    deriveKey: async () => 'key',
    trendingBody: () => '',
    signIn: { appSecretKey: 'secret', passwords: { household: 'one', admin: 'two' }, iterations: 1 },
  })
  const timestamp = Math.floor(Date.now() / 1_000)
  const hash = await sha256Hex(`key:${timestamp}`)
  const version = await useCases.feedVersion()
  const other = new Sqlite(path)
  other.exec('BEGIN IMMEDIATE')
  let slowest = 0
  const timed = async <Result>(work: () => Promise<Result>) => {
    const began = performance.now()
    const result = await work()
    slowest = Math.max(slowest, performance.now() - began)
    return result
  }
  const twice = async () => {
    await storage.settings.set('a', 'b').catch(() => undefined)
    return storage.settings.set('a', 'c')
  }
  const work = () =>
    Promise.all([
      timed(() => useCases.readFeed({ feed: 'radarr-tmdb' }, version)),
      ...Array.from({ length: writers }, (_, n) =>
        timed(() => faultOf(storage.requests.add(aMovieRequest({ tmdbId: n + 1 })))),
      ),
      timed(() => faultOf(useCases.signIn({ origin: ORIGIN, timestamp, hash, name: 'Ann', client: 'c' }))),
      timed(() => faultOf(twice())),
      timed(() => faultOf(storage.turns.take('a', twice))),
      timed(() => faultOf(useCases.beginSync('plex', 'movie'))),
    ])
  const { result, longest, late } = await turnsOf(work)
  const [feed, ...outcomes] = result
  other.exec('ROLLBACK')
  other.close()
  const after = await storage.requests.add(aMovieRequest({ tmdbId: 10_000 }))
  await storage.close()
  return { outcomes, slowest: slowest - late, longest, rows: feed.rows, after }
}

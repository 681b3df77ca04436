import { join } from 'node:path'
import { type LibraryItem, librarySyncUseCases } from '@stellarr/core'
import { aLibraryItem, aMovieRequest } from '@stellarr/core/testing'
import Sqlite from 'better-sqlite3'
import { openSqliteStorage } from '../src/index.ts'
import { toRow } from '../src/repositories/request-rows.ts'

/** Milliseconds of the one thread's own work so far: on a machine with others on it, waiting for a core is no stall. */
function workedMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}

/**
 * How long some work took, and the longest that it went on without a turn for everybody else: ms of this thread's work.
 * `late`: the longest between two turns by the clock, which hangs on the machine and its disk too.
 */
export async function turnsOf<Result>(work: () => Promise<Result>) {
  const began = workedMs()
  let [last, longest, lastAt, late] = [began, 0, performance.now(), 0]
  const look = () => {
    const [now, at] = [workedMs(), performance.now()]
    longest = Math.max(longest, now - last)
    late = Math.max(late, at - lastAt)
    last = now
    lastAt = at
  }
  const looking = setInterval(look, 1)
  try {
    const result = await work()
    look()
    return { result, longest, late, took: workedMs() - began }
  } finally {
    clearInterval(looking)
  }
}

/** A store with so many requests for movies, written by another connection in one go before it is opened. */
export async function storeOf(folder: string, requests: number) {
  const path = join(folder, `${requests}-requests.db`)
  const open = () => openSqliteStorage({ path, clock: { now: () => Date.now() } })
  await (await open()).close()
  const db = new Sqlite(path)
  const columns = Object.keys(toRow(aMovieRequest()))
  const insert = db.prepare(`INSERT INTO requests (${columns}) VALUES (${columns.map((name) => `:${name}`)})`)
  db.transaction(() => {
    for (let tmdbId = 1; tmdbId <= requests; tmdbId += 1) {
      insert.run(toRow(aMovieRequest({ tmdbId, title: `Movie ${tmdbId}`, createdAt: 1.7e12 + tmdbId })))
    }
  })()
  db.close()
  return open()
}

/**
 * Syncs so many items over so many requests: all of them new, then the same again, then without `removed` of them.
 * @returns of each what `turnsOf` says
 */
export async function syncsOver(folder: string, requests: number, items: number, removed: number) {
  const storage = await storeOf(folder, requests)
  const nothing = () => undefined
  const logger = { debug: nothing, info: nothing, warn: nothing, error: nothing }
  const push = { tell: async () => true }
  const clock = { now: () => Date.now() }
  const { syncLibrary } = librarySyncUseCases({ ...storage, clock, logger, push })
  const from = (first: number): LibraryItem[] =>
    Array.from({ length: items - first + 1 }, (_, n) => aLibraryItem({ tmdbId: first + n, title: `Movie ${n}` }))
  const sync = (list: LibraryItem[]) => turnsOf(() => syncLibrary('movie', list, { clear: true, confirm: true }))
  const all = from(1)
  const syncs = { fresh: await sync(all), same: await sync(all), shrunk: await sync(all.slice(removed)) }
  const statuses = { available: await storage.requests.list({ status: 'available' }) }
  await storage.close()
  return { ...syncs, available: statuses.available.length }
}

import { aMovieRequest, aSeriesRequest } from '../packages/core/src/testing/builders.ts'
import { openConnection } from '../packages/storage-sqlite/src/database/connection.ts'
import { openSqliteStorage } from '../packages/storage-sqlite/src/index.ts'
import { toRow } from '../packages/storage-sqlite/src/repositories/request-rows.ts'

/** Makes a store of so many requests, half of them series: `fill-store.ts PATH REQUESTS`. */
const [path = '', requests = '0'] = process.argv.slice(2)
const STATUSES = ['pending', 'picked_up', 'downloading', 'available'] as const

function requestOf(n: number) {
  const tmdbId = Math.ceil(n / 2)
  const status = STATUSES[n % STATUSES.length] ?? 'pending'
  const given = {
    tmdbId,
    status,
    overview: 'Somebody learns what the world is made of, and what to do about it. '.repeat(3),
    requestedBy: `Person ${n % 8}`,
    createdAt: 1.7e12 + n,
    rootFolderId: 0,
    ...(status === 'available' && { addedAt: 1.7e12 + n }),
  }
  if (n % 2 === 0) {
    const imdbId = `tt${String(tmdbId).padStart(7, '0')}`
    return aMovieRequest({ ...given, title: `A movie of number ${tmdbId}`, imdbId })
  }
  return aSeriesRequest({ ...given, title: `A series of number ${tmdbId}`, tvdbId: 100_000 + tmdbId })
}

const storage = await openSqliteStorage({ path, clock: { now: () => Date.now() } })
// The keys of the lists are older than the store.
await storage.identity.confirmNew()
await storage.close()
// In one transaction: a flush of the disk for each row would take an hour.
const db = await openConnection(path)
await db.write(() => {
  const columns = Object.keys(toRow(requestOf(1)))
  const insert = db.raw.prepare(
    `INSERT INTO requests (${columns.join(', ')}) VALUES (${columns.map((name) => `@${name}`)})`,
  )
  for (let n = 1; n <= Number(requests); n += 1) insert.run(toRow(requestOf(n)))
  db.bumpRevision()
})
db.raw.close()

import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fixedClock } from '@stellarr/core/testing'
import Sqlite from 'better-sqlite3'
import { openSqliteStorage } from '../src/index.ts'

/** What became of damaged copies. */
export interface DamagedIndexes {
  tried: number
  /** The check said that something is wrong. */
  found: number
  /** A list answered with fewer rows than the whole database has, although the check found nothing or not. */
  shorter: number
}

/**
 * Flips one bit at a time in the pages of indexes of `requests`, in copies of a database without a write-ahead log, and
 * reads each copy's list, whether or not its check would let one out. Nothing is random: the same tries come again.
 */
export async function tryDamagedIndexes(path: string, tries: number): Promise<DamagedIndexes> {
  const whole = readFileSync(path)
  const db = new Sqlite(path, { readonly: true })
  const pageSize = Number(db.pragma('page_size', { simple: true }))
  const pages = db
    .prepare<[], { pageno: number }>(
      `SELECT pageno FROM dbstat WHERE name IN (SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = 'requests')`,
    )
    .all()
  const rows = db.prepare<[], { n: number }>('SELECT count(*) AS n FROM requests NOT INDEXED').get()?.n ?? 0
  db.close()
  const outcome: DamagedIndexes = { tried: 0, found: 0, shorter: 0 }
  const copy = `${path}.damaged`
  for (let at = 0; at < tries; at += 1) {
    const page = pages[at % pages.length]?.pageno ?? 1
    const damaged = Buffer.from(whole)
    const byte = (page - 1) * pageSize + ((at * 7919) % pageSize)
    damaged.writeUInt8(damaged.readUInt8(byte) ^ (1 << (at % 8)), byte)
    writeFileSync(copy, damaged)
    const store = await openSqliteStorage({ path: copy, clock: fixedClock() })
    const listed = await store.requests.list({ type: 'movie', listedOnly: true })
    if (listed.length < rows) outcome.shorter += 1
    await store.close()
    if (isDamaged(copy)) outcome.found += 1
    outcome.tried += 1
    for (const suffix of ['', '-wal', '-shm']) rmSync(copy + suffix, { force: true })
  }
  return outcome
}

function isDamaged(path: string): boolean {
  const db = new Sqlite(path, { readonly: true })
  try {
    return db.pragma('integrity_check(1)', { simple: true }) !== 'ok'
  } catch {
    return true
  } finally {
    db.close()
  }
}

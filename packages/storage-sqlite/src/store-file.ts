import { existsSync } from 'node:fs'
import { Fault, OLDER_MARK } from '@stellarr/core'
import Sqlite, { type Database } from 'better-sqlite3'
import { APPLICATION_ID, toFault } from './database/connection.ts'
import { MIGRATIONS } from './database/migrate.ts'

/** What a database file says of itself. */
export interface StoreFacts {
  storeId: string
  revision: number
  /** The name of its newest migration; names sort in their order. */
  schema: string
  /** Rows by what they are called. */
  counts: Record<keyof typeof TABLES, number>
}

const TABLES = {
  requests: 'requests',
  library_items: 'library',
  devices: 'push_subscriptions',
  settings: 'settings',
} as const

/** Pages a step of a copy: with SQLite's 4 KiB each step takes about a millisecond. */
const STEP = 256

/** Whether a file's schema was made by a later version than this one. */
export const isNewerSchema = (schema: string): boolean => schema > (MIGRATIONS.at(-1) ?? '')

/**
 * Copies a store to a new file as it is now, whatever its schema, while others may be writing to it; the copy is one
 * file, checked whole.
 * @throws Fault as `readStoreFile`, and `storage_unavailable` where there is no file or no room
 */
export async function copyStoreFile(from: string, to: string): Promise<StoreFacts> {
  if (!existsSync(from)) throw new Fault('storage_unavailable', `There is no store at ${from}.`)
  try {
    const db = new Sqlite(from, { readonly: true, fileMustExist: true })
    try {
      refuseForeign(db, from)
      // One read transaction over all steps: else every write of another connection makes the copy begin again.
      db.exec('BEGIN')
      db.prepare('SELECT count(*) FROM sqlite_master').get()
      await db.backup(to, { progress: () => STEP })
    } finally {
      db.close()
    }
    const copy = new Sqlite(to, { fileMustExist: true })
    try {
      // No -wal beside it, also when it is only read.
      copy.pragma('journal_mode = DELETE')
      return factsOf(copy, to)
    } finally {
      copy.close()
    }
  } catch (error) {
    throw toFault(error)
  }
}

/**
 * Reads and checks a whole database file.
 * @throws Fault `wrong_store` for another program's file, `storage_corrupt` for a damaged one, `storage_unavailable` for
 * one that cannot be opened
 */
export function readStoreFile(path: string): StoreFacts {
  return withFile(path, { readonly: true }, (db) => {
    refuseForeign(db, path)
    return factsOf(db, path)
  })
}

/** Marks a store that is not in use as an older one: its lists stay closed until the admin confirms them. Throws faults. */
export function markOlder(path: string): void {
  const sql = 'INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value'
  withFile(path, {}, (db) => void db.prepare(sql).run(OLDER_MARK, 'true'))
}

function withFile<Result>(path: string, options: { readonly?: boolean }, work: (db: Database) => Result): Result {
  try {
    const db = new Sqlite(path, { fileMustExist: true, ...options })
    try {
      return work(db)
    } finally {
      db.close()
    }
  } catch (error) {
    throw toFault(error)
  }
}

function refuseForeign(db: Database, path: string): void {
  if (db.pragma('application_id', { simple: true }) === APPLICATION_ID) return
  throw new Fault('wrong_store', `${path} is not a Stellarr database.`)
}

function factsOf(db: Database, path: string): StoreFacts {
  if (db.pragma('integrity_check', { simple: true }) !== 'ok') {
    throw new Fault('storage_corrupt', `${path} is damaged.`)
  }
  const store = db
    .prepare<[], { storeId: string; revision: number; schema: string | null }>(
      'SELECT store_id AS storeId, revision, (SELECT max(name) FROM kysely_migration) AS schema FROM store',
    )
    .get()
  if (!store?.schema) throw new Fault('storage_corrupt', `${path} does not say which store it is.`)
  const count = (table: string) => db.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get() ?? 0
  const counts = Object.fromEntries(Object.entries(TABLES).map(([name, table]) => [name, count(table)]))
  // `fromEntries` forgets which names there are.
  return { ...store, schema: store.schema, counts: counts as StoreFacts['counts'] }
}

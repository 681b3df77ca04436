import { rmSync } from 'node:fs'
import { Fault } from '@stellarr/core'
import type { Database as SqliteDatabase } from 'better-sqlite3'
import { Kysely, SqliteDialect } from 'kysely'
import { Migrator } from 'kysely/migration'
import { lockStore } from '../lock.ts'
import { copyBefore, keepNewest, newestCopyBefore } from './copy.ts'
import { first } from './migrations/0001-first.ts'
import { activityAndOutbox } from './migrations/0002-activity-and-outbox.ts'
import { requestFacts } from './migrations/0003-request-facts.ts'
import { newStore } from './migrations/0004-new-store.ts'
import { libraryGenerations } from './migrations/0005-library-generations.ts'
import { outboxByDevice } from './migrations/0006-outbox-by-device.ts'

const migrations = (isMadeNow: boolean) => ({
  '0001-first': first,
  '0002-activity-and-outbox': activityAndOutbox,
  '0003-request-facts': requestFacts,
  '0004-new-store': newStore(isMadeNow),
  '0005-library-generations': libraryGenerations,
  '0006-outbox-by-device': outboxByDevice,
})

/** Names of all migrations, in their order. */
export const MIGRATIONS: readonly string[] = Object.keys(migrations(false))

export interface MigrateOptions {
  /** The database's file. */
  path: string
  /** The folder of the copies. */
  backupDir: string
  /** In milliseconds. */
  now: number
  /** Whether the caller holds the store's lock. */
  isLocked: boolean
}

/**
 * Brings the file to today's schema, all of it or nothing: a crash on the way leaves a file that is still to be made, or
 * still to be upgraded. A store that holds something is copied first, under the store's lock.
 * @throws Fault where there is no room for the copy, and where another uses the store
 */
export async function migrate(db: SqliteDatabase, options: MigrateOptions): Promise<void> {
  if (!hasTable(db, 'store')) return runAll(db)
  if (pendingIn(db).length === 0) return
  // Reading a store needs no lock. Upgrading it under a program that uses it as it was does.
  const lock = options.isLocked ? undefined : await lockStore(options.path)
  try {
    const [next] = pendingIn(db)
    if (next !== undefined) await upgrade(db, next, options)
  } finally {
    lock?.release()
  }
}

async function upgrade(db: SqliteDatabase, next: string, { backupDir, now }: MigrateOptions): Promise<void> {
  const copy = copyBefore(db, backupDir, next, now)
  try {
    await runAll(db)
  } catch (error) {
    // The store is as it was: without this, each start that fails would leave a copy more.
    rmSync(copy, { force: true })
    throw error
  }
  keepNewest(backupDir, copy)
}

async function runAll(db: SqliteDatabase): Promise<void> {
  const kysely = new Kysely<unknown>({ dialect: new SqliteDialect({ database: db }) })
  db.exec('BEGIN IMMEDIATE')
  try {
    const isMadeNow = !hasTable(db, 'store')
    const provider = { getMigrations: async () => migrations(isMadeNow) }
    const { error } = await new Migrator({ db: kysely, provider }).migrateToLatest()
    if (error) throw error
    db.exec('COMMIT')
  } catch (error) {
    // A full disk has rolled it back already.
    if (db.inTransaction) db.exec('ROLLBACK')
    throw error
  }
}

/** Refuses a store that a newer program has upgraded; only reads. @throws Fault `wrong_store` with one line */
export function refuseNewer(db: SqliteDatabase, { path, backupDir }: Pick<MigrateOptions, 'path' | 'backupDir'>): void {
  const unknown = doneIn(db).find((name) => !MIGRATIONS.includes(name))
  if (unknown === undefined) return
  const copy = newestCopyBefore(backupDir, unknown) ?? 'a backup from before'
  throw new Fault(
    'wrong_store',
    `DATABASE_PATH: ${path} was last used by a newer Stellarr (it has ${unknown}). Install that version again, or restore ${copy}.`,
  )
}

/** Refuses a store that is still to be upgraded. @throws Fault `wrong_store` with one line */
export function refuseOlder(db: SqliteDatabase, path: string): void {
  const [next] = pendingIn(db)
  if (next === undefined) return
  throw new Fault('wrong_store', `${path} is still to be upgraded (${next}), which the next start of Stellarr does.`)
}

const pendingIn = (db: SqliteDatabase): string[] => {
  const done = doneIn(db)
  return MIGRATIONS.filter((name) => !done.includes(name))
}

function doneIn(db: SqliteDatabase): string[] {
  if (!hasTable(db, 'kysely_migration')) return []
  const rows = db.prepare<[], { name: string }>('SELECT name FROM kysely_migration ORDER BY name').all()
  return rows.map(({ name }) => name)
}

const hasTable = (db: SqliteDatabase, name: string): boolean =>
  db.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?").get(name) !== undefined

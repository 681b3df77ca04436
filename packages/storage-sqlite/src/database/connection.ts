import { existsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Fault } from '@stellarr/core'
import Sqlite, { type Database as SqliteDatabase, type Statement } from 'better-sqlite3'
import { type Compilable, DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely'
import { type FileWatch, fileWatch } from './file-identity.ts'
import { type MigrateOptions, migrate, refuseNewer, refuseOlder } from './migrate.ts'
import type { Database } from './schema.ts'
import { lockWaiting } from './waiting.ts'

/** Marks our files ("Stlr"), so that another program's database is never taken for ours. */
export const APPLICATION_ID = 0x53_74_6c_72

/** How long a start waits for a lock; nobody is served yet. From then on SQLite never waits: see `lockWaiting`. */
const OPENING_BUSY_TIMEOUT_MS = 2_000
const JOURNAL_SIZE_LIMIT = 16 * 1024 * 1024
/** The driver would keep 16 MB for good, of pages that the system keeps as well. */
const PAGE_CACHE_KIB = 4_000

/** Only builds SQL: everything runs synchronously on the one connection, so that transactions can never interleave. */
export const build = new Kysely<Database>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
})

/** Runs SQL on one database file. */
export interface Connection {
  /** All rows of a query that kysely built. */
  all<Row>(query: Compilable<Row>): Row[]
  /** Runs a query that kysely built; answers the number of changed rows. */
  run(query: Compilable): number
  /** A statement of plain SQL, prepared once. */
  prepare<Params extends unknown[], Row>(text: string): Statement<Params, Row>
  /** Runs `work` and turns what SQLite throws into faults. Where it meets a lock it waits and runs again. */
  read<Result>(work: () => Result): Promise<Result>
  /** The same inside one immediate transaction. */
  write<Result>(work: () => Result): Promise<Result>
  /** Adds one to the revision; inside `write` alone. */
  bumpRevision(): void
  raw: SqliteDatabase
  /** Whether its files are still those at its path; every read and write makes sure of it before it answers. */
  isInPlace(): boolean
  /** The file was made by this start. */
  isMadeNow: boolean
}

/** What SQLite says of a schema that is not the one which was made: all SQL is our own, and knows that one. */
const WRONG_SCHEMA = /^no such (table|column|index)|has no column named/

/** The one place where SQLite's errors become ours. */
export function toFault(error: unknown): unknown {
  if (error instanceof Fault) return error
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
  const isSchemaDamaged = code === 'SQLITE_ERROR' && error instanceof Error && WRONG_SCHEMA.test(error.message)
  if (isSchemaDamaged || /^SQLITE_(CORRUPT|NOTADB)/.test(code)) {
    return new Fault('storage_corrupt', 'The database file is damaged. Restore it from a backup.', error)
  }
  if (code.startsWith('SQLITE_FULL'))
    return new Fault('storage_unavailable', 'The disk of the database is full.', error)
  if (/^SQLITE_(BUSY|LOCKED)/.test(code)) {
    return new Fault('storage_unavailable', 'The database is in use by another program just now. Try again.', error)
  }
  const closed = error instanceof TypeError && error.message.includes('not open')
  if (closed || /^SQLITE_(IOERR|CANTOPEN|READONLY|PERM|NOMEM)/.test(code)) {
    return new Fault('storage_unavailable', 'The database cannot be reached.', error)
  }
  return error
}

const isOurs = (db: SqliteDatabase) => db.pragma('application_id', { simple: true }) === APPLICATION_ID

function refuseForeignFile(path: string, db: SqliteDatabase): void {
  if (isOurs(db)) return
  const id = db.pragma('application_id', { simple: true })
  const tables = db.prepare<[], { n: number }>('SELECT count(*) AS n FROM sqlite_master').get()?.n ?? 0
  if (id === 0 && tables === 0) return
  throw new Fault(
    'wrong_store',
    `DATABASE_PATH: ${path} is not a Stellarr database. Choose another file; data of the predecessor is imported (README, "Moving house").`,
  )
}

function configure(db: SqliteDatabase): void {
  db.pragma(`busy_timeout = ${OPENING_BUSY_TIMEOUT_MS}`)
  const mode = db.pragma('journal_mode = WAL', { simple: true })
  if (mode !== 'wal')
    throw new Fault('storage_unavailable', `The database needs a disk that can do WAL (it says ${String(mode)}).`)
  db.pragma('synchronous = FULL')
  db.pragma('foreign_keys = ON')
  db.pragma(`cache_size = -${PAGE_CACHE_KIB}`)
  db.pragma(`journal_size_limit = ${JOURNAL_SIZE_LIMIT}`)
}

/** Whoever is refused here finds the file as it was, byte for byte. */
function refuseUntouched(path: string, backupDir: string): void {
  // Closing a connection that may write would bring what a crash has left in the WAL into the file.
  const db = new Sqlite(path, { readonly: existsSync(`${path}-wal`) })
  try {
    refuseForeignFile(path, db)
    refuseNewer(db, { path, backupDir })
  } finally {
    db.close()
  }
}

/**
 * Opens the file, made when missing, in today's schema.
 * @param options how it is upgraded (`MigrateOptions`): copies lie beside it when no other folder is given
 * @throws faults: a foreign file, a newer one, a damaged one, one that cannot be opened or upgraded
 */
export async function openConnection(
  path: string,
  { backupDir = join(dirname(path), 'backups'), now = Date.now(), isLocked = false }: Partial<MigrateOptions> = {},
): Promise<Connection> {
  try {
    const isNew = !existsSync(path) || statSync(path).size === 0
    if (!isNew) refuseUntouched(path, backupDir)
    const db = new Sqlite(path)
    try {
      configure(db)
      // First, so that a crash during the first migration does not leave a file that looks foreign.
      if (!isOurs(db)) db.pragma(`application_id = ${APPLICATION_ID}`)
      await migrate(db, { path, backupDir, now, isLocked })
    } catch (error) {
      db.close()
      throw error
    }
    return connect(db, { watch: fileWatch(path), isMadeNow: isNew })
  } catch (error) {
    throw toFault(error)
  }
}

/**
 * Opens a file as it is, only to be read, also while others write.
 * @throws faults: no file, a foreign, a newer or a damaged one, and one that is still to be upgraded
 */
export function openToRead(path: string, backupDir = join(dirname(path), 'backups')): Connection {
  try {
    const db = new Sqlite(path, { readonly: true, fileMustExist: true })
    try {
      refuseForeignFile(path, db)
      refuseNewer(db, { path, backupDir })
      refuseOlder(db, path)
    } catch (error) {
      db.close()
      throw error
    }
    // Whoever uses it meanwhile writes into it.
    return connect(db, { watch: NO_WATCH, isMadeNow: false })
  } catch (error) {
    throw toFault(error)
  }
}

const NO_WATCH: FileWatch = { isInPlace: () => true, check: () => undefined, written: () => undefined }

function connect(db: SqliteDatabase, { watch, isMadeNow }: { watch: FileWatch; isMadeNow: boolean }): Connection {
  db.pragma('busy_timeout = 0')
  const statements = new Map<string, Statement<unknown[], unknown>>()
  const prepared = (text: string) => {
    const known = statements.get(text)
    if (known) return known
    const made = db.prepare<unknown[], unknown>(text)
    statements.set(text, made)
    return made
  }
  const bump = db.prepare('UPDATE store SET revision = revision + 1')
  const waiting = lockWaiting()
  const guarded = async <Result>(running: () => Promise<Result>): Promise<Result> => {
    try {
      const result = await running()
      watch.check()
      return result
    } catch (error) {
      throw toFault(error)
    }
  }
  return {
    raw: db,
    isInPlace: watch.isInPlace,
    isMadeNow,
    all<Row>(query: Compilable<Row>) {
      const { sql, parameters } = query.compile()
      return prepared(sql).all(...parameters) as Row[]
    },
    run(query) {
      const { sql, parameters } = query.compile()
      return prepared(sql).run(...parameters).changes
    },
    prepare: <Params extends unknown[], Row>(text: string) => prepared(text) as Statement<Params, Row>,
    read: (work) => guarded(() => waiting.read(work)),
    write: (work) =>
      guarded(() =>
        waiting.write(() => {
          watch.check()
          try {
            return db.transaction(work).immediate()
          } finally {
            watch.written()
          }
        }),
      ),
    bumpRevision: () => void bump.run(),
  }
}

import { closeSync, existsSync, openSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { Fault } from '@stellarr/core'
import Sqlite, { type Database as SqliteDatabase } from 'better-sqlite3'

/** How long to wait before the lock is tried again. */
const PAUSE_MS = 100

/** The right to use a store as the only one, until it is released or the process ends. */
export interface StoreLock {
  /** Lets others have it; once the store is closed. A second time does nothing. */
  release(): void
}

/** Who holds a lock, as it has noted. */
export interface LockHolder {
  pid: number
  hostname: string
  /** ISO time. */
  since: string
}

/**
 * Whether a process holds the lock of the store at `path`, and which. For processes that do not: looking would free it.
 * @throws Fault `storage_unavailable` where that cannot be found out
 */
export function lookAtLock(path: string): { isHeld: boolean; holder?: LockHolder } {
  if (!existsSync(path) || !existsSync(`${realpathSync(path)}.lock`)) return { isHeld: false }
  const file = openLockFile(path)
  try {
    if (tryLock(file.db)) return { isHeld: false }
    const holder = readHolder(file.holder)
    return { isHeld: true, ...(holder && { holder }) }
  } catch (error) {
    throw cannotLock(file.path, error)
  } finally {
    file.db.close()
  }
}

/** A holder in words. */
export const holderText = ({ pid, hostname, since }: LockHolder): string =>
  `process ${pid} on ${hostname}, since ${since.slice(0, 16).replace('T', ' ')} UTC`

/**
 * Takes the lock of the store at `path`, which may still be to be made: `<database>.lock`, with its holder named in
 * `<database>.lock.json`. Whoever serves a store or replaces what is in it holds it.
 * @param options.version of the program
 * @param options.waitMs how long to try while another holds it (a server that is just ending), in milliseconds
 * @throws Fault `wrong_store` with one line that names the holder, `storage_unavailable` where nothing can be locked
 */
export async function lockStore(path: string, options: { version?: string; waitMs?: number } = {}): Promise<StoreLock> {
  const { version, waitMs = 0 } = options
  const file = openLockFile(path)
  try {
    for (let waited = 0; !tryLock(file.db); waited += PAUSE_MS) {
      if (waited >= waitMs) throw new Fault('wrong_store', inUse(path, readHolder(file.holder)))
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    }
  } catch (error) {
    file.db.close()
    throw error instanceof Fault ? error : cannotLock(file.path, error)
  }
  writeHolder(file.holder, version)
  return {
    release() {
      if (!file.db.open) return
      atBest(() => rmSync(file.holder, { force: true }))
      file.db.close()
    },
  }
}

/**
 * The lock is an SQLite file of its own, so that it is locked as the store itself is: by the kernel, which frees it at
 * any end of the process and sees all containers that share the folder. It stays there, empty: a file that is removed
 * could be locked by two.
 */
function openLockFile(given: string): { path: string; holder: string; db: SqliteDatabase } {
  let path = `${given}.lock`
  try {
    path = `${realPath(given)}.lock`
    makeFile(path)
    return { path, holder: `${path}.json`, db: new Sqlite(path, { timeout: 0 }) }
  } catch (error) {
    throw cannotLock(path, error)
  }
}

/** One name for a store that is reached over links. */
const realPath = (path: string): string =>
  existsSync(path) ? realpathSync(path) : join(realpathSync(dirname(path)), basename(path))

/** Never opens a file that is there: closing it would free a lock that this process holds. */
function makeFile(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600))
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
  }
}

function tryLock(db: SqliteDatabase): boolean {
  try {
    // No journal is to lie beside it.
    db.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
    return true
  } catch (error) {
    if (codeOf(error).startsWith('SQLITE_BUSY')) return false
    throw error
  }
}

const cannotLock = (path: string, error: unknown): Fault =>
  new Fault('storage_unavailable', `${path} cannot be locked (${codeOf(error)}).`, error)

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : String(error)

/** The sentence for who is refused. A disk without locks says the same as one where another holds it. */
const inUse = (path: string, holder: LockHolder | undefined): string =>
  holder === undefined
    ? `Another Stellarr is using ${path}, or its disk cannot lock files.`
    : `Another Stellarr (${holderText(holder)}) is using ${path}. Stop it first.`

/** Who holds the lock is for people alone: nothing depends on it, and it need not be there. */
function writeHolder(path: string, version: string | undefined): void {
  const holder = { pid: process.pid, hostname: hostname(), since: new Date().toISOString(), version }
  atBest(() => {
    writeFileSync(`${path}.new`, `${JSON.stringify(holder)}\n`, { mode: 0o600 })
    renameSync(`${path}.new`, path)
  })
}

function readHolder(path: string): LockHolder | undefined {
  return atBest(() => {
    const { pid, hostname, since }: Partial<Record<string, unknown>> = JSON.parse(readFileSync(path, 'utf8'))
    if (typeof pid !== 'number' || typeof hostname !== 'string' || typeof since !== 'string') return undefined
    return { pid, hostname, since }
  })
}

function atBest<Result>(work: () => Result): Result | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}

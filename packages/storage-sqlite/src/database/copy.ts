import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Fault } from '@stellarr/core'
import type { Database as SqliteDatabase } from 'better-sqlite3'

/** How many copies from before upgrades are kept. */
const KEPT = 5
const NAME = /^before-(.+)-(\d{4}-\d\d-\d\dT\d{6}Z)\.db$/
/** A copy that is being written, and what SQLite may keep beside it. */
const PART = /^before-.+\.db\.part/

/**
 * Copies the whole store to `before-<migration>-<time>.db`, for its owner alone. A crash leaves no half copy under that name.
 * @param now in milliseconds
 * @returns the copy's path
 * @throws Fault `storage_unavailable` where there is no room for it; nothing of it is left then
 */
export function copyBefore(db: SqliteDatabase, folder: string, migration: string, now: number): string {
  const time = new Date(now).toISOString().replace(/\.\d+/, '').replaceAll(':', '')
  const path = join(folder, `before-${migration}-${time}.db`)
  const part = `${path}.part`
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    sweep(folder)
    // A start that is killed again and again, as it upgrades, leaves a copy each time.
    keepNewest(folder)
    writeCopy(db, part)
    renameSync(part, path)
    return path
  } catch (error) {
    throw copyFailure(folder, error)
  }
}

/** Leaves nothing of a copy that fails: what it took of a full disk is free again. */
function writeCopy(db: SqliteDatabase, path: string): void {
  const file = openSync(path, 'wx', 0o600)
  try {
    db.prepare('VACUUM INTO ?').run(path)
    fsyncSync(file)
  } catch (error) {
    rmSync(path)
    throw error
  } finally {
    closeSync(file)
  }
}

/** What a crash has left of a copy. */
function sweep(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (PART.test(name)) rmSync(join(folder, name))
  }
}

/** Removes the oldest copies. @param made a copy that stays whatever the clock said when it was made */
export function keepNewest(folder: string, made?: string): void {
  const others = copiesIn(folder).filter((name) => join(folder, name) !== made)
  for (const name of others.slice(made === undefined ? KEPT : KEPT - 1)) rmSync(join(folder, name))
}

/** The newest copy from before a migration. @returns its path */
export function newestCopyBefore(folder: string, migration: string): string | undefined {
  const name = copiesIn(folder).find((one) => NAME.exec(one)?.[1] === migration)
  return name && join(folder, name)
}

/** The newest first. */
function copiesIn(folder: string): string[] {
  const timeOf = (name: string) => NAME.exec(name)?.[2] ?? ''
  let names: string[] = []
  try {
    names = readdirSync(folder).filter((name) => NAME.test(name))
  } catch {
    // There is no such folder.
  }
  return names.sort((a, b) => timeOf(b).localeCompare(timeOf(a)))
}

/** A damaged store stays its own fault; all else is about the place of the copy. */
function copyFailure(folder: string, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (code === '' || /^SQLITE_(CORRUPT|NOTADB|BUSY)/.test(code)) return error
  const why = /^(SQLITE_FULL|ENOSPC|EDQUOT)/.test(code) ? 'there is no room for it' : code
  const what = `A copy of the store is made in ${folder} before it is upgraded, and that failed: ${why}`
  return new Fault('storage_unavailable', `${what}. Nothing was changed.`, error)
}

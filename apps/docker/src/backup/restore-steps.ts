import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { BadSetting } from '@stellarr/http/settings'
import * as v from 'valibot'
import type { Household } from './make-backup.ts'
import { DATABASE, SECRETS } from './manifest.ts'
import type { Places } from './unpack-backup.ts'
import { syncFolder } from './write-backup.ts'

/** Written once all that is restored lies ready: from then on a restore is finished, however often it is cut off. */
const NOTE = 'restore.json'
const READY = '.restoring'

const path = v.pipe(v.string(), v.minLength(1))
const note = v.object({
  /** Folders in which what was there before is kept. */
  kept: v.array(path),
  /** Files that are moved away, and files that then take their places. */
  away: v.array(v.object({ from: path, to: path })),
  place: v.array(v.object({ from: path, to: path })),
})
type Note = v.InferOutput<typeof note>

/** Where a restore puts its files until all of them lie ready: beside those that they replace. */
export const readyPlaces = ({ databasePath, dataDir }: Household): Places => ({
  [SECRETS]: join(dataDir, SECRETS) + READY,
  [DATABASE]: databasePath + READY,
})

/** Takes away what a restore that did not come far has left. */
export function removeReady(household: Household): void {
  for (const place of Object.values(readyPlaces(household))) {
    // SQLite's own file of a mark that was being written.
    for (const one of [place, `${place}-journal`]) rmSync(one, { force: true })
  }
}

/**
 * Puts what lies ready in the place of what is there, which is kept.
 * @param names what of it is restored
 * @returns the folders in which what was there is kept now; none where there was nothing
 */
export function putInPlace(household: Household, names: readonly (keyof Places)[], now: Date): string[] {
  const { databasePath, dataDir } = household
  const ready = readyPlaces(household)
  const folder = `before-restore-${now.toISOString().slice(0, 19).replaceAll(':', '')}`
  // A database on another disk is kept there: files are renamed, which no other disk can take part in.
  const keep = (one: string) => ({ from: one, to: join(dirname(one), folder, basename(one)) })
  const files = ['', '-wal', '-shm'].map((end) => databasePath + end)
  if (names.includes(SECRETS)) files.push(join(dataDir, SECRETS))
  const targets: Places = { [SECRETS]: join(dataDir, SECRETS), [DATABASE]: databasePath }
  const away = [...files, join(dataDir, 'store.json')].filter((one) => existsSync(one)).map(keep)
  const steps: Note = {
    kept: [...new Set(away.map(({ to }) => dirname(to)))],
    away,
    place: names.map((name) => ({ from: ready[name], to: targets[name] })),
  }
  const fresh = `${join(dataDir, NOTE)}.new`
  writeFileSync(fresh, `${JSON.stringify(steps)}\n`, { mode: 0o600, flush: true })
  for (const { from } of steps.place) syncFolder(dirname(from))
  renameSync(fresh, join(dataDir, NOTE))
  syncFolder(dataDir)
  carryOut(dataDir, steps)
  return steps.kept
}

/**
 * Finishes a restore that was cut off, if there is one; called before the store is opened.
 * @returns the folders in which the files from before it are kept; undefined when there was none
 * @throws BadSetting when what it was to do cannot be read
 */
export function finishRestore(household: Household): string[] | undefined {
  const { dataDir } = household
  const path = join(dataDir, NOTE)
  if (!existsSync(path)) {
    removeReady(household)
    return undefined
  }
  let steps: Note
  try {
    steps = v.parse(note, JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    throw new BadSetting(`DATA_DIR: ${path} cannot be read: restore the backup again after moving it away.`)
  }
  carryOut(dataDir, steps)
  return steps.kept
}

/** Every step can be done again: what has been renamed is where it belongs. */
function carryOut(dataDir: string, { away, place }: Note): void {
  // Once one of them is in its place, all that was there before has been moved.
  if (place.every(({ from }) => existsSync(from))) {
    for (const { from, to } of away.filter((one) => existsSync(one.from))) {
      mkdirSync(dirname(to), { recursive: true, mode: 0o700 })
      renameSync(from, to)
    }
    for (const { from, to } of away.filter((one) => existsSync(one.to))) {
      syncFolder(dirname(to))
      syncFolder(dirname(from))
    }
  }
  for (const { from, to } of place.filter((one) => existsSync(one.from))) renameSync(from, to)
  for (const { to } of place) syncFolder(dirname(to))
  rmSync(join(dataDir, NOTE))
  syncFolder(dataDir)
}

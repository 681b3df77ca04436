import { existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Clock, Logger } from '@stellarr/core'
import type { StoreFacts } from '@stellarr/storage-sqlite/store-file'
import { freeBytes, type Household, storeSize } from './make-backup.ts'
import { codeOf } from './refused.ts'
import { writeBackup } from './write-backup.ts'

/** What came of the last nightly backup that was tried. */
export interface NightlyResult {
  /** When, epoch ms. */
  at: number
  result: 'made' | 'skipped' | 'failed'
}

/** Keeps the last result over restarts. */
export interface NightlyNote {
  load(): NightlyResult | undefined
  save(result: NightlyResult): void
}

/** What there is to say of the nightly backups. */
export interface BackupFacts {
  last: NightlyResult | undefined
  /** The newest that is there; `at` in epoch ms, `size` in bytes. */
  newest: { file: string; at: number; size: number } | undefined
  /** They are lost with the store when its disk is. */
  onOwnDisk: boolean
}

export interface NightlyDeps {
  household: Household
  backupDir: string
  version: string
  copyStore: (from: string, to: string) => Promise<StoreFacts>
  note: NightlyNote
  clock: Clock
  logger: Logger
}

const KEPT = 7
/** As many stores must fit on what is free: a backup never takes the last room of what it is there for. */
const ROOM = 10
/** Local time, after the daily work. */
const FROM_HOUR = 4
/** No other file of the folder is ever deleted. */
const NIGHTLY = /^stellarr-\d{4}-\d{2}-\d{2}\.tar\.gz$/

const two = (number: number) => String(number).padStart(2, '0')
/** `2026-11-30` in local time. */
export const dayOf = (at: number): string => {
  const date = new Date(at)
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

/** Whether tonight's backup is still to be made; where nothing ran at night, at the first full hour of the day. */
export const isDue = (now: number, last: NightlyResult | undefined): boolean =>
  new Date(now).getHours() >= FROM_HOUR && (last === undefined || dayOf(last.at) !== dayOf(now))

/** The nightly backups that are there, oldest first. */
const nightlies = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => NIGHTLY.test(name))
        .sort()
    : []

/** What `doctor` and the admin are told. */
export function backupFacts({
  household,
  backupDir,
  note,
}: Pick<NightlyDeps, 'household' | 'backupDir' | 'note'>): BackupFacts {
  const file = nightlies(backupDir).at(-1)
  const stat = file === undefined ? undefined : statSync(join(backupDir, file), { throwIfNoEntry: false })
  const device = (path: string) => statSync(path, { throwIfNoEntry: false })?.dev
  return {
    last: note.load(),
    newest: file === undefined || stat === undefined ? undefined : { file, at: stat.mtimeMs, size: stat.size },
    onOwnDisk: device(backupDir) === device(dirname(household.databasePath)),
  }
}

/** Makes the nightly backup when it is due; what becomes of it is logged and noted, not thrown. */
export async function backUpNightly(deps: NightlyDeps): Promise<void> {
  const { household, backupDir, version, copyStore, note, clock, logger } = deps
  const now = clock.now()
  if (!isDue(now, note.load())) return
  const done = (result: NightlyResult['result']) => {
    try {
      note.save({ at: now, result })
    } catch (error) {
      logger.warn('what came of the nightly backup was not noted', { reason: codeOf(error) })
    }
  }
  try {
    const [free, needed] = [freeBytes(backupDir), ROOM * storeSize(household.databasePath)]
    if (free < needed) {
      logger.warn('the nightly backup was skipped: too little room', { folder: backupDir, free, needed })
      return done('skipped')
    }
    const file = join(backupDir, `stellarr-${dayOf(now)}.tar.gz`)
    const { counts } = await writeBackup(file, household, { version, withSecrets: true, force: true, copyStore })
    thinOut(backupDir, now)
    logger.info('backed up', { file, ...counts })
    done('made')
  } catch (error) {
    logger.error('the nightly backup failed', { folder: backupDir }, error)
    done('failed')
  }
}

/** Keeps the newest; one that a wrong clock dated ahead takes nobody's place. */
function thinOut(folder: string, now: number): void {
  const past = nightlies(folder).filter((name) => name <= `stellarr-${dayOf(now)}.tar.gz`)
  for (const name of past.slice(0, -KEPT)) rmSync(join(folder, name))
}

import { dirname } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { type Check, type DeploymentChecks, type TitleKeyFacts, versionChecks } from '@stellarr/core'
import type { SqliteStorage } from '@stellarr/storage-sqlite'
import { freeBytes, storeSize } from '../backup/make-backup.ts'
import { type BackupFacts, backupFacts } from '../backup/nightly.ts'
import { codeOf } from '../backup/refused.ts'
import { fileNightlyNote } from '../data-files.ts'
import { proxyHosts } from '../outbound-proxy.ts'
import type { Settings } from '../settings.ts'

/** Room that is always needed, and how many times the store's size. */
const LEAST_ROOM = 200 * 1024 * 1024
const ROOM = 10
/** A night that was missed, and some hours. */
const OLD_BACKUP_MS = 50 * 3_600_000

export interface OwnChecksOptions {
  settings: Settings
  version: string
  /** Absent where it could not be opened. */
  storage: Pick<SqliteStorage, 'damage' | 'isInPlace'> | undefined
  /** The file system that does not keep which file is which. */
  unsteady: string | undefined
  /** How the store's lock stands. */
  lock: Check
  clock: () => Check
  titleKeys: () => Promise<TitleKeyFacts[]>
}

/** What the self-hosted app alone can say: its files and their room, the lock, backups, the clock, what it calls through. */
export function ownChecks(options: OwnChecksOptions): DeploymentChecks {
  const { settings, version, lock, clock, titleKeys } = options
  return {
    baseUrls: settings.baseUrls,
    pushSubject: settings.vapidSubject,
    titleKeys,
    async others() {
      // Their answers say what the time is.
      await titleKeys()
      return [
        await orUnreadable('store-file', () => fileCheck(options)),
        await orUnreadable('space', () => spaceCheck(settings)),
        lock,
        await orUnreadable('backup', () => {
          const { dataDir, backupDir } = settings
          return backupCheck(backupFacts({ household: settings, backupDir, note: fileNightlyNote(dataDir) }), backupDir)
        }),
        outboundCheck(settings),
        clock(),
        ...versionChecks(version, settings.renamed),
      ]
    },
  }
}

/** What cannot be looked at is no reason to say nothing of the rest. */
async function orUnreadable(id: string, look: () => Check | Promise<Check>): Promise<Check> {
  try {
    return await look()
  } catch (error) {
    const facts = { reason: codeOf(error) }
    const nextStep = `The files of the data folder cannot be looked at (${codeOf(error)}).`
    return { id, group: 'database', state: 'problem', code: 'unreadable', facts, nextStep }
  }
}

/** One that has come to its end answers at once. */
const CHECK_PATIENCE_MS = 100
const CHECKING = Symbol('still being checked')

async function fileCheck({ settings, storage, unsteady }: OwnChecksOptions): Promise<Check> {
  const base = { id: 'store-file', group: 'database' } as const
  const facts = {
    path: settings.databasePath,
    size: storeSize(settings.databasePath),
    ...(unsteady !== undefined && { unsteady }),
  }
  if (!storage) {
    const nextStep = 'The database could not be opened.'
    return { ...base, state: 'problem', code: 'not_opened', facts, nextStep }
  }
  if (!storage.isInPlace()) {
    const nextStep = 'The database file was deleted or replaced while Stellarr was running. Restart it.'
    return { ...base, state: 'problem', code: 'store_gone', facts, nextStep }
  }
  const damage = await Promise.race([storage.damage(), setTimeout(CHECK_PATIENCE_MS, CHECKING)])
  if (damage === CHECKING) return { ...base, state: 'works', code: 'store_checking', facts }
  if (damage !== undefined) {
    const nextStep = 'The database file is damaged. Restore a backup.'
    return { ...base, state: 'problem', code: 'storage_corrupt', facts, nextStep }
  }
  if (unsteady === undefined) return { ...base, state: 'works', facts }
  const nextStep = `A copy of the database cannot be told from it on ${unsteady}. A local disk is better.`
  return { ...base, state: 'works', code: 'unsteady', facts, nextStep }
}

const megabytes = (bytes: number) => `${Math.round(bytes / 1_000_000).toLocaleString('en')} MB`

function spaceCheck({ databasePath, dataDir }: Settings): Check {
  const base = { id: 'space', group: 'database' } as const
  const free = Math.min(freeBytes(dirname(databasePath)), freeBytes(dataDir))
  const needed = Math.max(LEAST_ROOM, ROOM * storeSize(databasePath))
  const facts = { free, needed }
  if (free >= needed) return { ...base, state: 'works', facts }
  const nextStep = `Only ${megabytes(free)} are free where the database lies; ${megabytes(needed)} should be. Make room.`
  return { ...base, state: 'problem', code: 'little_space', facts, nextStep }
}

const SAME_DISK =
  'The backups lie on the disk of the database and would be lost with it. Set BACKUP_DIR to another one.'

const FAILED = {
  skipped:
    'The nightly backup was skipped: the disk has too little room. Make room, or set BACKUP_DIR to another disk.',
  failed: 'The nightly backup failed. The log says why.',
  old: 'The last backup is days old although one is made each night. Let Stellarr run at night, and read the log.',
}

/** The backups of a folder. @param now epoch ms */
export function backupCheck({ last, newest, onOwnDisk }: BackupFacts, folder: string, now = Date.now()): Check {
  const base = { id: 'backup', group: 'database' } as const
  const made = { folder, on_own_disk: onOwnDisk, ...(newest && { file: newest.file, size: newest.size }) }
  const times = {
    ...(newest && { lastGoodAt: newest.at }),
    ...(last && last.result !== 'made' && { lastBadAt: last.at }),
  }
  const bad =
    last && last.result !== 'made' ? last.result : newest && now - newest.at > OLD_BACKUP_MS ? 'old' : undefined
  if (bad) return { ...base, state: 'problem', ...times, code: `backup_${bad}`, facts: made, nextStep: FAILED[bad] }
  const step = onOwnDisk ? SAME_DISK : undefined
  if (!newest) {
    const nextStep = ['No backup was made yet; one is made each night.', ...(step ? [step] : [])].join(' ')
    return { ...base, state: 'not_set_up', code: 'no_backup', facts: made, nextStep }
  }
  return { ...base, state: 'works', ...times, facts: made, ...(step && { code: 'on_own_disk', nextStep: step }) }
}

function outboundCheck({ outboundProxy }: Settings): Check {
  const base = { id: 'outbound-proxy', group: 'address' } as const
  if (!outboundProxy) return { ...base, state: 'off', facts: {} }
  return { ...base, state: 'works', facts: { hosts: proxyHosts(outboundProxy) } }
}

/** The lock of a store that this process holds. */
export const heldCheck = (): Check => ({
  id: 'lock',
  group: 'database',
  state: 'works',
  facts: { pid: process.pid, since: new Date().toISOString() },
})

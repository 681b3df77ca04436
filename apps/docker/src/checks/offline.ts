import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Check, type Clock, createUseCases, inGroups, isFault, type UseCases } from '@stellarr/core'
import { sampleCatalog } from '@stellarr/gateways'
import { fileWitness, readSqliteStorage, type SqliteStorage } from '@stellarr/storage-sqlite'
import type { Settings } from '../settings.ts'
import { askTitleKeys } from '../titles.ts'
import { watchClock } from './clock-watch.ts'
import { ownChecks } from './own-checks.ts'

const silent = () => undefined
const logger = { debug: silent, info: silent, warn: silent, error: silent }
const unused = () => Promise.reject(new Error('nothing is served here'))

/** A store that is only looked at, with what can be asked of it. */
export interface Looked {
  storage: SqliteStorage
  unsteady: string | undefined
  useCases: UseCases
}

/** Opens the store of a data folder to look at it; nothing is written, upgraded or locked. Throws faults. */
export function openToLook({ databasePath, dataDir, backupDir }: Settings, clock: Clock): Looked {
  const storage = readSqliteStorage({ path: databasePath, clock, backupDir })
  const witness = fileWitness(join(dataDir, 'store.json'), databasePath, logger)
  const useCases = createUseCases({
    storage,
    catalog: sampleCatalog(),
    snapshots: { save: unused, load: unused },
    witness: { load: (present) => witness.load(present), save: async () => undefined },
    newStoreIsExpected: false,
    damage: storage.damage,
    clock,
    logger,
    deriveKey: unused,
    trendingBody: () => '',
    signIn: { appSecretKey: 'nobody signs in here', passwords: { household: '', admin: '' }, iterations: 1 },
  })
  return { storage, unsteady: witness.unsteady, useCases }
}

/**
 * Checks what lies on the disk, and what is called from here.
 * @param lock how the store's lock stands
 */
export async function checkOffline(
  settings: Settings,
  { version, clock, lock }: { version: string; clock: Clock; lock: Check },
): Promise<Check[]> {
  const clockWatch = watchClock()
  let keys: ReturnType<typeof askTitleKeys> | undefined
  const own = (looked: Looked | undefined) =>
    ownChecks({
      settings,
      version,
      storage: looked?.storage,
      unsteady: looked?.unsteady,
      lock,
      clock: clockWatch.check,
      titleKeys() {
        keys ??= askTitleKeys({ settings, clock, logger })
        return keys
      },
    })
  let looked: Looked | undefined
  try {
    looked = openToLook(settings, clock)
    // Lists wait for it, but not so long.
    await looked.storage.damage()
    return await looked.useCases.checks(own(looked))
  } catch (error) {
    if (!isFault(error)) throw error
    const others = await own(undefined).others()
    return inGroups([...others.filter(({ id }) => id !== 'store-file'), notOpened(settings, error.code, error.message)])
  } finally {
    clockWatch.stop()
    await looked?.storage.close()
  }
}

function notOpened({ databasePath }: Settings, code: string, message: string): Check {
  const base = { id: 'store', group: 'database', facts: { path: databasePath } } as const
  if (existsSync(databasePath)) return { ...base, state: 'problem', code, nextStep: message }
  const nextStep = 'There is no database yet: the first start of Stellarr makes one.'
  return { ...base, state: 'not_set_up', code: 'no_store', nextStep }
}

import { randomBytes } from 'node:crypto'
import { closeSync, createWriteStream, existsSync, fsyncSync, openSync, renameSync } from 'node:fs'
import { dirname } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { type Household, type MakingOptions, withBackup } from './make-backup.ts'
import type { Manifest } from './manifest.ts'
import { codeOf, Refused } from './refused.ts'
import { holding } from './temporary.ts'

/**
 * Writes a backup for its owner alone (0600): under another name first, so that the file is whole or is not there.
 * @throws Refused for a file that is there already (unless `force`) or cannot be written; faults as `withBackup`
 */
export async function writeBackup(
  file: string,
  household: Household,
  { force, ...options }: Omit<MakingOptions, 'folder'> & { force: boolean },
): Promise<Manifest> {
  if (existsSync(file) && !force) throw new Refused(`${file} is there already: name another file, or say --force.`)
  const folder = dirname(file)
  const fresh = `${file}.${randomBytes(4).toString('hex')}.part`
  try {
    return await withBackup(household, { ...options, folder }, ({ manifest, archive }) =>
      holding(fresh, async () => {
        await pipeline(archive, createWriteStream(fresh, { mode: 0o600, flags: 'wx', flush: true }))
        renameSync(fresh, file)
        syncFolder(folder)
        return manifest
      }),
    )
  } catch (error) {
    const isSystems = error instanceof Error && 'syscall' in error
    throw isSystems ? new Refused(`${file} cannot be written (${codeOf(error)}).`) : error
  }
}

/** Makes the names of a folder last. */
export function syncFolder(path: string): void {
  // Windows opens no folders.
  if (process.platform === 'win32') return
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

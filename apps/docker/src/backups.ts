import { pipeline } from 'node:stream/promises'
import type { Clock, Logger } from '@stellarr/core'
import type { Backups } from '@stellarr/http'
import { copyInThread } from './backup/copy-in-thread.ts'
import { withBackup } from './backup/make-backup.ts'
import { backUpNightly, dayOf } from './backup/nightly.ts'
import { codeOf } from './backup/refused.ts'
import { fileNightlyNote } from './data-files.ts'
import type { Settings } from './settings.ts'

/** The backups of a running app: each night's, and those that the admin downloads. */
export function openBackups(
  household: Settings,
  { version, clock, logger }: { version: string; clock: Clock; logger: Logger },
): Backups & { nightly(): Promise<void> } {
  const { dataDir, backupDir } = household
  const note = fileNightlyNote(dataDir)
  const making = { version, copyStore: copyInThread }
  return {
    nightly: () => backUpNightly({ household, backupDir, note, clock, logger, ...making }),
    lastNightly: () => note.load()?.result,
    make(withSecrets, open) {
      return withBackup(household, { ...making, withSecrets, folder: backupDir }, async ({ archive }) => {
        try {
          await pipeline(archive, open(`stellarr-backup-${dayOf(clock.now())}.tar.gz`))
        } catch (error) {
          // Whoever wanted it has gone.
          if (codeOf(error) !== 'ERR_STREAM_PREMATURE_CLOSE') throw error
        }
      })
    },
  }
}

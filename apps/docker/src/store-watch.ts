import type { Logger } from '@stellarr/core'
import type { SqliteStorage } from '@stellarr/storage-sqlite'
import { Cron } from 'croner'

/** Says what befalls the store: damage that is found after the start, and files that are deleted or replaced later. */
export function watchStore(storage: Pick<SqliteStorage, 'damage' | 'isInPlace'>, logger: Logger): { stop(): void } {
  let wasInPlace = true
  let isStopped = false
  function look(): void {
    const isInPlace = storage.isInPlace()
    if (isInPlace === wasInPlace) return
    wasInPlace = isInPlace
    if (isInPlace) logger.warn('the database file is back in its place')
    else logger.error('the database file was deleted or replaced: nothing is read or written until a restart')
  }
  const job = new Cron('* * * * *', look)
  storage.damage().then(
    (damage) => {
      if (damage !== undefined) logger.error('the database file is damaged: lists are closed', { damage })
    },
    (error: unknown) => {
      if (!isStopped) logger.warn('the database file could not be checked', { reason: String(error) })
    },
  )
  return {
    stop() {
      isStopped = true
      job.stop()
    },
  }
}

/**
 * Faults. Expected outcomes are values; only what should not happen is thrown, and all of it is this one type.
 * - `storage_unavailable`: the store is locked, full, closed or unreachable; trying again may help.
 * - `row_refused`: the store works, but what is kept of one title cannot be written: it is too large, or others keep
 *   changing it.
 * - `storage_corrupt`: what was read cannot be right.
 * - `wrong_store`: what was named is no store of ours, or not one that this may be done with.
 * - `store_checking`: the store has just been opened, and is still being read through.
 * - `store_new`: nobody has said yet that this store, made empty, is meant (as the next four: feeds stay closed until the
 *   admin confirms it).
 * - `store_other`: another store than the one last used.
 * - `store_older`: the store as it was before it was last used, as a backup is.
 * - `store_copied`: the store, in another place than the one where it was last used.
 * - `witness_damaged`: what remembers which store was used last cannot be read.
 * - `feed_emptied`: a list that clients have read lost its last title by no path that may take it.
 * - `import_running`: an import into the store has begun and not ended: what is there may be a part of what is to come.
 * - `catalog_unavailable`: the catalogue is down, slow or limiting us.
 * - `catalog_key_refused`: the catalogue does not take our key; only another one helps.
 * - `catalog_bad_answer`: the catalogue answered something that is no answer.
 * - `sync_unknown`: the sync never began, has died or was committed.
 */
export type FaultCode =
  | 'storage_unavailable'
  | 'row_refused'
  | 'storage_corrupt'
  | 'wrong_store'
  | 'store_checking'
  | 'store_new'
  | 'store_other'
  | 'store_older'
  | 'store_copied'
  | 'witness_damaged'
  | 'feed_emptied'
  | 'import_running'
  | 'catalog_unavailable'
  | 'catalog_key_refused'
  | 'catalog_bad_answer'
  | 'sync_unknown'

/** The one error that core and its adapters throw. `message` is safe to show: it never holds a secret or a URL. */
export class Fault extends Error {
  readonly code: FaultCode

  /** @param cause the original error, for the log only */
  constructor(code: FaultCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'Fault'
    this.code = code
  }
}

/** True for a fault, of the given code when one is named. */
export function isFault(error: unknown, code?: FaultCode): error is Fault {
  return error instanceof Fault && (code === undefined || error.code === code)
}

import type { Failure } from '../client/failures.ts'
import type { Row } from './attribute-values.ts'
import { ifAbsent, ifUnchanged } from './expressions.ts'
import type { Key } from './keys.ts'
import type { TableClient } from './table-client.ts'

/** What to do with a row: store another, delete it, or leave it; and what to answer once that is done. */
export interface Decision<Result> {
  put?: Row
  remove?: true
  result: Result
}

const CONTENDED: Failure = { kind: 'busy', type: 'Contended', message: 'others keep changing the same row' }

/**
 * Reads a row, decides, and writes only if it is still the one that was read; else decides again on what is there. So
 * of any number at once each decides on what the one before it left. Throws `storage_unavailable` after 10 s of that.
 * @param read the row, when the caller has read it already
 */
export async function changeRow<Result>(
  table: TableClient,
  key: Key,
  decide: (row: Row | undefined) => Decision<Result>,
  read?: { row: Row | undefined },
): Promise<Result> {
  const until = table.deadline()
  let row = read ? read.row : await table.get(key)
  for (let round = 1; ; round += 1) {
    const { put, remove, result } = decide(row)
    const condition = row ? ifUnchanged(row) : ifAbsent
    if (put) {
      const outcome = await table.put({ ...put, ...key }, condition)
      if (outcome.stored) return result
      row = outcome.found
    } else if (remove && row) {
      if (await table.remove(key, condition)) return result
      row = await table.get(key)
    } else return result
    await table.backOff(round, until, CONTENDED)
  }
}

import { Fault } from '@stellarr/core'
import type { Row } from './attribute-values.ts'
import { ifAbsent } from './expressions.ts'
import { KEYS_A_MS, type Key, timeKey } from './keys.ts'
import type { TableClient } from './table-client.ts'

/** Stores a row at the first free key of a moment, since several may come in one millisecond; answers that key. */
export async function putAtFreeTime(table: TableClient, partition: string, at: number, row: Row): Promise<Key> {
  const first = Math.floor(Math.random() * KEYS_A_MS)
  for (let n = 0; n < KEYS_A_MS; n += 1) {
    const key = timeKey(partition, at, (first + n) % KEYS_A_MS)
    if ((await table.put({ ...row, ...key }, ifAbsent)).stored) return key
  }
  throw new Fault('storage_unavailable', 'Too much happens at once. Try again.')
}

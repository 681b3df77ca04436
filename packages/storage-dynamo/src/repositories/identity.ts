import type { StoreIdentity } from '@stellarr/core'
import { type Row, text } from '../table/attribute-values.ts'
import { ifAbsent } from '../table/expressions.ts'
import { STORE_KEY } from '../table/keys.ts'
import type { TableClient } from '../table/table-client.ts'

const toRow = (storeId: string): Row => ({ ...STORE_KEY, store_id: storeId })
const fromRow = (row: Row): string => text(row, 'store_id')

/**
 * The store's id. `npm run dynamodb:create` makes it with the table; in a table that a deployment made, the first to ask
 * does. An emptied table so gets another id, which closes the feeds until the admin confirms it.
 */
export function dynamoIdentity(table: TableClient): StoreIdentity {
  return {
    async storeId() {
      const row = await table.get(STORE_KEY)
      if (row) return fromRow(row)
      const storeId = crypto.randomUUID()
      const outcome = await table.put(toRow(storeId), ifAbsent)
      return outcome.stored || !outcome.found ? storeId : fromRow(outcome.found)
    },
  }
}

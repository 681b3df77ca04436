import type { StoreIdentity } from '@stellarr/core'
import { optionalFlag, type Row, text } from '../table/attribute-values.ts'
import { ifAbsent } from '../table/expressions.ts'
import { REVISION_KEY, STORE_KEY } from '../table/keys.ts'
import type { TableClient } from '../table/table-client.ts'

const toRow = (storeId: string): Row => ({ ...STORE_KEY, store_id: storeId, is_new: true })
const fromRow = (row: Row) => ({ storeId: text(row, 'store_id'), isNew: optionalFlag(row, 'is_new') })

/**
 * The store's id, and whether it is new. `npm run dynamodb:create` makes them with the table; in a table that a deployment
 * made, the first to ask does. An emptied table so gets another id, which closes the feeds until the admin confirms it.
 */
export function dynamoIdentity(table: TableClient): StoreIdentity {
  async function load() {
    const row = await table.get(STORE_KEY)
    if (row) return fromRow(row)
    const made = toRow(crypto.randomUUID())
    const outcome = await table.put(made, ifAbsent)
    return fromRow(outcome.stored ? made : (outcome.found ?? made))
  }

  /** Of a row of an earlier version, which does not say: new is what nothing was ever written into. */
  async function settle(): Promise<boolean> {
    const isNew = (await table.get(REVISION_KEY)) === undefined
    const isSettled = await table.update(
      STORE_KEY,
      (e) => `SET ${e.name('is_new')} = ${e.value(isNew)}`,
      (e) => `attribute_not_exists(${e.name('is_new')})`,
    )
    // Else somebody was faster, and may have confirmed it since.
    return isSettled ? isNew : (await load()).isNew === true
  }

  return {
    storeId: async () => (await load()).storeId,
    isNew: async () => (await load()).isNew ?? settle(),
    async confirmNew() {
      await load()
      await table.update(STORE_KEY, (e) => `SET ${e.name('is_new')} = ${e.value(false)}`)
    },
  }
}

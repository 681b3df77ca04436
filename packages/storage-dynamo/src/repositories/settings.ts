import type { SettingsStore } from '@stellarr/core'
import { type Row, text } from '../table/attribute-values.ts'
import { changeRow } from '../table/change-row.ts'
import { ifAbsent } from '../table/expressions.ts'
import { ofKind, settingKey } from '../table/keys.ts'
import type { TableClient } from '../table/table-client.ts'
import { sortedPage } from './sorted-page.ts'

const toRow = (name: string, value: string): Row => ({ ...settingKey(name), name, value })
const fromRow = (row: Row) => ({ name: text(row, 'name'), value: text(row, 'value') })

/** Named settings in DynamoDB: `SETTING#<name>`. */
export function dynamoSettings(table: TableClient): SettingsStore {
  async function get(name: string): Promise<string | undefined> {
    const row = await table.get(settingKey(name))
    return row && fromRow(row).value
  }
  return {
    get,
    async set(name, value) {
      await table.put(toRow(name, value))
    },
    async getOrCreate(name, make) {
      const known = await get(name)
      if (known !== undefined) return known
      const value = await make()
      const outcome = await table.put(toRow(name, value), ifAbsent)
      return outcome.stored || !outcome.found ? value : fromRow(outcome.found).value
    },
    update: (name, change) =>
      changeRow(table, settingKey(name), (row) => {
        const before = row && fromRow(row).value
        const value = change(before)
        return value === before ? { result: value } : { put: toRow(name, value), result: value }
      }),
    async exportAll(cursor) {
      const rows = await table.scan(ofKind('SETTING'))
      return sortedPage(rows.map(fromRow), { nameOf: (row) => row.name, cursor })
    },
  }
}

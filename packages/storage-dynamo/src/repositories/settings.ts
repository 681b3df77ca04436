import type { SettingsStore } from '@stellarr/core'
import { text } from '../table/attribute-values.ts'
import { changeRow } from '../table/change-row.ts'
import { ifAbsent } from '../table/expressions.ts'
import { settingKey } from '../table/keys.ts'
import type { TableClient } from '../table/table-client.ts'
import { sortedPage } from './sorted-page.ts'

/** Named settings in DynamoDB: `SETTING#<name>`. */
export function dynamoSettings(table: TableClient): SettingsStore {
  async function get(name: string): Promise<string | undefined> {
    const row = await table.get(settingKey(name))
    return row && text(row, 'value')
  }
  return {
    get,
    async set(name, value) {
      await table.put({ ...settingKey(name), name, value })
    },
    async getOrCreate(name, make) {
      const known = await get(name)
      if (known !== undefined) return known
      const value = await make()
      const outcome = await table.put({ ...settingKey(name), name, value }, ifAbsent)
      return outcome.stored || !outcome.found ? value : text(outcome.found, 'value')
    },
    update: (name, change) =>
      changeRow(table, settingKey(name), (row) => {
        const before = row && text(row, 'value')
        const value = change(before)
        return value === before ? { result: value } : { put: { name, value }, result: value }
      }),
    async exportAll(cursor) {
      const rows = await table.scan((e) => `begins_with(${e.name('media_type')}, ${e.value('SETTING#')})`)
      return sortedPage(
        rows.map((row) => ({ name: text(row, 'name'), value: text(row, 'value') })),
        { nameOf: (row) => row.name, cursor },
      )
    },
  }
}

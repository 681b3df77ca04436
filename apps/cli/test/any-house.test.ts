import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { exportHouse, type HouseRow, type Storage } from '@stellarr/core'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { aHouse, houseRows } from '../../../packages/core/test/houses.ts'
import { checkHouse } from '../src/check-house.ts'
import { exportToFile } from '../src/export-house.ts'
import { importHouse } from '../src/import-house.ts'
import { aFolder } from './cli-house.ts'

const folder = aFolder()

async function rowsOf(store: Storage): Promise<HouseRow[]> {
  const rows: HouseRow[] = []
  for await (const page of exportHouse(store)) rows.push(...page.rows)
  return rows
}

it('any store comes through a file as it was', async () => {
  await fc.assert(
    fc.asyncProperty(houseRows, fc.boolean(), async (contents, packed) => {
      const file = join(folder, packed ? 'house.jsonl.gz' : 'house.jsonl')
      rmSync(file, { force: true })
      const [from, to] = [await aHouse(contents), await aHouse()]
      await exportToFile(file, { storage: from, kind: 'memory', say: () => undefined }, new Writable())
      const house = await checkHouse(file)
      const imported = await importHouse(to, house, false)
      expect(imported).toMatchObject({ kind: 'imported', resumed: 0, digest: house.digest, differing: [] })
      expect(await rowsOf(to)).toEqual(await rowsOf(from))
    }),
    { numRuns: 60 },
  )
})

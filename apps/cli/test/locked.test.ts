import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { lockStore } from '@stellarr/storage-sqlite'
import { expect, it } from 'vitest'
import { aFolder, cli, failure, furnish, linesIn, withFile } from './cli-house.ts'

const folder = aFolder()
const at = (name: string) => join(folder, name)

it('refuses to import into a store that a server uses, and exports from it', async () => {
  await withFile(at('full.db'), (store) => furnish(store, 3))
  const lock = await lockStore(at('full.db'), { version: '0.1.0' })
  await cli(['export', at('full.jsonl'), '--store', `sqlite:${at('full.db')}`])
  lock.release()

  const importing = ['import', at('full.jsonl'), '--store', `sqlite:${at('new.db')}`]
  const held = await lockStore(at('new.db'), { version: '0.1.0' })
  for (const call of [importing, [...importing, '--merge']]) {
    const said = await failure(call)
    expect(said).toMatch(/^Another Stellarr \(process \d+ on \S+, since [\d -]+:\d\d UTC\) is using /)
    expect(said.endsWith(`is using ${at('new.db')}. Stop it first.`)).toBe(true)
  }
  expect(existsSync(at('new.db'))).toBe(false)
  held.release()
  await cli(importing)
  expect(linesIn(at('full.jsonl')).length).toBeGreaterThan(5)
  expect(readdirSync(folder).filter((name) => name.endsWith('.json'))).toEqual([])
})

it('holds the store while it imports', async () => {
  const importing = cli(['import', at('full.jsonl'), '--store', `sqlite:${at('other.db')}`])
  while (!existsSync(at('other.db'))) await new Promise((resolve) => setTimeout(resolve, 1))
  await expect(lockStore(at('other.db'))).rejects.toThrow('Stop it first.')
  await importing
  ;(await lockStore(at('other.db'))).release()
})

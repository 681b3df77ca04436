import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { afterEach, expect, it } from 'vitest'
import type { Surroundings } from '../src/command/command-line.ts'
import { run } from '../src/command/run.ts'
import { aHousehold, removeHouseholds, stellarr } from './backup-household.ts'

afterEach(removeHouseholds)

/** Runs a command that may be refused at its end; answers what it wrote and what it was refused with. */
async function runs(args: readonly string[], env: Surroundings['env']) {
  const output = new PassThrough()
  const text: string[] = []
  output.on('data', (chunk: Buffer) => text.push(chunk.toString()))
  const around = { env, version: '1.2.3', input: Readable.from([]), output, say: () => undefined }
  const refused = await run(args, around).then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  )
  await new Promise((resolve) => setImmediate(resolve))
  return { text: text.join(''), refused }
}

/** The rows that doctor prints as JSON, by their ids. */
async function rowsOf(env: Surroundings['env']) {
  const { text, refused } = await runs(['doctor', '--json'], env)
  const rows: { id: string; state: string; code: string | null; next_step: string | null }[] = JSON.parse(text)
  return { refused, of: (id: string) => rows.find((row) => row.id === id), rows }
}

const PORT = '9'

it('looks at the files where nothing runs, and changes none of them', async () => {
  const household = await aHousehold()
  rmSync(household.at('store.json'))
  const before = household.facts()
  const env = { DATA_DIR: household.dataDir, PORT }
  const { refused, of } = await rowsOf(env)
  expect(refused).toBeUndefined()
  expect(of('lists')).toMatchObject({ state: 'works' })
  expect(of('store')).toMatchObject({ state: 'works' })
  expect(of('lock')).toMatchObject({ state: 'off', code: 'not_running' })
  expect(of('backup')).toMatchObject({ state: 'not_set_up', code: 'no_backup' })
  expect(of('backup')?.next_step).toContain('The backups lie on the disk of the database')
  expect(household.facts()).toEqual(before)
  expect(existsSync(household.at('store.json'))).toBe(false)
  expect(readdirSync(household.dataDir).filter((name) => /secrets|lock/.test(name))).toEqual(['secrets.json'])

  const { text } = await runs(['doctor'], env)
  expect(text).toMatch(/^Works {7}Lists$/m)
  expect(text).toMatch(/^Not set up {2}TMDB\n {14}The sample catalog is in use\./m)
  expect((await stellarr(['status'], household)).text).toBe(
    'Stellarr 1.2.3 does not run; lists open; 3 requests, 1 library item; no nightly backup.\n',
  )
})

it('says which thing needs somebody, and ends so', async () => {
  const household = await aHousehold()
  const env = { DATA_DIR: household.dataDir, PORT }
  // store.json of the household is none.
  const { refused, of } = await rowsOf(env)
  expect([refused, of('lists')?.code]).toEqual(['One thing needs you.', 'witness_damaged'])
  writeFileSync(household.databasePath, 'not a database, however one looks at it'.repeat(200))
  const damaged = await rowsOf(env)
  expect(damaged.of('store')).toMatchObject({ state: 'problem', code: 'storage_corrupt' })
  expect(damaged.refused).toBe('One thing needs you.')
  expect((await stellarr(['status'], household)).text).toContain('does not run; The database file is damaged')
})

it('says a bad setting as a row, and a data folder that is new as what it is', async () => {
  const household = await aHousehold()
  const bad = await rowsOf({ DATA_DIR: household.dataDir, PORT: 'eighty' })
  expect(bad.rows).toHaveLength(1)
  expect(bad.of('settings')).toMatchObject({ state: 'problem', code: 'bad_setting' })
  expect(bad.of('settings')?.next_step).toMatch(/^PORT: expected/)
  const fresh = await rowsOf({ DATA_DIR: join(household.dataDir, 'backups'), PORT })
  expect(fresh.of('store')).toMatchObject({ state: 'not_set_up', code: 'no_store' })
  expect(fresh.refused).toBeUndefined()
})

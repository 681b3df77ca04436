import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEngine } from '@stellarr/storage-dynamo/testing'
import { expect, it } from 'vitest'
import { openSqliteStorage } from '../packages/storage-sqlite/src/index.ts'
import { simulatedStates } from './simulation/states.ts'

/** Of each kind one: that runs, goes on, is numbered otherwise, changes its id, is shared. */
const FEWER = [
  'One that ends',
  'One that goes on',
  'A split one',
  'One whose id is put right late',
  'One with two entries',
  'One with two entries, again',
]

/** What must hold of every run. */
async function check(house: ReturnType<typeof simulatedStates>): Promise<void> {
  expect(await house.run()).toEqual([])
  const { client } = house.sonarr
  expect(client.answers.filter((answer) => answer.status !== 200)).toEqual([])
  expect([...client.library.values()].filter((show) => !show.monitored).map((show) => show.title)).toEqual([])
}

it('30 days on SQLite', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'stellarr-states-'))
  const house = simulatedStates({ seed: Number(process.env.SEED ?? 20_261), days: 30, pollMinutes: 5 })
  try {
    await house.server.start(await openSqliteStorage({ path: join(dir, 'live.db'), clock: house.clock }))
    await check(house)
  } finally {
    await house.server.close()
    rmSync(dir, { recursive: true, force: true })
  }
}, 120_000)

it('30 days on DynamoDB, of fewer series', async () => {
  const engine = await startEngine()
  const house = simulatedStates({ seed: Number(process.env.SEED ?? 78), days: 30, pollMinutes: 120, names: FEWER })
  try {
    await house.server.start(await engine.openStorage(house.clock, { table: await engine.freshTable() }))
    await check(house)
  } finally {
    await house.server.close()
    await engine.stop()
  }
}, 120_000)

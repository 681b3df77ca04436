import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEngine } from '@stellarr/storage-dynamo/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Clock, Storage } from '../packages/core/src/index.ts'
import { type MemoryData, memoryData, memoryStorage } from '../packages/core/src/testing/index.ts'
import { openSqliteStorage } from '../packages/storage-sqlite/src/index.ts'
import { type Draw, STEPS } from './never-loses/steps.ts'
import { RADARR_PLAIN, type Settings, SONARR_PLAIN, world } from './never-loses/world.ts'

const NARROWINGS = ['none', 'profile', 'tag', 'tag', 'folder', 'address'] as const
const settings: fc.Arbitrary<Settings> = fc.record({
  plain: fc.record({ Radarr: fc.constantFrom(...RADARR_PLAIN), Sonarr: fc.constantFrom(...SONARR_PLAIN) }),
  narrowing: fc.record({ Radarr4K: fc.constantFrom(...NARROWINGS), Sonarr4K: fc.constantFrom(...NARROWINGS) }),
})
const NAMES = Object.keys(STEPS) as (keyof typeof STEPS)[]
/** What gives lists something to lose, and what has taken rows out of them before, is drawn more often than the rest. */
const OFTEN = {
  asks: 9,
  brings: 5,
  cancels: 2,
  asksAgain: 2,
  follows: 3,
  stopsFollowing: 2,
  deletes: 2,
} satisfies Partial<Record<keyof typeof STEPS, number>>
const step: fc.Arbitrary<Draw> = fc.record({
  step: fc.constantFrom(
    ...NAMES.flatMap((name) => Array<typeof name>((OFTEN as Partial<Record<string, number>>)[name] ?? 1).fill(name)),
  ),
  who: fc.nat(11),
  // A few titles meet each other often.
  which: fc.oneof(fc.nat(2), fc.nat(47)),
  how: fc.nat(11),
})
/** `SEED=n` draws the same again, `RUNS=n` more of it. */
const seed = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }
const runsOr = (runs: number) => Number(process.env.RUNS ?? runs)

/** Lets steps happen and every client read, clean and tell after each; answers what was lost against the rule. */
async function lost(
  given: Settings,
  steps: readonly Draw[],
  open: (clock: Clock) => Promise<Storage>,
): Promise<string[]> {
  const house = await world(given, open)
  try {
    for (const draw of steps) {
      await STEPS[draw.step](house, draw)
      await house.read()
      if (house.state.wrong.length > 0) break
      house.clock.advance(60_000)
    }
    return house.state.wrong
  } finally {
    await house.server.close()
  }
}

function holds(runs: number, length: number, open: () => (clock: Clock) => Promise<Storage>): Promise<void> {
  // Left to itself it draws short ones only.
  const steps = fc.array(step, { minLength: Math.floor(length / 2), maxLength: length, size: 'max' })
  return fc.assert(
    fc.asyncProperty(settings, steps, async (given, drawn) => {
      expect(await lost(given, drawn, open())).toEqual([])
    }),
    { numRuns: runs, ...seed },
  )
}

describe('two Radarrs and two Sonarrs that clean after every step lose nothing but by the rule', () => {
  it('over memory, whatever happens', async () => {
    await holds(runsOr(120), 60, () => {
      let data: MemoryData | undefined
      return async (clock) => {
        data ??= memoryData(clock)
        return memoryStorage({ clock, data })
      }
    })
  }, 240_000)

  it('over SQLite', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'stellarr-loses-'))
    let count = 0
    try {
      await holds(runsOr(10), 40, () => {
        count += 1
        const path = join(dir, `${count}.db`)
        return (clock) => openSqliteStorage({ path, clock })
      })
    } finally {
      rmSync(dir, { recursive: true, force: true })
    }
  }, 240_000)

  it('over DynamoDB', async () => {
    const engine = await startEngine()
    try {
      await holds(runsOr(3), 25, () => {
        let table: Promise<string> | undefined
        return async (clock) => {
          table ??= engine.freshTable()
          return engine.openStorage(clock, { table: await table })
        }
      })
    } finally {
      await engine.stop()
    }
  }, 240_000)
})

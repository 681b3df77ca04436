import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { startEngine } from '@stellarr/storage-dynamo/testing'
import { describe, expect, it } from 'vitest'
import { measure } from '../../infra/src/cost/measure/index.ts'
import { type Measured, OPERATIONS, readMeasured, type Spent } from '../../infra/src/cost/measured.ts'

const ROOT = join(import.meta.dirname, '../..')
const kept = readMeasured(readFileSync(join(ROOT, 'docs/measured-cost.json'), 'utf8'))
const once = () => measure(join(ROOT, 'apps/web/dist'), { runs: { cold: 1, before: 1, warm: 1 } })

const engine = await startEngine()
const { measuresCost, name } = engine
await engine.stop()

/** What does not depend on the machine, and little on what was asked before. */
const STEADY = ['invocations', 'writeUnits', 'filePuts', 'catalogueCalls', 'pushes'] as const
const steady = (spent: Spent) => Object.fromEntries(STEADY.map((kind) => [kind, spent[kind]]))

describe('docs/measured-cost.json', () => {
  if (!measuresCost) {
    it(`is not compared with an engine that tells no units (${name})`, () =>
      expect(once()).rejects.toThrow('expected dynoxide or amazon'))
    return
  }

  it('says what the built functions use', async () => {
    const found: Measured = await once()
    for (const operation of OPERATIONS) {
      const { warm, cold } = found.operations[operation]
      const expected = kept.operations[operation]
      const hint = `${operation}: run npm run cost -- --measure`
      expect(steady(cold), hint).toEqual(steady(expected.cold))
      expect(steady(warm), hint).toEqual(steady(expected.warm))
      // Rows that earlier runs of the bench left are read with the others.
      expect(Math.abs(warm.readUnits - expected.warm.readUnits), hint).toBeLessThanOrEqual(
        3 + 0.3 * expected.warm.readUnits,
      )
      expect(cold.settingsReads, hint).toBe(1)
      expect(cold.cpuMs, hint).toBeGreaterThan(0)
    }
  }, 300_000)
})

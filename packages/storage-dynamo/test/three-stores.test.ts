import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Storage } from '@stellarr/core'
import { fixedClock, memoryStorage, type Operation, operationOf } from '@stellarr/core/testing'
import { openSqliteStorage } from '@stellarr/storage-sqlite'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Engine, startEngine } from '../src/testing/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'stellarr-three-stores-'))
let engine: Engine
beforeAll(async () => {
  engine = await startEngine()
})
afterAll(async () => {
  await engine.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** Draws in turn from numbers that fast-check made, so that it can shrink them; zeros after the last. */
function drawsFrom(numbers: readonly number[]): (below: number) => number {
  let at = 0
  return (below) => {
    const number = numbers[at] ?? 0
    at += 1
    return number % below
  }
}

/** An operation of the small stores, over few names. */
function smallOperationOf(next: (below: number) => number, at: number): Operation {
  const [name, other] = [`n${next(3)}`, `o${next(3)}`]
  const device = {
    endpoint: `https://push.example/${other}`,
    user: name,
    keys: { p256dh: `p${next(2)}`, auth: 'a' },
    language: 'de' as const,
    // Two devices of one moment may come in any order.
    createdAt: at,
  }
  const ids = { mediaType: 'tv' as const, tmdbId: 1 + next(3), ...(next(2) === 1 && { tvdbId: 7 }) }
  const operations: Operation[] = [
    (store) => store.pushSubscriptions.save(device),
    (store) => store.pushSubscriptions.listFor(name),
    (store) => store.pushSubscriptions.remove(device.endpoint),
    (store) => store.settings.set(name, other),
    (store) => store.settings.get(name),
    (store) => store.settings.getOrCreate(name, () => other),
    (store) => store.settings.exportAll(),
    (store) => store.plexGuids.save(name, ids),
    (store) => store.plexGuids.find(name),
    (store) => store.signInAttempts.reserve(name, at),
    (store) => store.signInAttempts.release(name),
    (store) => store.signInAttempts.useChallengeOnce(name, at + 5, at),
  ]
  const chosen = operations[next(operations.length)]
  if (!chosen) throw new Error('no operation')
  return chosen
}

/** A step: how much time passes first (ms), which kind of operation, and the numbers it draws. */
const step = fc.record({
  passed: fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 1, max: 3 }) }, fc.constantFrom(60_000, 900_000)),
  small: fc.integer({ min: 0, max: 3 }).map((number) => number === 0),
  draws: fc.array(fc.nat(1_000), { minLength: 30, maxLength: 30 }),
})

const RUNS = 16
const MOST_STEPS = 400
let taken = 0

async function compare(steps: readonly { passed: number; small: boolean; draws: number[] }[], run: number) {
  const clock = fixedClock()
  const [memory, sqlite, dynamo]: [Storage, Storage, Storage] = [
    memoryStorage({ clock }),
    await openSqliteStorage({ path: join(folder, `${run}.db`), clock }),
    await engine.openStorage(clock),
  ]
  const all = [memory, sqlite, dynamo]
  try {
    let revisions = await Promise.all(all.map((store) => store.revision.current()))
    for (const [index, { passed, small, draws }] of steps.entries()) {
      clock.advance(passed)
      const answers: unknown[] = []
      for (const store of all) {
        const next = drawsFrom(draws)
        answers.push(await (small ? smallOperationOf : operationOf)(next, clock.now())(store))
      }
      const [expected, ...others] = answers
      for (const answer of others) expect([index, answer]).toEqual([index, expected])
      const now = await Promise.all(all.map((store) => store.revision.current()))
      const moves = now.map((revision, at) => Math.sign(revision - (revisions[at] ?? 0)))
      expect([index, moves]).toEqual([index, all.map(() => moves[0])])
      revisions = now
      taken += 1
    }
    const contents = async (store: Storage) => [
      await store.requests.exportAll(),
      await store.library.exportAll(),
      await store.settings.exportAll(),
      await store.plexGuids.exportAll(),
      await store.pushSubscriptions.exportAll(),
    ]
    const expected = await contents(memory)
    expect(await contents(sqlite)).toEqual(expected)
    expect(await contents(dynamo)).toEqual(expected)
  } finally {
    await Promise.all(all.map((store) => store.close()))
  }
}

it('memory, SQLite and DynamoDB give the same answers to any sequence of operations', async () => {
  let run = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: MOST_STEPS, size: 'max' }), (steps) => {
      run += 1
      return compare(steps, run)
    }),
    { numRuns: RUNS, seed: 20_261_123 },
  )
  console.log(`${taken} steps through three stores`)
  expect(taken).toBeGreaterThanOrEqual(2_000)
}, 300_000)

import type { Storage } from '../index.ts'
import type { ContractTest, TestFunctions } from './contract-test.ts'
import { memoryStorage } from './memory-storage.ts'
import { numbersFrom, smallOperation, titleOperation } from './random-operations.ts'

const STEPS = 400
const DAY_MS = 24 * 3_600_000

/** Time goes on with every step, now and then by as much as limits, syncs and messages are kept. */
const passed = (draw: number): number =>
  draw === 0 ? 3 * DAY_MS : draw === 1 ? 900_000 : draw < 5 ? 60_000 : 1 + (draw % 3)

const contents = async (store: Storage) => [
  await store.requests.exportAll(),
  await store.library.exportAll(),
  await store.settings.exportAll(),
  await store.plexGuids.exportAll(),
  await store.pushSubscriptions.exportAll(),
]

/** Random sequences against the memory store and this one: the same answers, the same moves of the revision, the same end. */
export function describeSameAnswers(test: ContractTest, equal: TestFunctions['equal']): void {
  for (const [what, operationOf, seeds] of [
    ['requests and library', titleOperation, [1, 2, 3]],
    ['all else', smallOperation, [4, 5, 6]],
  ] as const) {
    for (const seed of seeds) {
      test(`answers as the memory store does: ${what}, sequence ${seed}`, async (store, clock) => {
        const model = memoryStorage({ clock })
        const times = numbersFrom(seed + 100)
        const [draws, replays] = [numbersFrom(seed), numbersFrom(seed)]
        let seen = [await store.revision.current(), await model.revision.current()] as const
        for (let step = 0; step < STEPS; step += 1) {
          clock.advance(passed(times(50)))
          const at = clock.now()
          // Both get an operation of their own from the same numbers: some draw further numbers as they run.
          const [ours, theirs] = [operationOf(draws, at), operationOf(replays, at)]
          equal([step, await ours(store)], [step, await theirs(model)])
          // A store may take more than one step for one change.
          const now = [await store.revision.current(), await model.revision.current()] as const
          equal([step, now[0] > seen[0], now[0] < seen[0]], [step, now[1] > seen[1], false])
          seen = now
        }
        equal(await contents(store), await contents(model))
      })
    }
  }
}

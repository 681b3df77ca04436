import type { Storage } from '../index.ts'
import { describeActivity } from './contract-activity.ts'
import { describeFaultsAndExports } from './contract-faults-and-exports.ts'
import { describeLibrary } from './contract-library.ts'
import { describeRequests } from './contract-requests.ts'
import { describeSameAnswers } from './contract-same-answers.ts'
import { describeSmallStores } from './contract-small-stores.ts'
import { type FixedClock, fixedClock } from './fixed-clock.ts'

/** What the contract needs of a test runner; vitest's own functions fit. Core itself depends on no package. */
export interface TestFunctions {
  describe(name: string, body: () => void): unknown
  it(name: string, body: () => Promise<void>, timeoutMs?: number): unknown
  /** Compares by structure and throws when different. */
  equal(actual: unknown, expected: unknown): void
}

/** Opens an empty store on the given clock; the contract closes it. */
export type OpenStore = (clock: FixedClock) => Promise<Storage>

/** One test of the contract on a fresh store. */
export type ContractTest = (name: string, body: (store: Storage, clock: FixedClock) => Promise<void>) => void

/** What every store must do, in groups of behaviour. Call it in a test file of the adapter. */
export function describeStorage(name: string, open: OpenStore, tests: TestFunctions): void {
  const test: ContractTest = (title, body) =>
    tests.it(
      title,
      async () => {
        const clock = fixedClock()
        const store = await open(clock)
        try {
          await body(store, clock)
        } finally {
          await store.close()
        }
      },
      60_000,
    )
  tests.describe(`the storage contract on ${name}`, () => {
    tests.describe('requests', () => describeRequests(test, tests.equal))
    tests.describe('library', () => describeLibrary(test, tests.equal))
    tests.describe('small stores', () => describeSmallStores(test, tests.equal))
    tests.describe('activity and outbox', () => describeActivity(test, tests.equal))
    tests.describe('any sequence', () => describeSameAnswers(test, tests.equal))
    tests.describe('faults and exports', () => describeFaultsAndExports(test, tests.equal))
  })
}

/** The literal code of the fault a promise rejects with; `none` when it does not. */
export async function faultOf(work: Promise<unknown>): Promise<string> {
  try {
    await work
    return 'none'
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error)
  }
}

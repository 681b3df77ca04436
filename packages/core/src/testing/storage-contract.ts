import type { Storage } from '../index.ts'
import { describeBase } from './contract-base.ts'
import { describeKept } from './contract-kept.ts'
import { describeLibrary } from './contract-library.ts'
import { describeLibraryMessages } from './contract-library-messages.ts'
import { describeMoving } from './contract-moving.ts'
import { describePeople } from './contract-people.ts'
import { describeRequests } from './contract-requests.ts'
import { describeSameAnswers } from './contract-same-answers.ts'
import { describeTelling } from './contract-telling.ts'
import type { ContractTest, TestFunctions } from './contract-test.ts'
import { type FixedClock, fixedClock } from './fixed-clock.ts'

/**
 * Makes an empty place for a store (a file, a table) and answers what opens the store there. The contract opens it
 * again, also while an earlier one is open, as after a crash: it must find all that was acknowledged. It closes them.
 */
export type MakePlace = (clock: FixedClock) => Promise<() => Promise<Storage>>

/** What every store must do, in groups by what the product can do. Call it in a test file of the adapter. */
export function describeStorage(name: string, makePlace: MakePlace, tests: TestFunctions): void {
  const test: ContractTest = (title, body) =>
    tests.it(
      title,
      async () => {
        const clock = fixedClock()
        const openAgain = await makePlace(clock)
        const opened: Storage[] = []
        const open = async () => {
          const store = await openAgain()
          opened.push(store)
          return store
        }
        try {
          await body(await open(), clock, open)
        } finally {
          for (const store of opened) await store.close()
        }
      },
      60_000,
    )
  tests.describe(`the storage contract on ${name}`, () => {
    tests.describe('requests', () => describeRequests(test, tests.equal))
    tests.describe('library', () => describeLibrary(test, tests.equal))
    tests.describe('library messages', () => describeLibraryMessages(test, tests.equal))
    tests.describe('people', () => describePeople(test, tests.equal))
    tests.describe('telling', () => describeTelling(test, tests.equal))
    tests.describe('moving', () => describeMoving(test, tests.equal))
    tests.describe('base', () => describeBase(test, tests.equal))
    tests.describe('kept', () => describeKept(test, tests.equal))
    tests.describe('same answers', () => describeSameAnswers(test, tests.equal))
  })
}

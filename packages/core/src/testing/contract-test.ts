import type { Storage } from '../index.ts'
import type { FixedClock } from './fixed-clock.ts'

/** What the contract needs of a test runner; vitest's own functions fit. Core itself depends on no package. */
export interface TestFunctions {
  describe(name: string, body: () => void): unknown
  it(name: string, body: () => Promise<void>, timeoutMs?: number): unknown
  /** Compares by structure and throws when different. */
  equal(actual: unknown, expected: unknown): void
}

/** One test of the contract on a fresh store, which `reopen` opens once more. */
export type ContractTest = (
  name: string,
  body: (store: Storage, clock: FixedClock, reopen: () => Promise<Storage>) => Promise<void>,
) => void

/** The literal code of the fault a promise rejects with; `none` when it does not. */
export async function faultOf(work: Promise<unknown>): Promise<string> {
  try {
    await work
    return 'none'
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error)
  }
}

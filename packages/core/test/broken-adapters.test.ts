import { describe, expect, it } from 'vitest'
import { describeStorage, type MakePlace, memoryData, memoryStorage } from '../src/testing/index.ts'
import { BROKEN_ELSEWHERE } from './broken-adapters/all-else.ts'
import { BROKEN_REQUESTS_AND_LIBRARIES } from './broken-adapters/requests-and-library.ts'

/** A test that waits longer has failed: no sound store in memory takes so long. */
const MOST_MS = 3_000

interface ContractCase {
  group: string
  title: string
  body: () => Promise<void>
}

/** The cases of the contract on a store, not run. */
function casesOn(makePlace: MakePlace): ContractCase[] {
  const cases: ContractCase[] = []
  let group = ''
  describeStorage('a store', makePlace, {
    describe(name, body) {
      group = name
      body()
    },
    it: (title, body) => cases.push({ group, title, body }),
    equal: (actual, expected) => expect(actual).toEqual(expected),
  })
  return cases
}

/** Fails when the case does or takes too long. */
async function run({ title, body }: ContractCase, mostMs: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<void>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${title}: no end`)), mostMs)
  })
  await Promise.race([body(), late]).finally(() => clearTimeout(timer))
}

/** The title of the first case that fails; undefined when none does. */
async function firstFailure(cases: readonly ContractCase[]): Promise<string | undefined> {
  for (const one of cases) {
    const failed = await run(one, MOST_MS).then(
      () => false,
      () => true,
    )
    if (failed) return one.title
  }
  return undefined
}

const soundPlace: MakePlace = async (clock) => {
  const data = memoryData(clock)
  return async () => memoryStorage({ clock, data })
}

describe('the storage contract', () => {
  it('lets a sound store pass', async () => {
    for (const one of casesOn(soundPlace)) await run(one, 30_000)
  }, 60_000)

  it.each([...BROKEN_REQUESTS_AND_LIBRARIES, ...BROKEN_ELSEWHERE])(
    'catches a store that %s, in its group "%s"',
    async (_, caughtBy, breaks) => {
      const broken: MakePlace = async (clock) => {
        const data = memoryData(clock)
        return async () => {
          const sound = memoryStorage({ clock, data })
          return { ...sound, ...breaks(sound, data, clock) }
        }
      }
      const failure = await firstFailure(casesOn(broken).filter(({ group }) => group === caughtBy))
      expect(failure).toBeDefined()
    },
  )
})

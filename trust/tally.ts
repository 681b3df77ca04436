/** More are not told one by one. */
const MOST_TOLD = 20

/** Counts tries, and keeps what went wrong. */
export function tally() {
  let tried = 0
  let survived = 0
  const failures: string[] = []
  return {
    /** Notes a try, or many of one outcome. @param what went wrong, if it did */
    note(isRight: boolean, what: string, count = 1) {
      tried += count
      if (isRight) survived += count
      else if (failures.length < MOST_TOLD) failures.push(what)
    },
    /** Notes a try that was survived unless `work` throws; its error says what went wrong. */
    async attempt(what: string, work: () => Promise<unknown>) {
      tried += 1
      try {
        await work()
        survived += 1
      } catch (error) {
        if (failures.length < MOST_TOLD) failures.push(`${what}: ${error instanceof Error ? error.message : error}`)
      }
    },
    /** Takes over what somebody else has counted. @param wrong a line for each that was not survived, or more */
    add(what: string, others: { tried: number; survived: number; wrong: readonly string[] }) {
      tried += others.tried
      survived += others.survived
      for (const one of others.wrong.slice(0, MOST_TOLD - failures.length)) failures.push(`${what}: ${one}`)
    },
    result: () => ({ tried, survived, failures }),
  }
}

export type Tally = ReturnType<typeof tally>

/** Throws unless it holds. */
export function must(isRight: boolean, what: string): asserts isRight {
  if (!isRight) throw new Error(what)
}

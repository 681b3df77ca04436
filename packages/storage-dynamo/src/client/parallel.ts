/**
 * Works through the list with at most `width` at once. After an error no more begin, and it is thrown once those under
 * way have ended: a writer that holds a lock must not let it go while any of them may still write.
 */
export async function inParallel<Value, Result>(
  width: number,
  values: readonly Value[],
  work: (value: Value) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  const queue = values.entries()
  const errors: unknown[] = []
  async function worker(): Promise<void> {
    for (const [index, value] of queue) {
      if (errors.length > 0) return
      try {
        results[index] = await work(value)
      } catch (error) {
        errors.push(error)
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(width, values.length) }, worker))
  if (errors.length > 0) throw errors[0]
  return results
}

/** Cuts a list into runs of at most `size`. */
export function inRuns<Value>(size: number, values: readonly Value[]): Value[][] {
  const runs: Value[][] = []
  for (let from = 0; from < values.length; from += size) runs.push(values.slice(from, from + size))
  return runs
}

/** Lets at most `width` pieces of work through at once, in the order they came. */
export function gate(width: number): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let free = width
  const waiting: (() => void)[] = []
  return async (work) => {
    if (free > 0) free -= 1
    else await new Promise<void>((pass) => waiting.push(pass))
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else free += 1
    }
  }
}

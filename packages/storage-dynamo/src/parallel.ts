/** Works through the list with at most `width` at once; rejects with the first error, after which no more begin. */
export async function inParallel<Value, Result>(
  width: number,
  values: readonly Value[],
  work: (value: Value) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  let next = 0
  async function worker(): Promise<void> {
    while (next < values.length) {
      const index = next
      next += 1
      const value = values[index] as Value
      results[index] = await work(value).catch((error: unknown) => {
        next = values.length
        throw error
      })
    }
  }
  await Promise.all(Array.from({ length: Math.min(width, values.length) }, worker))
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

import { setImmediate as turn } from 'node:timers/promises'

/** Cuts a list into slices and works through them; everybody else has a turn between two. */
export async function inSlices<Item, Result>(
  size: number,
  items: readonly Item[],
  work: (slice: readonly Item[]) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  for (let from = 0; from < items.length; from += size) {
    if (from > 0) await turn()
    results.push(await work(items.slice(from, from + size)))
  }
  return results
}

/** Goes on until the work says that nothing is left; everybody else has a turn before each further step. */
export async function untilDone(step: () => Promise<boolean>): Promise<void> {
  while (!(await step())) await turn()
}

/** Runs one piece of work at a time, in the order in which they come. */
export function oneAtATime(): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let before: Promise<unknown> = Promise.resolve()
  return (work) => {
    const running = before.then(work)
    before = running.catch(() => undefined)
    return running
  }
}

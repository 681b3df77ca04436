import type { FixedClock } from '../../packages/core/src/testing/index.ts'

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** Numbers from a seed (mulberry32), the same at every run: from 0 to below 1. */
export function numbersFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** What is to happen when, on a clock that jumps from one thing to the next. Times are epoch ms. */
export function agenda(clock: FixedClock) {
  const queue: { at: number; run: () => Promise<void> }[] = []

  function at(moment: number, run: () => Promise<void>): void {
    const time = Math.round(moment)
    let [low, high] = [0, queue.length]
    while (low < high) {
      const middle = (low + high) >> 1
      // What was put in first comes first of those at one time.
      if ((queue[middle]?.at ?? 0) <= time) low = middle + 1
      else high = middle
    }
    queue.splice(low, 0, { at: time, run })
  }

  function every(period: number, first: number, run: () => Promise<void>): void {
    at(first, async () => {
      await run()
      every(period, first + period, run)
    })
  }

  return {
    at,
    every,
    async runUntil(end: number): Promise<void> {
      for (let next = queue[0]; next && next.at <= end; next = queue[0]) {
        queue.shift()
        clock.advance(Math.max(0, next.at - clock.now()))
        await next.run()
      }
    },
  }
}

export type Agenda = ReturnType<typeof agenda>

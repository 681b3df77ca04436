import type { Clock } from '../index.ts'

/** A clock that stands still until it is told to move. */
export interface FixedClock extends Clock {
  advance(ms: number): void
}

/** @param start epoch ms */
export function fixedClock(start = Date.UTC(2026, 0, 1)): FixedClock {
  let time = start
  return {
    now: () => time,
    advance: (ms) => {
      time += ms
    },
  }
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** What is remembered of the clock. Times are epoch ms, as the clock told them. */
export interface SeenTime {
  /** When it was looked at last. */
  at: number
  /** Up to when time has passed for sure, as far as the clock now says so too. */
  trusted: number
  /** When it last was another time than could have come by then. */
  jumpedAt?: number
}

/**
 * The clock as it is seen now. After a jump of more than an hour, forwards or back, only what passes from then on counts;
 * once it has gone well for a day it is believed.
 * @param passed how much time has passed since `before` at the least and at the most, where that is known
 */
export function seeTime(before: SeenTime | undefined, now: number, passed: { least: number; most: number }): SeenTime {
  if (!before) return { at: now, trusted: now }
  const gone = now - before.at
  if (gone > passed.most + HOUR_MS || gone < passed.least - HOUR_MS) {
    return { at: now, trusted: before.trusted + passed.least, jumpedAt: now }
  }
  const { jumpedAt } = before
  if (jumpedAt === undefined || now - jumpedAt >= DAY_MS) return { at: now, trusted: now }
  return { at: now, trusted: before.trusted + Math.max(0, gone), jumpedAt }
}

/** Failed sign-ins a client has before it must wait. */
export const MAX_TRIES = 5
/** Failed sign-ins at the admin's password by a client that did not say whose it is, where the household's is asked first. */
export const MAX_OPEN_TRIES = 20
/** The window those tries are counted in. */
export const TRIES_WINDOW_MS = 15 * 60_000
/** How long a try may be under way. One that has not ended by then, since its process did, has failed. */
export const TRY_MS = 10_000
/** How far the clocks of a store's instances may be apart. What lies further ahead was written by a clock that was wrong. */
export const CLOCK_SPREAD_MS = 5_000

/** A try of a client: when it began (epoch ms), and whether its end is still to be told. */
export interface Try {
  at: number
  underWay: boolean
}

/** How a try ended: with the password, without it, or without a word of it (a proof used before, a store that is down). */
export type TryEnd = 'right' | 'wrong' | 'neither'

/** What a client may do now: its one try, wait for one that is under way, or come back at `retryAt` (epoch ms). */
export type TryTurn =
  /** `triesLeft`: should this one fail. */
  { kind: 'begun'; triesLeft: number } | { kind: 'busy' } | { kind: 'limited'; retryAt: number }

/** Whether a try that began at `at` counts at `now`: it is no older than the window, and not from the future. */
export function isTryCounted(at: number, now: number): boolean {
  return at > now - TRIES_WINDOW_MS && at <= now + CLOCK_SPREAD_MS
}

/** Judges whether a client with these tries may begin another: failed ones and those under way are `most` at most. */
export function turnOf(tries: readonly Try[], now: number, most: number): TryTurn {
  const counted = tries.filter(({ at }) => isTryCounted(at, now))
  if (counted.length < most) return { kind: 'begun', triesLeft: most - counted.length - 1 }
  if (counted.some(({ at, underWay }) => underWay && at > now - TRY_MS)) return { kind: 'busy' }
  return { kind: 'limited', retryAt: Math.min(...counted.map(({ at }) => at)) + TRIES_WINDOW_MS }
}

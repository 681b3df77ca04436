/** A sync that was not committed dies after this. */
export const SYNC_LIFE_MS = 3_600_000
/** True while a sync is alive; one that begins later than now was begun by a clock that was ahead, and has died. */
export const isSyncAlive = (beganAt: number, now: number): boolean => Math.abs(now - beganAt) < SYNC_LIFE_MS

/** Items in one page of a paged sync. */
export const MAX_PAGE_ITEMS = 2_000
/** Items in the old one-POST form. */
export const MAX_POST_ITEMS = 20_000

/** True when a sync must be confirmed by a person: it empties a library or shrinks it by more than half (a disk not mounted). */
export function shrinksTooMuch(current: number, next: number): boolean {
  return current > 0 && next * 2 < current
}

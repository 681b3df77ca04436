/** How often a page in use is looked up again, and how often one that nobody has touched for a while. */
const IN_USE_MS = 20_000
const AT_REST_MS = 60_000
/** A page is in use until so long after the last touch, key or scroll. */
const REST_AFTER_MS = 600_000
/** A server that was not reached is tried again after so long, then after twice as long each time, up to a minute. */
const TRY_AGAIN_MS = 3_000

/** Told to look; `back` is true when somebody has come back to the page, or the network has. */
export type Looker = (back: boolean) => void

/**
 * The one clock by which open pages learn what has changed: every 20 seconds while somebody uses the page, every minute
 * when it is only on show, at once when it is looked at again, and never while it is hidden.
 */
export function createLooking({ isVisible, isReached }: { isVisible: () => boolean; isReached: () => boolean }) {
  const lookers = new Set<Looker>()
  let timer: ReturnType<typeof setTimeout> | undefined
  // Not by the time of day: a device whose clock is put back would not look for hours.
  let usedAt = performance.now()
  let lookedAt = performance.now()
  let misses = 0

  const isInUse = () => performance.now() - usedAt < REST_AFTER_MS

  function pause(): number {
    if (!isReached()) return Math.min(TRY_AGAIN_MS * 2 ** misses, AT_REST_MS)
    return isInUse() ? IN_USE_MS : AT_REST_MS
  }

  /** Sets the clock anew: what its next look depends on has changed. */
  function plan(): void {
    clearTimeout(timer)
    timer = isVisible() ? setTimeout(look, lookedAt + pause() - performance.now()) : undefined
  }

  function look(back = false): void {
    misses = back || isReached() ? 0 : misses + 1
    lookedAt = performance.now()
    plan()
    for (const looker of lookers) looker(back)
  }

  return {
    plan,
    /** Has it told at every look; answers how to end that. */
    tell(looker: Looker): () => void {
      lookers.add(looker)
      return () => lookers.delete(looker)
    },
    /** Looks at once, if anybody can see it: the page was opened again, or the network is back. */
    comeBack(): void {
      if (isVisible()) look(true)
      else plan()
    },
    /** Somebody touches, types or scrolls. */
    use(): void {
      const wasInUse = isInUse()
      usedAt = performance.now()
      if (!wasInUse) plan()
    },
  }
}

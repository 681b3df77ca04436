/** So long a writer waits altogether for a lock that another program holds; and so long after that nobody waits any more. */
const MOST_MS = 2_000
/** Pauses between two tries: the first, and the longest. Each is half as long again as the one before. */
const FIRST_PAUSE_MS = 5
const LONGEST_PAUSE_MS = 50

/** What waiting goes by: a clock that nobody sets (ms), and a pause of at least so many ms. */
interface Pauses {
  now(): number
  pause(ms: number): Promise<void>
}

const REAL: Pauses = {
  now: () => performance.now(),
  pause: (ms) => new Promise((resolve) => (ms === 0 ? setImmediate(resolve) : setTimeout(resolve, ms))),
}

/** Work that met a lock and waits for it to go. */
interface Waiter {
  /** Tries once; false while the lock is held. Whatever else comes of it settles the caller's promise. */
  isDone(): boolean
  /** Ends the wait: the lock was still held. */
  giveUp(): void
  until: number
}

/** True when SQLite says that somebody else holds the lock that was needed; nothing was done then. */
const isBusy = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && /^SQLITE_(BUSY|LOCKED)/.test(String(error.code))

/**
 * Waits for other programs' locks on the event loop: SQLite itself would stop everything else meanwhile. Those who wait
 * stand in one line whose first tries again after short pauses, so that any number of them asks no more often than one.
 * Once a wait has been in vain all in the line are refused, and for as long again whoever comes tries once and is refused
 * at once, so that the waits of a use case do not add up.
 */
export function lockWaiting({ now, pause }: Pauses = REAL) {
  const line: Waiter[] = []
  let refusedUntil = Number.NEGATIVE_INFINITY
  let isServed = false

  async function serve(): Promise<void> {
    isServed = true
    let next = FIRST_PAUSE_MS
    await pause(next)
    for (let first = line[0]; first; first = line[0]) {
      if (first.isDone()) {
        line.shift()
        next = FIRST_PAUSE_MS
        // Each writes to the disk: others have their turn between.
        await pause(0)
      } else if (now() >= first.until) {
        refusedUntil = now() + MOST_MS
        for (const one of line.splice(0)) one.giveUp()
      } else {
        next = Math.min(next * 1.5, LONGEST_PAUSE_MS)
        await pause(Math.min(next, Math.max(1, first.until - now())))
      }
    }
    isServed = false
  }

  function inLine<Result>(work: () => Result): Promise<Result> {
    return new Promise((resolve, reject) => {
      let busy: unknown
      line.push({
        isDone() {
          try {
            resolve(work())
          } catch (error) {
            busy = error
            if (isBusy(error)) return false
            reject(error)
          }
          return true
        },
        giveUp: () => reject(busy ?? new LockHeld()),
        until: now() + MOST_MS,
      })
      if (!isServed) void serve()
    })
  }

  /** Runs the work, at once unless it has to wait. */
  async function run<Result>(work: () => Result, waitsBehindOthers: boolean): Promise<Result> {
    if (waitsBehindOthers && line.length > 0) return inLine(work)
    try {
      return work()
    } catch (error) {
      if (!isBusy(error) || now() < refusedUntil) throw error
      return inLine(work)
    }
  }

  return {
    /** Reads: under WAL they wait for nobody but one who mends the log after a crash. */
    read: <Result>(work: () => Result): Promise<Result> => run(work, false),
    /** Writes: behind those who wait already. `work` is run again only when it has done nothing. */
    write: <Result>(work: () => Result): Promise<Result> => run(work, true),
  }
}

/** Refused without a try of its own. */
class LockHeld extends Error {
  readonly code = 'SQLITE_BUSY'
}

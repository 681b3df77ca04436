import { Fault } from './errors.ts'
import type { Clock, Turns } from './ports.ts'

/** How long a turn is waited for, by the store's clock. */
export const TURN_WAIT_MS = 10_000
/** How often those who wait look at the clock. */
const LOOK_MS = 50

/** Turns within one process: enough for a store that one process uses. */
export function localTurns(clock: Clock): Turns {
  /** Who waits for a name, first come first; absent while nobody has that turn. */
  const lines = new Map<string, (() => void)[]>()

  function waitIn(line: (() => void)[]): Promise<void> {
    const until = clock.now() + TURN_WAIT_MS
    return new Promise((resolve, reject) => {
      const begin = () => {
        clearInterval(looking)
        resolve()
      }
      const looking = setInterval(() => {
        if (clock.now() < until) return
        clearInterval(looking)
        line.splice(line.indexOf(begin), 1)
        reject(new Fault('storage_unavailable', 'Too many want the same at once. Try again.'))
      }, LOOK_MS)
      line.push(begin)
    })
  }

  return {
    async take(name, work) {
      const line = lines.get(name)
      if (line) await waitIn(line)
      else lines.set(name, [])
      try {
        return await work()
      } finally {
        const next = lines.get(name)?.shift()
        if (next) next()
        else lines.delete(name)
      }
    },
  }
}

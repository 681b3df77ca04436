import type { Turns } from './ports.ts'

/** Turns within one process: enough for a store that one process uses. */
export function localTurns(): Turns {
  const last = new Map<string, Promise<unknown>>()
  return {
    take(name, work) {
      const turn = (last.get(name) ?? Promise.resolve()).then(work)
      const ended = turn.catch(() => undefined)
      last.set(name, ended)
      void ended.then(() => {
        if (last.get(name) === ended) last.delete(name)
      })
      return turn
    },
  }
}

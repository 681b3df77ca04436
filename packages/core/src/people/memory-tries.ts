import type { SignInAttempts } from './ports.ts'
import { isTryCounted, type Try, turnOf } from './rules/index.ts'

/** A client's tries by their ids. */
export type TriesOf = Map<string, Map<string, Try>>

/**
 * Tries that are kept in memory.
 * @param tries where; what is there already counts
 * @param most clients that are remembered; the oldest are forgotten first
 */
export function memoryTries(
  tries: TriesOf = new Map(),
  most = Number.POSITIVE_INFINITY,
): Pick<SignInAttempts, 'begin' | 'end'> {
  return {
    async begin(client, now, allowed) {
      const own = new Map([...(tries.get(client) ?? [])].filter(([, { at }]) => isTryCounted(at, now)))
      const turn = turnOf([...own.values()], now, allowed)
      tries.delete(client)
      tries.set(client, own)
      const oldest = tries.keys().next().value
      if (tries.size > most && oldest !== undefined) tries.delete(oldest)
      if (turn.kind !== 'begun') return turn
      const id = crypto.randomUUID()
      own.set(id, { at: now, underWay: true })
      return { ...turn, id }
    },
    async end(client, id, end) {
      const own = tries.get(client)
      const ended = own?.get(id)
      if (!own || !ended) return
      if (end === 'wrong') ended.underWay = false
      else own.delete(id)
      if (end === 'right') for (const [one, { underWay }] of own) if (!underWay) own.delete(one)
    },
  }
}

import { type Clock, type Logger, localTurns, TURN_WAIT_MS, type Turns } from '@stellarr/core'
import { type Failure, toFault } from '../client/failures.ts'
import { ttlAt } from '../table/attribute-values.ts'
import { ifAhead, ifOver, type Wording } from '../table/expressions.ts'
import { turnKey } from '../table/keys.ts'
import type { TableClient } from '../table/table-client.ts'

/** Longer than any work of a turn lasts (a few calls of 10 s at the very most): who holds one longer has died. */
const HELD_MS = 60_000

const TAKEN: Failure = { kind: 'busy', type: 'Taken', message: 'somebody else has this turn' }

/**
 * Turns among all instances: a row that is there while somebody has the turn. Within an instance they wait in line first,
 * so that many at once do not all ask the table. A turn whose holder died is free again after a minute.
 */
export function dynamoTurns(table: TableClient, clock: Clock, logger: Logger | undefined): Turns {
  const here = localTurns(clock)
  return {
    take(name, work) {
      const givenUp = clock.now() + TURN_WAIT_MS
      return here.take(name, async () => {
        const holder = crypto.randomUUID()
        const ours: Wording = (e) => `${e.name('holder')} = ${e.value(holder)}`
        const until = table.deadline()
        for (let round = 1; ; round += 1) {
          const now = clock.now()
          const ends = now + HELD_MS
          const isFree: Wording = (e) => `${ifOver(now)(e)} OR ${ifAhead('until', now, HELD_MS)(e)}`
          const row = { ...turnKey(name), holder, until: ends, ttl: ttlAt(ends) }
          if ((await table.put(row, isFree)).stored) break
          if (now >= givenUp) throw toFault(TAKEN)
          await table.backOff(round, until, TAKEN)
        }
        try {
          return await work()
        } finally {
          await table
            .remove(turnKey(name), ours)
            .catch((error: unknown) => logger?.warn('a turn was left to expire', { name, reason: String(error) }))
        }
      })
    },
  }
}

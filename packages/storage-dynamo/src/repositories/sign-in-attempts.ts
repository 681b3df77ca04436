import { type BegunTurn, isTryCounted, type SignInAttempts, TRIES_WINDOW_MS, type Try, turnOf } from '@stellarr/core'
import { fromJson, type Row, text, ttlAt } from '../table/attribute-values.ts'
import { changeRow } from '../table/change-row.ts'
import { ifOver } from '../table/expressions.ts'
import { challengeKey, rateLimitKey } from '../table/keys.ts'
import type { TableClient } from '../table/table-client.ts'

/** When a client's failed tries began, and those under way by their ids. */
interface Tries {
  failed: number[]
  underWay: Record<string, number>
}

const toRow = ({ failed, underWay }: Tries): Row => ({
  tries: JSON.stringify(failed),
  under_way: JSON.stringify(underWay),
})
/** Rows that an earlier version wrote have none under way. */
const fromRow = (row: Row | undefined): Tries => ({
  failed: row ? fromJson(text(row, 'tries')) : [],
  underWay: row?.under_way === undefined ? {} : fromJson(text(row, 'under_way')),
})

/** The tries that still count. */
function counted({ failed, underWay }: Tries, now: number): Tries {
  return {
    failed: failed.filter((at) => isTryCounted(at, now)),
    underWay: Object.fromEntries(Object.entries(underWay).filter(([, at]) => isTryCounted(at, now))),
  }
}

const asTries = ({ failed, underWay }: Tries): Try[] => [
  ...failed.map((at) => ({ at, underWay: false })),
  ...Object.values(underWay).map((at) => ({ at, underWay: true })),
]

/**
 * The limiter's rows: `RATELIMIT#<client>` holds the times of its tries, `CHALLENGE#<hash>` until when it is remembered.
 * Both carry a TTL, which only tidies up: what has expired is told by the clock.
 */
export function dynamoSignInAttempts(table: TableClient): SignInAttempts {
  return {
    begin(client, now, most) {
      const id = crypto.randomUUID()
      return changeRow<BegunTurn>(table, rateLimitKey(client), (row) => {
        const tries = counted(fromRow(row), now)
        const turn = turnOf(asTries(tries), now, most)
        if (turn.kind !== 'begun') return { result: turn }
        tries.underWay[id] = now
        return { put: { ...toRow(tries), ttl: ttlAt(now + TRIES_WINDOW_MS) }, result: { ...turn, id } }
      })
    },

    end: (client, id, end) =>
      changeRow(table, rateLimitKey(client), (row) => {
        const { failed, underWay } = fromRow(row)
        const { [id]: began, ...others } = underWay
        if (!row || began === undefined) return { result: undefined }
        const left = end === 'wrong' ? [...failed, began] : end === 'right' ? [] : failed
        if (left.length === 0 && Object.keys(others).length === 0) return { remove: true, result: undefined }
        return { put: { ...row, ...toRow({ failed: left, underWay: others }) }, result: undefined }
      }),

    async useChallengeOnce(hash, until, now) {
      return (await table.put({ ...challengeKey(hash), until, ttl: ttlAt(until) }, ifOver(now))).stored
    },
  }
}

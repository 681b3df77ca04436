import { MAX_TRIES, type SignInAttempts, TRIES_WINDOW_MS } from '@stellarr/core'
import { fromJson, type Row, text, ttlAt } from '../table/attribute-values.ts'
import { changeRow } from '../table/change-row.ts'
import { ifOver } from '../table/expressions.ts'
import { challengeKey, rateLimitKey } from '../table/keys.ts'
import type { TableClient } from '../table/table-client.ts'

/** The times of a client's tries. */
const toRow = (tries: readonly number[]): Row => ({ tries: JSON.stringify(tries) })
const fromRow = (row: Row | undefined): number[] => (row ? fromJson(text(row, 'tries')) : [])

/**
 * The limiter's rows: `RATELIMIT#<client>` holds the times of its tries, `CHALLENGE#<hash>` until when it is remembered.
 * Both carry a TTL, which only tidies up: what has expired is told by the clock.
 */
export function dynamoSignInAttempts(table: TableClient): SignInAttempts {
  return {
    reserve: (client, now) =>
      changeRow(table, rateLimitKey(client), (row) => {
        const recent = fromRow(row).filter((at) => at > now - TRIES_WINDOW_MS)
        const allowed = recent.length < MAX_TRIES
        if (allowed) recent.push(now)
        const retryAt = (recent[0] ?? now) + TRIES_WINDOW_MS
        const result = { allowed, triesLeft: MAX_TRIES - recent.length, retryAt }
        if (!allowed) return { result }
        return { put: { ...toRow(recent), ttl: ttlAt(now + TRIES_WINDOW_MS) }, result }
      }),

    release: (client) =>
      changeRow(table, rateLimitKey(client), (row) => {
        const tries = fromRow(row)
        if (!row || tries.length === 0) return { result: undefined }
        return { put: { ...row, ...toRow(tries.slice(0, -1)) }, result: undefined }
      }),

    async useChallengeOnce(hash, until, now) {
      return (await table.put({ ...challengeKey(hash), until, ttl: ttlAt(until) }, ifOver(now))).stored
    },
  }
}

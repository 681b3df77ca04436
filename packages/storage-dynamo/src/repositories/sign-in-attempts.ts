import { MAX_TRIES, type SignInAttempts, TRIES_WINDOW_MS } from '@stellarr/core'
import { fromJson, type Row, text } from '../table/attribute-values.ts'
import { changeRow } from '../table/change-row.ts'
import { challengeKey, rateLimitKey } from '../table/keys.ts'
import type { TableClient } from '../table/table-client.ts'

const seconds = (ms: number) => Math.ceil(ms / 1000)

/**
 * The limiter's rows: `RATELIMIT#<client>` holds the times of its tries, `CHALLENGE#<hash>` until when it is remembered.
 * Both carry a TTL, which only tidies up: what has expired is told by the clock.
 */
export function dynamoSignInAttempts(table: TableClient): SignInAttempts {
  const triesOf = (row: Row | undefined): number[] => (row ? fromJson(text(row, 'tries')) : [])

  return {
    reserve: (client, now) =>
      changeRow(table, rateLimitKey(client), (row) => {
        const recent = triesOf(row).filter((at) => at > now - TRIES_WINDOW_MS)
        const allowed = recent.length < MAX_TRIES
        if (allowed) recent.push(now)
        const retryAt = (recent[0] ?? now) + TRIES_WINDOW_MS
        const result = { allowed, triesLeft: MAX_TRIES - recent.length, retryAt }
        if (!allowed) return { result }
        return { put: { tries: JSON.stringify(recent), ttl: seconds(now + TRIES_WINDOW_MS) }, result }
      }),

    release: (client) =>
      changeRow(table, rateLimitKey(client), (row) => {
        const tries = triesOf(row)
        if (!row || tries.length === 0) return { result: undefined }
        return { put: { ...row, tries: JSON.stringify(tries.slice(0, -1)) }, result: undefined }
      }),

    async useChallengeOnce(hash, until, now) {
      const row = { ...challengeKey(hash), until, ttl: seconds(until) }
      const { stored } = await table.put(
        row,
        (e) => `attribute_not_exists(${e.name('media_type')}) OR ${e.name('until')} <= ${e.value(now)}`,
      )
      return stored
    },
  }
}

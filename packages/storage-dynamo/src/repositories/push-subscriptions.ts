import { LANGUAGES, type PushSubscription, type PushSubscriptionRepository } from '@stellarr/core'
import { oneOf, type Row, text, wellFormed, whole } from '../table/attribute-values.ts'
import { ifPresent } from '../table/expressions.ts'
import { ofKind, pushKey, pushUserKey } from '../table/keys.ts'
import type { TableClient } from '../table/table-client.ts'
import { sortedPage } from './sorted-page.ts'

function toRow({ endpoint, user, keys, language, createdAt }: PushSubscription): Row {
  return { ...pushKey(endpoint), endpoint, user, ...keys, language, created_at: createdAt }
}

function fromRow(row: Row): PushSubscription {
  return {
    endpoint: text(row, 'endpoint'),
    user: text(row, 'user'),
    keys: { p256dh: text(row, 'p256dh'), auth: text(row, 'auth') },
    language: oneOf(LANGUAGES, text(row, 'language')),
    createdAt: whole(row, 'created_at'),
  }
}

/**
 * Push subscriptions: `PUSH#<endpoint>` is the truth, `PUSHUSER#<name>` only names a person's endpoints. The name is
 * written first and deleted last, and one that no longer fits is passed over: no crash loses a device.
 */
export function dynamoPushSubscriptions(table: TableClient): PushSubscriptionRepository {
  return {
    async save(subscription) {
      const { endpoint, user } = subscription
      await table.put({ ...pushUserKey(user, endpoint), endpoint })
      const before = await table.replace(toRow(subscription))
      const owner = before && text(before, 'user')
      if (owner !== undefined && owner !== wellFormed(user)) await table.remove(pushUserKey(owner, endpoint))
    },

    async listFor(user) {
      const names = await table.query({ partition: pushUserKey(user, '').media_type })
      if (names.length === 0) return []
      const rows = await table.getMany(names.map((row) => pushKey(text(row, 'endpoint'))))
      return rows
        .map(fromRow)
        .filter((device) => device.user === wellFormed(user))
        .sort((a, b) => a.createdAt - b.createdAt || (a.endpoint < b.endpoint ? -1 : 1))
    },

    async find(endpoint) {
      const row = await table.get(pushKey(endpoint))
      return row && fromRow(row)
    },

    async remove(endpoint) {
      const row = await table.get(pushKey(endpoint))
      if (!row) return false
      const removed = await table.remove(pushKey(endpoint), ifPresent)
      await table.remove(pushUserKey(text(row, 'user'), endpoint))
      return removed
    },

    exportAll: async (cursor) =>
      sortedPage((await table.scan(ofKind('PUSH'))).map(fromRow), {
        nameOf: (device) => device.endpoint,
        cursor,
      }),
  }
}

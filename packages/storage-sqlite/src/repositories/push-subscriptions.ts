import { LANGUAGES, type PushSubscription, type PushSubscriptionRepository } from '@stellarr/core'
import type { Selectable } from 'kysely'
import { build, type Connection } from '../database/connection.ts'
import type { PushTable } from '../database/schema.ts'
import { oneOf } from '../database/stored-values.ts'
import { behind, PAGE, page } from './page.ts'

function toRow({ endpoint, user, keys, language, createdAt }: PushSubscription): Selectable<PushTable> {
  return { endpoint, user, ...keys, language, created_at: createdAt }
}

function fromRow(row: Selectable<PushTable>): PushSubscription {
  return {
    endpoint: row.endpoint,
    user: row.user,
    keys: { p256dh: row.p256dh, auth: row.auth },
    language: oneOf(LANGUAGES, row.language),
    createdAt: row.created_at,
  }
}

/** Push subscriptions in SQLite. */
export function sqlitePushSubscriptions(db: Connection): PushSubscriptionRepository {
  return {
    save: (subscription) =>
      db.write(() => void db.run(build.replaceInto('push_subscriptions').values(toRow(subscription)))),
    listFor: (user) =>
      db.read(() =>
        db
          .all(
            build
              .selectFrom('push_subscriptions')
              .selectAll()
              .where('user', '=', user)
              .orderBy('created_at')
              .orderBy('endpoint'),
          )
          .map(fromRow),
      ),
    find: (endpoint) =>
      db.read(() =>
        db
          .all(build.selectFrom('push_subscriptions').selectAll().where('endpoint', '=', endpoint))
          .map(fromRow)
          .at(0),
      ),
    remove: (endpoint) =>
      db.write(() => db.run(build.deleteFrom('push_subscriptions').where('endpoint', '=', endpoint)) > 0),
    exportAll: (cursor) =>
      db.read(() =>
        page(
          db
            .all(
              build
                .selectFrom('push_subscriptions')
                .selectAll()
                .where('endpoint', behind(cursor), cursor ?? '')
                .orderBy('endpoint')
                .limit(PAGE),
            )
            .map(fromRow),
          (row) => row.endpoint,
        ),
      ),
  }
}

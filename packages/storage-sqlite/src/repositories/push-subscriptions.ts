import { LANGUAGES, type PushSubscription, type PushSubscriptionRepository } from '@stellarr/core'
import type { Selectable } from 'kysely'
import { build, type Connection } from '../database/connection.ts'
import type { PushTable } from '../database/schema.ts'
import { oneOf } from '../database/stored-values.ts'
import { PAGE, page } from './page.ts'

/** Push subscriptions in SQLite. */
export function sqlitePushSubscriptions(db: Connection): PushSubscriptionRepository {
  const toSubscription = (row: Selectable<PushTable>): PushSubscription => ({
    endpoint: row.endpoint,
    user: row.user,
    keys: { p256dh: row.p256dh, auth: row.auth },
    language: oneOf(LANGUAGES, row.language),
    createdAt: row.created_at,
  })
  return {
    save: ({ endpoint, user, keys, language, createdAt }) =>
      db.write(() => {
        const row = { endpoint, user, ...keys, language, created_at: createdAt }
        db.run(build.replaceInto('push_subscriptions').values(row))
      }),
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
          .map(toSubscription),
      ),
    find: (endpoint) =>
      db.read(() =>
        db
          .all(build.selectFrom('push_subscriptions').selectAll().where('endpoint', '=', endpoint))
          .map(toSubscription)
          .at(0),
      ),
    remove: (endpoint) =>
      db.write(() => db.run(build.deleteFrom('push_subscriptions').where('endpoint', '=', endpoint)) > 0),
    exportAll: (cursor = '') =>
      db.read(() =>
        page(
          db
            .all(
              build
                .selectFrom('push_subscriptions')
                .selectAll()
                .where('endpoint', '>', cursor)
                .orderBy('endpoint')
                .limit(PAGE),
            )
            .map(toSubscription),
          (row) => row.endpoint,
        ),
      ),
  }
}

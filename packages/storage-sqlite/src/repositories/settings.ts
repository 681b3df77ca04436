import type { SettingsStore } from '@stellarr/core'
import { build, type Connection } from '../database/connection.ts'
import { behind, PAGE, page } from './page.ts'

/** Named settings in SQLite. */
export function sqliteSettings(db: Connection): SettingsStore {
  const get = (name: string) => db.all(build.selectFrom('settings').select('value').where('name', '=', name))[0]?.value
  return {
    get: (name) => db.read(() => get(name)),
    set: (name, value) => db.write(() => void db.run(build.replaceInto('settings').values({ name, value }))),
    async getOrCreate(name, make) {
      const known = await db.read(() => get(name))
      if (known !== undefined) return known
      const value = await make()
      return db.write(() => {
        db.run(
          build
            .insertInto('settings')
            .values({ name, value })
            .onConflict((conflict) => conflict.doNothing()),
        )
        return get(name) ?? value
      })
    },
    update: (name, change) =>
      db.write(() => {
        const before = get(name)
        const value = change(before)
        if (value !== before) db.run(build.replaceInto('settings').values({ name, value }))
        return value
      }),
    exportAll: (cursor) =>
      db.read(() =>
        page(
          db.all(
            build
              .selectFrom('settings')
              .selectAll()
              .where('name', behind(cursor), cursor ?? '')
              .orderBy('name')
              .limit(PAGE),
          ),
          (row) => row.name,
        ),
      ),
  }
}

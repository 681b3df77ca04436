import type { LibraryItem, LibraryRow, LibrarySource, TitleKey } from '@stellarr/core'
import type { Connection } from '../../database/connection.ts'
import type { LibraryGenerations } from './generations.ts'
import { FACTS, FOREVER, facts, type LibraryRecord, toRow } from './rows.ts'

type Outcome = 'added' | 'changed' | 'same'
type Key = [source: string, type: string, id: number]

/** The generation that a report is written into: the one that is shown, or the next. */
export interface Target {
  generation: number
  isShown: boolean
}

/**
 * What is said of single titles, besides syncs. In the generation that is shown it is seen at once, and takes the place of
 * what a sync under way has prepared for the title. All of it runs inside `write`.
 */
export function libraryReports(db: Connection, { present }: LibraryGenerations) {
  const where = 'source = ? AND media_type = ? AND tmdb_id = ?'
  /** The row that counts: that of the next generation where one is prepared. */
  const latest = db.prepare<Key, LibraryRecord>(
    `SELECT * FROM library WHERE ${where} AND until = ${FOREVER} ORDER BY since DESC LIMIT 1`,
  )
  const dropNext = db.prepare<[...Key, number], never>(`DELETE FROM library WHERE ${where} AND since > ?`)
  const goesOn = db.prepare<[...Key, number], never>(
    `UPDATE library SET until = ${FOREVER} WHERE ${where} AND until > ? AND until < ${FOREVER}`,
  )
  const end = db.prepare<[number, ...Key, number], never>(`UPDATE library SET until = ? WHERE ${where} AND since = ?`)
  const insert = db.prepare<[object], never>(
    `INSERT INTO library (source, media_type, tmdb_id, ${facts()}, added_at, touched, since, until)
      SELECT :source, :media_type, :tmdb_id, ${facts(':')}, :added_at, sync_number, :since, ${FOREVER} FROM store`,
  )
  const update = db.prepare<[object], never>(
    `UPDATE library SET (${facts()}) = (${facts(':')}), touched = (SELECT sync_number FROM store)
      WHERE source = :source AND media_type = :media_type AND tmdb_id = :tmdb_id AND since = :since`,
  )

  /** The row that a report in this generation is held against. */
  function before(key: Key, { generation, isShown }: Target): LibraryRecord | undefined {
    if (isShown) {
      dropNext.run(...key, generation)
      goesOn.run(...key, generation)
    }
    return latest.get(...key)
  }

  return {
    /** A source has an item. */
    add(source: LibrarySource, item: LibraryItem, now: number, target: Target): Outcome {
      const { generation, isShown } = target
      const key: Key = [source, item.mediaType, item.tmdbId]
      const row = { source, media_type: item.mediaType, ...toRow(item), since: generation }
      const old = before(key, target)
      if (!old) {
        insert.run({ ...row, added_at: now })
        return 'added'
      }
      const isSame = FACTS.every((name) => old[name] === row[name])
      // In the next generation it has a row of its own, unless it says the same.
      if (isSame || isShown || old.since === generation) update.run({ ...row, since: old.since })
      else {
        end.run(generation, ...key, old.since)
        insert.run({ ...row, added_at: old.added_at })
      }
      return isSame ? 'same' : 'changed'
    },

    /** A row of another store, unless its source has the title already. */
    restore(given: LibraryRow, target: Target): Outcome {
      const { source, mediaType, tmdbId, addedAt } = given
      if (before([source, mediaType, tmdbId], target)) return 'same'
      insert.run({ source, media_type: mediaType, ...toRow(given), added_at: addedAt, since: target.generation })
      return 'added'
    },

    /** A source has a title no longer. @returns false when it had not */
    remove(source: LibrarySource, { mediaType, tmdbId }: TitleKey): boolean {
      const key: Key = [source, mediaType, tmdbId]
      const had = before(key, { generation: present(), isShown: true }) !== undefined
      db.prepare<Key, never>(`DELETE FROM library WHERE ${where} AND until = ${FOREVER}`).run(...key)
      return had
    },
  }
}

import { MAX_ID } from '@stellarr/core'
import type { Connection } from '../../database/connection.ts'
import { FACTS, FOREVER, facts } from './rows.ts'
import type { Sync } from './staging.ts'

/** Titles of either side that are compared in one transaction. */
const SLICE = 1_000

/** What makes two rows the same; `IS NOT` treats nulls as values. */
const DIFFERS = FACTS.map((name) => `l.${name} IS NOT n.${name}`).join(' OR ')
/** The staged rows of a slice, the last page winning for a title staged twice. */
const STAGED = `SELECT tmdb_id, max(page), ${facts()} FROM sync_items
  WHERE sync_id = :id AND tmdb_id > :after AND tmdb_id <= :upTo GROUP BY tmdb_id`
/** Rows of the source that are shown and that no single report has brought since the sync began. */
const isOld = (row: string) => `${row}.until = ${FOREVER} AND ${row}.since < :next AND ${row}.touched < :number`

/** Compares what was staged with what is shown, and writes the differences into the next generation. */
export function libraryDifferences(db: Connection) {
  const nthStaged = db.prepare<[string, number], { tmdb_id: number }>(
    `SELECT tmdb_id FROM sync_items WHERE sync_id = ? AND tmdb_id > ? ORDER BY tmdb_id LIMIT 1 OFFSET ${SLICE}`,
  )
  const nthShown = db.prepare<[string, string, number], { tmdb_id: number }>(
    `SELECT tmdb_id FROM library WHERE source = ? AND media_type = ? AND tmdb_id > ?
      ORDER BY tmdb_id LIMIT 1 OFFSET ${SLICE}`,
  )
  const insert = db.prepare<[object], { tmdb_id: number }>(
    `INSERT INTO library (source, media_type, tmdb_id, ${facts()}, added_at, touched, since, until)
      SELECT :source, :mediaType, n.tmdb_id, ${facts('n.')}, ifnull(l.added_at, :now), ifnull(l.touched, 0), :next, ${FOREVER}
      FROM (${STAGED}) AS n LEFT JOIN library AS l ON l.source = :source AND l.media_type = :mediaType
        AND l.tmdb_id = n.tmdb_id AND l.until = ${FOREVER} AND l.since < :next
      WHERE l.tmdb_id IS NULL OR (l.touched < :number AND (${DIFFERS})) RETURNING tmdb_id`,
  )
  const end = db.prepare<[object], { tmdb_id: number }>(
    `UPDATE library AS l SET until = :next WHERE l.source = :source AND l.media_type = :mediaType
      AND l.tmdb_id > :after AND l.tmdb_id <= :upTo AND ${isOld('l')}
      AND (NOT EXISTS (SELECT 1 FROM sync_items WHERE sync_id = :id AND tmdb_id = l.tmdb_id)
        OR EXISTS (SELECT 1 FROM library AS n WHERE n.source = :source AND n.media_type = :mediaType
          AND n.tmdb_id = l.tmdb_id AND n.since = :next))
      RETURNING tmdb_id`,
  )

  return {
    /**
     * Prepares one slice, of the titles behind `after`. Inside `write`.
     * @returns up to which title it goes, and the titles of which a row was written and of which one ends
     */
    prepare(
      sync: Sync & { id: string; next: number; now: number },
      after: number,
    ): { upTo: number; inserted: number[]; ended: number[] } {
      const upTo = Math.min(
        nthStaged.get(sync.id, after)?.tmdb_id ?? MAX_ID,
        nthShown.get(sync.source, sync.mediaType, after)?.tmdb_id ?? MAX_ID,
      )
      const names = { ...sync, after, upTo }
      const inserted = insert.all(names).map((row) => row.tmdb_id)
      const ended = end.all(names).map((row) => row.tmdb_id)
      return { upTo, inserted, ended }
    },
  }
}

import { randomUUID } from 'node:crypto'
import {
  type Clock,
  Fault,
  LIBRARY_SOURCES,
  type LibraryItem,
  type LibrarySource,
  type MediaType,
  SYNC_LIFE_MS,
} from '@stellarr/core'
import type { Connection } from '../../database/connection.ts'
import { mediaTypeOf, oneOf } from '../../database/stored-values.ts'
import { inSlices, untilDone } from '../../database/turns.ts'
import { FACTS, facts, toRow } from './rows.ts'

/** Rows that are written or deleted in one transaction. */
const SLICE = 1_000

interface SyncRecord {
  id: string
  source: string
  media_type: string
  number: number
  began_at: number
}

export interface Sync {
  source: LibrarySource
  mediaType: MediaType
  /** Which sync it is, counted over all; see `touched`. */
  number: number
}

/** The pages of running syncs, beside the library and in slices. */
export function sqliteStaging(db: Connection, clock: Clock) {
  const selectSync = db.prepare<[string, number, number], SyncRecord>(
    'SELECT * FROM syncs WHERE id = ? AND abs(began_at - ?) < ?',
  )

  // By place: names cost a fifth of a whole sync.
  const insertItem = db.prepare<unknown[], never>(
    `INSERT OR REPLACE INTO sync_items (sync_id, page, tmdb_id, ${facts()}) VALUES (?, ?, ?, ${FACTS.map(() => '?')})`,
  )
  const begin = db.prepare<[string, number], never>(
    'INSERT OR IGNORE INTO sync_pages (sync_id, page, whole) VALUES (?, ?, 0)',
  )
  const again = db.prepare<[string, number], never>('UPDATE sync_pages SET whole = 0 WHERE sync_id = ? AND page = ?')
  const clear = db.prepare<[string, number], never>('DELETE FROM sync_items WHERE sync_id = ? AND page = ?')
  const end = db.prepare<[string, number], never>('UPDATE sync_pages SET whole = 1 WHERE sync_id = ? AND page = ?')
  const nth = db.prepare<[string], { tmdb_id: number }>(
    `SELECT tmdb_id FROM sync_items WHERE sync_id = ? ORDER BY tmdb_id LIMIT 1 OFFSET ${SLICE}`,
  )

  function find(syncId: string): Sync | undefined {
    const row = selectSync.get(syncId, clock.now(), SYNC_LIFE_MS)
    return (
      row && { source: oneOf(LIBRARY_SOURCES, row.source), mediaType: mediaTypeOf(row.media_type), number: row.number }
    )
  }

  function live(syncId: string): Sync {
    const sync = find(syncId)
    if (!sync)
      throw new Fault('sync_unknown', 'There is no such sync: it ended, or more than an hour has passed. Begin again.')
    return sync
  }

  /** Deletes a sync that nobody knows any more, with all that it staged. */
  async function drop(syncId: string): Promise<void> {
    await untilDone(() =>
      db.write(() => {
        const upTo = nth.get(syncId)
        if (upTo) {
          db.prepare<[string, number], never>('DELETE FROM sync_items WHERE sync_id = ? AND tmdb_id <= ?').run(
            syncId,
            upTo.tmdb_id,
          )
        } else db.prepare<[string], never>('DELETE FROM syncs WHERE id = ?').run(syncId)
        return !upTo
      }),
    )
  }

  return {
    find,
    live,

    async begin(source: LibrarySource, mediaType: MediaType): Promise<string> {
      const dead = await db.read(() =>
        db
          .prepare<[number, number], { id: string }>('SELECT id FROM syncs WHERE began_at <= ? OR began_at >= ?')
          .all(clock.now() - SYNC_LIFE_MS, clock.now() + SYNC_LIFE_MS),
      )
      for (const { id } of dead) await drop(id)
      return db.write(() => {
        const id = randomUUID()
        db.prepare<[], never>('UPDATE store SET sync_number = sync_number + 1').run()
        db.prepare<[string, string, string, number], never>(
          'INSERT INTO syncs (id, source, media_type, number, began_at) SELECT ?, ?, ?, sync_number, ? FROM store',
        ).run(id, source, mediaType, clock.now())
        return id
      })
    },

    /** Stores a page; it counts once all of it is there. */
    async stage(syncId: string, page: number, items: readonly LibraryItem[]): Promise<void> {
      let written = 0
      const write = (slice: readonly LibraryItem[]) =>
        db.write(() => {
          live(syncId)
          if (written === 0 && begin.run(syncId, page).changes === 0) {
            again.run(syncId, page)
            clear.run(syncId, page)
          }
          for (const item of slice) {
            const row = toRow(item)
            insertItem.run(syncId, page, row.tmdb_id, ...FACTS.map((name) => row[name]))
          }
          if (written + slice.length === items.length) end.run(syncId, page)
        })
      if (items.length === 0) await write([])
      await inSlices(SLICE, items, async (slice) => {
        await write(slice)
        written += slice.length
      })
    },

    /** Distinct titles staged. Inside `read`. */
    titles: (syncId: string): number =>
      db
        .prepare<[string], { n: number }>('SELECT count(DISTINCT tmdb_id) AS n FROM sync_items WHERE sync_id = ?')
        .get(syncId)?.n ?? 0,

    /** Pages staged. Inside `read`. */
    pages: (syncId: string): number =>
      db
        .prepare<[string], { n: number }>('SELECT count(*) AS n FROM sync_pages WHERE sync_id = ? AND whole = 1')
        .get(syncId)?.n ?? 0,

    /** Nobody knows the sync any more; what it staged is still there. Inside `write`. */
    end(syncId: string): void {
      db.prepare<[string], never>('UPDATE syncs SET began_at = 0 WHERE id = ?').run(syncId)
    },

    drop,
  }
}

import type { LibrarySource, MediaType, TitleKey } from '@stellarr/core'
import type { Connection } from '../../database/connection.ts'
import { untilDone } from '../../database/turns.ts'
import { FOREVER, shown } from './rows.ts'

/** Rows that are looked at in one transaction. */
const SLICE = 1_000

type Place = [source: string, type: string, id: number, since: number]

/**
 * The generations of the library. A row is in those from `since` to before `until`, and the row of `store` says which one
 * is shown. So a change of thousands of rows is written in slices into the next generation, where no reader sees it, and
 * shown by one update. One at a time may prepare a generation; rows that single reports change are changed in the one
 * that is shown and in the next at once.
 */
export function libraryGenerations(db: Connection) {
  const state = db.prepare<[], { generation: number; preparing: number }>('SELECT generation, preparing FROM store')
  const present = () => state.get()?.generation ?? 0

  const last = db.prepare<Place, { source: string; media_type: string; tmdb_id: number; since: number }>(
    `SELECT source, media_type, tmdb_id, since FROM library WHERE (source, media_type, tmdb_id, since) > (?, ?, ?, ?)
      ORDER BY source, media_type, tmdb_id, since LIMIT 1 OFFSET ${SLICE}`,
  )
  const between = `(source, media_type, tmdb_id, since) > (?, ?, ?, ?)
    AND (source, media_type, tmdb_id, since) <= (?, ?, ?, ?)`
  const removeNext = db.prepare<[...Place, ...Place, number], never>(
    `DELETE FROM library WHERE ${between} AND since > ?`,
  )
  const goOn = db.prepare<[...Place, ...Place, number], never>(
    `UPDATE library SET until = ${FOREVER} WHERE ${between} AND until < ${FOREVER} AND until > ?`,
  )
  const over = db.prepare<
    [string, string, number, number],
    { tmdb_id: number; since: number; until: number; here: number }
  >(
    `SELECT l.tmdb_id, l.since, l.until, EXISTS (
        SELECT 1 FROM library AS v WHERE v.media_type = l.media_type AND v.tmdb_id = l.tmdb_id AND ${shown('v')}
      ) AS here
      FROM library AS l WHERE l.source = ? AND l.media_type = ? AND l.until < ${FOREVER}
        AND (l.tmdb_id, l.since) > (?, ?) ORDER BY l.tmdb_id, l.since LIMIT ${SLICE}`,
  )
  const remove = db.prepare<[string, string, number, number], never>(
    'DELETE FROM library WHERE source = ? AND media_type = ? AND tmdb_id = ? AND since = ?',
  )

  /** Takes out what a change that died before it was shown has left. */
  async function undo(): Promise<void> {
    let from: Place = ['', '', 0, 0]
    await untilDone(() =>
      db.write(() => {
        const found = last.get(...from)
        const to: Place = found ? [found.source, found.media_type, found.tmdb_id, found.since] : ['~', '', 0, 0]
        removeNext.run(...from, ...to, present())
        goOn.run(...from, ...to, present())
        from = to
        if (!found) db.prepare('UPDATE store SET preparing = 0').run()
        return !found
      }),
    )
  }

  return {
    /** The generation that is shown. Inside `read` or `write`. */
    present,

    /** Begins to prepare the next generation; answers its number. */
    async begin(): Promise<number> {
      if (await db.read(() => state.get()?.preparing === 1)) await undo()
      return (await db.read(present)) + 1
    },

    /** Notes that the next generation has rows, so that they are taken out if it is never shown. Inside `write`. */
    mark(): void {
      db.prepare('UPDATE store SET preparing = 1 WHERE preparing = 0').run()
    },

    /** Shows the next generation. Inside `write`. */
    show(): void {
      db.prepare('UPDATE store SET generation = generation + 1, preparing = 0').run()
      db.bumpRevision()
    },

    /**
     * Deletes rows of a source that others have taken the place of. What no source has in their place stays, remembered
     * as removed.
     * @returns the titles that stay remembered
     */
    async sweep(source: LibrarySource, mediaType: MediaType): Promise<TitleKey[]> {
      const left = new Set<number>()
      let from: [id: number, since: number] = [0, 0]
      await untilDone(() =>
        db.write(() => {
          const rows = over.all(source, mediaType, ...from)
          for (const row of rows) {
            from = [row.tmdb_id, row.since]
            if (row.until > present()) continue
            if (row.here === 1) remove.run(source, mediaType, row.tmdb_id, row.since)
            else left.add(row.tmdb_id)
          }
          return rows.length < SLICE
        }),
      )
      return [...left].map((tmdbId) => ({ mediaType, tmdbId }))
    },
  }
}

export type LibraryGenerations = ReturnType<typeof libraryGenerations>

import { randomUUID } from 'node:crypto'
import {
  type Clock,
  Fault,
  LIBRARY_SOURCES,
  type LibraryItem,
  type LibraryRepository,
  type LibraryRow,
  type MediaType,
  SYNC_LIFE_MS,
  type TitleKey,
} from '@stellarr/core'
import type { Selectable } from 'kysely'
import type { Connection } from '../database/connection.ts'
import type { LibraryTable } from '../database/schema.ts'
import { mediaTypeOf, oneOf } from '../database/stored-values.ts'

type LibraryRecord = Selectable<LibraryTable>

interface SyncRecord {
  id: string
  source: string
  media_type: string
  number: number
  began_at: number
}

const PAGE = 1_000
/** What makes two rows the same; `IS NOT` treats nulls as values. */
const DIFFERS =
  'l.tvdb_id IS NOT n.tvdb_id OR l.imdb_id IS NOT n.imdb_id OR l.title IS NOT n.title OR l.seasons IS NOT n.seasons'
/** The staged rows of a sync, the last page winning for a title staged twice. */
const STAGED =
  'SELECT tmdb_id, max(page), tvdb_id, imdb_id, title, seasons FROM sync_items WHERE sync_id = :id GROUP BY tmdb_id'

type ItemColumns = [tvdbId: number | null, imdbId: string | null, title: string | null, seasons: string | null]

function columnsOf(item: LibraryItem): ItemColumns {
  return [
    item.tvdbId ?? null,
    item.imdbId ?? null,
    item.title ?? null,
    item.seasons === undefined ? null : JSON.stringify(item.seasons),
  ]
}

function fromRecord(row: LibraryRecord): LibraryRow {
  const item: LibraryRow = {
    source: oneOf(LIBRARY_SOURCES, row.source),
    mediaType: mediaTypeOf(row.media_type),
    tmdbId: row.tmdb_id,
    addedAt: row.added_at,
  }
  if (row.tvdb_id !== null) item.tvdbId = row.tvdb_id
  if (row.imdb_id !== null) item.imdbId = row.imdb_id
  if (row.title !== null) item.title = row.title
  if (row.seasons !== null) item.seasons = JSON.parse(row.seasons)
  return item
}

/** The library in SQLite. Syncs are staged beside it and switched in one transaction that writes differences only. */
export function sqliteLibraryRepository(db: Connection, clock: Clock): LibraryRepository {
  const findSync = db.prepare<[string, number], SyncRecord>('SELECT * FROM syncs WHERE id = ? AND began_at > ?')

  function liveSync(syncId: string): SyncRecord {
    const sync = findSync.get(syncId, clock.now() - SYNC_LIFE_MS)
    if (!sync)
      throw new Fault('sync_unknown', 'There is no such sync: it ended, or more than an hour has passed. Begin again.')
    return sync
  }

  return {
    beginSync: (source, mediaType) =>
      db.write(() => {
        const now = clock.now()
        db.prepare<[number], never>('DELETE FROM syncs WHERE began_at <= ?').run(now - SYNC_LIFE_MS)
        const id = randomUUID()
        db.prepare<[], never>('UPDATE store SET sync_number = sync_number + 1').run()
        db.prepare<[string, string, string, number], never>(
          'INSERT INTO syncs (id, source, media_type, number, began_at) SELECT ?, ?, ?, sync_number, ? FROM store',
        ).run(id, source, mediaType, now)
        return id
      }),

    findSync: (syncId) =>
      db.read(() => {
        const sync = findSync.get(syncId, clock.now() - SYNC_LIFE_MS)
        return sync && { source: oneOf(LIBRARY_SOURCES, sync.source), mediaType: mediaTypeOf(sync.media_type) }
      }),

    stage: (syncId, page, items) =>
      db.write(() => {
        liveSync(syncId)
        db.prepare<[string, number], never>('DELETE FROM sync_items WHERE sync_id = ? AND page = ?').run(syncId, page)
        db.prepare<[string, number], never>('INSERT OR IGNORE INTO sync_pages (sync_id, page) VALUES (?, ?)').run(
          syncId,
          page,
        )
        const insert = db.prepare<[string, number, number, ...ItemColumns], never>(
          'INSERT OR REPLACE INTO sync_items (sync_id, tmdb_id, page, tvdb_id, imdb_id, title, seasons) VALUES (?, ?, ?, ?, ?, ?, ?)',
        )
        for (const item of items) insert.run(syncId, item.tmdbId, page, ...columnsOf(item))
      }),

    preview: (syncId) =>
      db.read(() => {
        const sync = liveSync(syncId)
        const count = (text: string, ...values: unknown[]) =>
          db.prepare<unknown[], { n: number }>(text).get(...values)?.n ?? 0
        return {
          current: count(
            'SELECT count(*) AS n FROM library WHERE source = ? AND media_type = ?',
            sync.source,
            sync.media_type,
          ),
          staged: count('SELECT count(DISTINCT tmdb_id) AS n FROM sync_items WHERE sync_id = ?', syncId),
          pages: count('SELECT count(*) AS n FROM sync_pages WHERE sync_id = ?', syncId),
        }
      }),

    commit: (syncId) =>
      db.write(() => {
        const sync = liveSync(syncId)
        const mediaType = mediaTypeOf(sync.media_type)
        const names = { id: syncId, source: sync.source, type: sync.media_type, number: sync.number, now: clock.now() }
        const toKeys = (rows: { tmdb_id: number }[]): TitleKey[] =>
          rows.map((row) => ({ mediaType, tmdbId: row.tmdb_id }))
        const staged = db.prepare<[object], { n: number }>(`SELECT count(*) AS n FROM (${STAGED})`).get(names)?.n ?? 0
        const removed = db
          .prepare<[object], { tmdb_id: number }>(
            `DELETE FROM library WHERE source = :source AND media_type = :type AND touched < :number
              AND tmdb_id NOT IN (SELECT tmdb_id FROM sync_items WHERE sync_id = :id) RETURNING tmdb_id`,
          )
          .all(names)
        const changed = db
          .prepare<[object], never>(
            `UPDATE library AS l SET tvdb_id = n.tvdb_id, imdb_id = n.imdb_id, title = n.title, seasons = n.seasons
              FROM (${STAGED}) AS n WHERE l.source = :source AND l.media_type = :type AND l.tmdb_id = n.tmdb_id
              AND l.touched < :number AND (${DIFFERS})`,
          )
          .run(names).changes
        const added = db
          .prepare<[object], { tmdb_id: number }>(
            `INSERT INTO library (source, media_type, tmdb_id, tvdb_id, imdb_id, title, seasons, added_at, touched)
              SELECT :source, :type, n.tmdb_id, n.tvdb_id, n.imdb_id, n.title, n.seasons, :now, 0 FROM (${STAGED}) AS n
              WHERE true ON CONFLICT DO NOTHING RETURNING tmdb_id`,
          )
          .all(names)
        db.prepare<[string], never>('DELETE FROM syncs WHERE id = ?').run(syncId)
        if (removed.length + changed + added.length > 0) db.bumpRevision()
        const byId = (a: TitleKey, b: TitleKey) => a.tmdbId - b.tmdbId
        return {
          added: toKeys(added).sort(byId),
          removed: toKeys(removed).sort(byId),
          unchanged: staged - changed - added.length,
        }
      }),

    add: (source, items) =>
      db.write(() => {
        const before = db.prepare<[string, string, number], LibraryRecord>(
          'SELECT * FROM library WHERE source = ? AND media_type = ? AND tmdb_id = ?',
        )
        const insert = db.prepare<[string, string, number, ...ItemColumns, number], never>(
          `INSERT INTO library (source, media_type, tmdb_id, tvdb_id, imdb_id, title, seasons, added_at, touched)
            SELECT ?, ?, ?, ?, ?, ?, ?, ?, sync_number FROM store`,
        )
        const update = db.prepare<[...ItemColumns, string, string, number], never>(
          `UPDATE library SET tvdb_id = ?, imdb_id = ?, title = ?, seasons = ?, touched = (SELECT sync_number FROM store)
            WHERE source = ? AND media_type = ? AND tmdb_id = ?`,
        )
        const added: TitleKey[] = []
        let changed = 0
        for (const item of items) {
          const columns = columnsOf(item)
          const old = before.get(source, item.mediaType, item.tmdbId)
          if (!old) {
            insert.run(source, item.mediaType, item.tmdbId, ...columns, clock.now())
            added.push({ mediaType: item.mediaType, tmdbId: item.tmdbId })
            continue
          }
          const same = [old.tvdb_id, old.imdb_id, old.title, old.seasons].every(
            (value, index) => value === columns[index],
          )
          if (!same) changed += 1
          update.run(...columns, source, item.mediaType, item.tmdbId)
        }
        if (added.length + changed > 0) db.bumpRevision()
        return added
      }),

    restore: (rows) =>
      db.write(() => {
        const insert = db.prepare<[string, string, number, ...ItemColumns, number], never>(
          `INSERT INTO library (source, media_type, tmdb_id, tvdb_id, imdb_id, title, seasons, added_at, touched)
            SELECT ?, ?, ?, ?, ?, ?, ?, ?, sync_number FROM store WHERE true ON CONFLICT DO NOTHING`,
        )
        let restored = 0
        for (const row of rows) {
          restored += insert.run(row.source, row.mediaType, row.tmdbId, ...columnsOf(row), row.addedAt).changes
        }
        if (restored > 0) db.bumpRevision()
        return restored
      }),

    remove: (source, key) =>
      db.write(() => {
        const { changes } = db
          .prepare<[string, string, number], never>(
            'DELETE FROM library WHERE source = ? AND media_type = ? AND tmdb_id = ?',
          )
          .run(source, key.mediaType, key.tmdbId)
        if (changes > 0) db.bumpRevision()
        return changes > 0
      }),

    findMany: (keys) =>
      db.read(() => {
        const find = db.prepare<[string, string], LibraryRecord>(
          'SELECT * FROM library WHERE media_type = ? AND tmdb_id IN (SELECT value FROM json_each(?)) ORDER BY source',
        )
        const found = new Map<string, LibraryRow[]>()
        for (const type of ['movie', 'tv'] as const) {
          const ids = keys.filter((key) => key.mediaType === type).map((key) => key.tmdbId)
          if (ids.length === 0) continue
          for (const row of find.all(type, JSON.stringify(ids))) {
            const name = `${type}/${row.tmdb_id}`
            found.set(name, [...(found.get(name) ?? []), fromRecord(row)])
          }
        }
        const names = new Set(keys.map((key) => `${key.mediaType}/${key.tmdbId}`))
        return [...names].flatMap((name) => found.get(name) ?? [])
      }),

    listIds: () =>
      db.read(() => {
        const ids = (type: MediaType) =>
          db
            .prepare<[string], { tmdb_id: number }>(
              'SELECT DISTINCT tmdb_id FROM library WHERE media_type = ? ORDER BY tmdb_id',
            )
            .all(type)
            .map((row) => row.tmdb_id)
        return { movie: ids('movie'), tv: ids('tv') }
      }),

    exportAll: (cursor) =>
      db.read(() => {
        const [source = '', type = '', id = '0'] = cursor?.split('/') ?? []
        const rows = db
          .prepare<[string, string, number, number], LibraryRecord>(
            'SELECT * FROM library WHERE (source, media_type, tmdb_id) > (?, ?, ?) ORDER BY source, media_type, tmdb_id LIMIT ?',
          )
          .all(source, type, Number(id), PAGE)
          .map(fromRecord)
        const last = rows.length === PAGE ? rows.at(-1) : undefined
        return last ? { rows, cursor: `${last.source}/${last.mediaType}/${last.tmdbId}` } : { rows }
      }),
  }
}

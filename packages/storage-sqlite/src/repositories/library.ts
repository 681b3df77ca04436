import { randomUUID } from 'node:crypto'
import {
  type Clock,
  Fault,
  LIBRARY_SOURCES,
  type LibraryItem,
  type LibraryRepository,
  type LibraryRow,
  type LibrarySource,
  type MediaType,
  SYNC_LIFE_MS,
  type TitleKey,
} from '@stellarr/core'
import type { Selectable } from 'kysely'
import type { Connection } from '../database/connection.ts'
import type { LibraryTable } from '../database/schema.ts'
import { mediaTypeOf, oneOf } from '../database/stored-values.ts'
import { nameOf, PAGE, page } from './page.ts'

type LibraryRecord = Selectable<LibraryTable>

interface SyncRecord {
  id: string
  source: string
  media_type: string
  number: number
  began_at: number
}

interface Sync {
  source: LibrarySource
  mediaType: MediaType
  /** Which sync it is, counted over all; see `touched`. */
  number: number
}

/** What a media server says of a title. */
const FACTS = ['tvdb_id', 'imdb_id', 'title', 'seasons'] as const
type ItemRecord = Pick<LibraryRecord, 'tmdb_id' | (typeof FACTS)[number]>

/** `tvdb_id, imdb_id, …`, each with what stands before its name. */
const facts = (before = '') => FACTS.map((name) => `${before}${name}`).join(', ')
/** What makes two rows the same; `IS NOT` treats nulls as values. */
const DIFFERS = FACTS.map((name) => `l.${name} IS NOT n.${name}`).join(' OR ')
/** The staged rows of a sync, the last page winning for a title staged twice. */
const STAGED = `SELECT tmdb_id, max(page), ${facts()} FROM sync_items WHERE sync_id = :id GROUP BY tmdb_id`
const INSERT = `INSERT INTO library (source, media_type, tmdb_id, ${facts()}, added_at, touched)`

function toRow(item: LibraryItem): ItemRecord {
  return {
    tmdb_id: item.tmdbId,
    tvdb_id: item.tvdbId ?? null,
    imdb_id: item.imdbId ?? null,
    title: item.title ?? null,
    seasons: item.seasons === undefined ? null : JSON.stringify(item.seasons),
  }
}

function fromRow(row: LibraryRecord): LibraryRow {
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

const syncFromRow = ({ source, media_type, number }: SyncRecord): Sync => ({
  source: oneOf(LIBRARY_SOURCES, source),
  mediaType: mediaTypeOf(media_type),
  number,
})

/** The library in SQLite. Syncs are staged beside it and switched in one transaction that writes differences only. */
export function sqliteLibraryRepository(db: Connection, clock: Clock): LibraryRepository {
  const selectSync = db.prepare<[string, number], SyncRecord>('SELECT * FROM syncs WHERE id = ? AND began_at > ?')
  /** Adds a title of a source, unless it is there, as reported after the syncs that have begun. */
  const insert = db.prepare<[object], never>(
    `${INSERT} SELECT :source, :media_type, :tmdb_id, ${facts(':')}, :added_at, sync_number FROM store
      WHERE true ON CONFLICT DO NOTHING`,
  )

  function findSync(syncId: string): Sync | undefined {
    const row = selectSync.get(syncId, clock.now() - SYNC_LIFE_MS)
    return row && syncFromRow(row)
  }

  function liveSync(syncId: string): Sync {
    const sync = findSync(syncId)
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
        const sync = findSync(syncId)
        return sync && { source: sync.source, mediaType: sync.mediaType }
      }),

    stage: (syncId, page, items) =>
      db.write(() => {
        liveSync(syncId)
        db.prepare<[string, number], never>('DELETE FROM sync_items WHERE sync_id = ? AND page = ?').run(syncId, page)
        db.prepare<[string, number], never>('INSERT OR IGNORE INTO sync_pages (sync_id, page) VALUES (?, ?)').run(
          syncId,
          page,
        )
        // By place: names cost a fifth of a whole sync.
        const insertItem = db.prepare<unknown[], never>(
          `INSERT OR REPLACE INTO sync_items (sync_id, page, tmdb_id, ${facts()}) VALUES (?, ?, ?, ${FACTS.map(() => '?')})`,
        )
        for (const item of items) {
          const row = toRow(item)
          insertItem.run(syncId, page, row.tmdb_id, ...FACTS.map((name) => row[name]))
        }
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
            sync.mediaType,
          ),
          staged: count('SELECT count(DISTINCT tmdb_id) AS n FROM sync_items WHERE sync_id = ?', syncId),
          pages: count('SELECT count(*) AS n FROM sync_pages WHERE sync_id = ?', syncId),
        }
      }),

    commit: (syncId) =>
      db.write(() => {
        const { source, mediaType, number } = liveSync(syncId)
        const names = { id: syncId, source, type: mediaType, number, now: clock.now() }
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
            `UPDATE library AS l SET (${facts()}) = (${facts('n.')})
              FROM (${STAGED}) AS n WHERE l.source = :source AND l.media_type = :type AND l.tmdb_id = n.tmdb_id
              AND l.touched < :number AND (${DIFFERS})`,
          )
          .run(names).changes
        const added = db
          .prepare<[object], { tmdb_id: number }>(
            `${INSERT} SELECT :source, :type, n.tmdb_id, ${facts('n.')}, :now, 0 FROM (${STAGED}) AS n
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
        const update = db.prepare<[object], never>(
          `UPDATE library SET (${facts()}) = (${facts(':')}), touched = (SELECT sync_number FROM store)
            WHERE source = :source AND media_type = :media_type AND tmdb_id = :tmdb_id`,
        )
        const added: TitleKey[] = []
        let changed = 0
        for (const item of items) {
          const { mediaType, tmdbId } = item
          const row = { source, media_type: mediaType, ...toRow(item) }
          const old = before.get(source, mediaType, tmdbId)
          if (!old) {
            insert.run({ ...row, added_at: clock.now() })
            added.push({ mediaType, tmdbId })
            continue
          }
          if (FACTS.some((name) => old[name] !== row[name])) changed += 1
          update.run(row)
        }
        if (added.length + changed > 0) db.bumpRevision()
        return added
      }),

    restore: (rows) =>
      db.write(() => {
        let restored = 0
        for (const row of rows) {
          const { source, mediaType, addedAt } = row
          restored += insert.run({ source, media_type: mediaType, ...toRow(row), added_at: addedAt }).changes
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
            const one = fromRow(row)
            const name = nameOf(one)
            found.set(name, [...(found.get(name) ?? []), one])
          }
        }
        const names = new Set(keys.map(nameOf))
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
          .map(fromRow)
        return page(rows, (row) => `${row.source}/${nameOf(row)}`)
      }),
  }
}

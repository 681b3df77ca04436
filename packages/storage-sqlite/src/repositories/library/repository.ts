import {
  type Clock,
  type LibraryItem,
  type LibraryRepository,
  type LibraryRow,
  type LibrarySource,
  MAX_ID,
  type MediaType,
  type TitleKey,
} from '@stellarr/core'
import type { Connection } from '../../database/connection.ts'
import { inSlices, oneAtATime, untilDone } from '../../database/turns.ts'
import { nameOf, PAGE, page } from '../page.ts'
import { libraryDifferences } from './differences.ts'
import { libraryGenerations } from './generations.ts'
import { libraryReports, type Target } from './reports.ts'
import { fromRow, type LibraryRecord, shown } from './rows.ts'
import { sqliteStaging } from './staging.ts'

/** Titles that are read or written in one go. */
const SLICE = 500

/** The library in SQLite. Syncs are staged beside it, and their differences prepared in slices and shown at once. */
export function sqliteLibraryRepository(db: Connection, clock: Clock): LibraryRepository {
  const generations = libraryGenerations(db)
  const staging = sqliteStaging(db, clock)
  const differences = libraryDifferences(db)
  const reports = libraryReports(db, generations)
  /** Whoever prepares a generation, and whoever stages what another is comparing. */
  const inTurn = oneAtATime()

  const forget = db.prepare<[string, string, number], never>(
    `DELETE FROM library WHERE source = ? AND media_type = ? AND tmdb_id = ?
      AND until <= (SELECT generation FROM store)`,
  )
  const find = db.prepare<[string, string, number, number], LibraryRecord>(
    `SELECT * FROM library WHERE media_type = ? AND tmdb_id IN (SELECT value FROM json_each(?))
      AND since <= ? AND until > ? ORDER BY source`,
  )

  /** Applies reports: a few at once, where all see them; many in the next generation, which is shown once all are there. */
  async function report<Item extends LibraryItem>(
    items: readonly Item[],
    one: (item: Item, target: Target) => 'added' | 'changed' | 'same',
    sources: () => Iterable<LibrarySource>,
  ): Promise<Item[]> {
    const added: Item[] = []
    let changed = 0
    const apply = (slice: readonly Item[], target: Target) => {
      const before = changed
      for (const item of slice) {
        const outcome = one(item, target)
        if (outcome !== 'same') changed += 1
        if (outcome === 'added') added.push(item)
      }
      return changed > before
    }
    if (items.length <= SLICE) {
      await db.write(() => {
        // Should it have to be written again, it is counted again.
        added.length = 0
        changed = 0
        if (apply(items, { generation: generations.present(), isShown: true })) db.bumpRevision()
      })
      return added
    }
    await inTurn(async () => {
      const generation = await generations.begin()
      await inSlices(SLICE, items, (slice) =>
        db.write(() => {
          if (apply(slice, { generation, isShown: false })) generations.mark()
        }),
      )
      if (changed === 0) return
      await db.write(() => generations.show())
      for (const source of sources()) for (const type of ['movie', 'tv'] as const) await tidy(source, type)
    })
    return added
  }

  /** Deletes what nothing hangs on. What fails is deleted after the next sync. */
  const tidy = (source: LibrarySource, type: MediaType) => generations.sweep(source, type).catch(() => [])

  return {
    beginSync: (source, mediaType) => staging.begin(source, mediaType),

    findSync: (syncId) =>
      db.read(() => {
        const sync = staging.find(syncId)
        return sync && { source: sync.source, mediaType: sync.mediaType }
      }),

    stage: (syncId, page, items) => inTurn(() => staging.stage(syncId, page, items)),

    preview: (syncId) =>
      db.read(() => {
        const { source, mediaType } = staging.live(syncId)
        const rows = db.prepare<[string, string], { n: number }>(
          `SELECT count(*) AS n FROM library AS l WHERE source = ? AND media_type = ? AND ${shown('l')}`,
        )
        return {
          current: rows.get(source, mediaType)?.n ?? 0,
          staged: staging.titles(syncId),
          pages: staging.pages(syncId),
        }
      }),

    commit: (syncId) =>
      inTurn(async () => {
        const sync = await db.read(() => staging.live(syncId))
        const { source, mediaType } = sync
        const next = await generations.begin()
        const staged = await db.read(() => staging.titles(syncId))
        const [added, removed]: [number[], number[]] = [[], []]
        let changed = 0
        let after = 0
        await untilDone(() =>
          db.write(() => {
            const slice = differences.prepare({ ...sync, id: syncId, next, now: clock.now() }, after)
            if (slice.inserted.length + slice.ended.length > 0) generations.mark()
            const ended = new Set(slice.ended)
            const inserted = new Set(slice.inserted)
            for (const id of slice.inserted) if (!ended.has(id)) added.push(id)
            for (const id of slice.ended) if (!inserted.has(id)) removed.push(id)
            changed += slice.inserted.filter((id) => ended.has(id)).length
            after = slice.upTo
            return slice.upTo === MAX_ID
          }),
        )
        await db.write(() => {
          if (added.length + removed.length + changed > 0) generations.show()
          staging.end(syncId)
        })
        // It is shown: what is left behind from here on is deleted after the next sync.
        const remembered = await tidy(source, mediaType)
        await staging.drop(syncId).catch(() => undefined)
        const toKeys = (ids: number[]): TitleKey[] => ids.sort((a, b) => a - b).map((tmdbId) => ({ mediaType, tmdbId }))
        const isNews = new Set(removed)
        return {
          added: toKeys(added),
          removed: toKeys(removed),
          left: remembered.filter((key) => !isNews.has(key.tmdbId)),
          unchanged: staged - changed - added.length,
        }
      }),

    async forgetRemoved(source, keys) {
      await inSlices(SLICE, keys, (slice) =>
        db.write(() => {
          for (const { mediaType, tmdbId } of slice) forget.run(source, mediaType, tmdbId)
        }),
      )
    },

    async add(source, items) {
      const now = clock.now()
      const added = await report(
        items,
        (item, target) => reports.add(source, item, now, target),
        () => [source],
      )
      return added.map(({ mediaType, tmdbId }) => ({ mediaType, tmdbId }))
    },

    async restore(rows) {
      const restored = await report(
        rows,
        (row, target) => reports.restore(row, target),
        () => new Set(rows.map((row) => row.source)),
      )
      return restored.length
    },

    remove: (source, key) =>
      db.write(() => {
        const removed = reports.remove(source, key)
        if (removed) db.bumpRevision()
        return removed
      }),

    async findMany(keys) {
      const names = [...new Map(keys.map((key) => [nameOf(key), key])).entries()]
      for (;;) {
        const generation = await db.read(generations.present)
        const found = new Map<string, LibraryRow[]>()
        await inSlices(SLICE, names, (slice) =>
          db.read(() => {
            for (const type of ['movie', 'tv'] as const) {
              const ids = slice.flatMap(([, key]) => (key.mediaType === type ? [key.tmdbId] : []))
              if (ids.length === 0) continue
              for (const row of find.all(type, JSON.stringify(ids), generation, generation)) {
                const one = fromRow(row)
                const name = nameOf(one)
                const rows = found.get(name)
                if (rows) rows.push(one)
                else found.set(name, [one])
              }
            }
          }),
        )
        // Another generation was shown between two slices: rows of this one may have been deleted by now.
        if ((await db.read(generations.present)) === generation) return names.flatMap(([name]) => found.get(name) ?? [])
      }
    },

    listIds: () =>
      db.read(() => {
        const ids = (type: MediaType) =>
          db
            .prepare<[string], { tmdb_id: number }>(
              `SELECT DISTINCT tmdb_id FROM library AS l WHERE media_type = ? AND ${shown('l')} ORDER BY tmdb_id`,
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
            `SELECT * FROM library AS l WHERE (source, media_type, tmdb_id) > (?, ?, ?) AND ${shown('l')}
              ORDER BY source, media_type, tmdb_id LIMIT ?`,
          )
          .all(source, type, Number(id), PAGE)
          .map(fromRow)
        return page(rows, (row) => `${row.source}/${nameOf(row)}`)
      }),
  }
}

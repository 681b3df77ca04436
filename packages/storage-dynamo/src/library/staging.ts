import {
  type Clock,
  Fault,
  isSyncAlive,
  LIBRARY_SOURCES,
  type LibraryItem,
  type LibrarySource,
  MEDIA_TYPES,
  type MediaType,
  SYNC_LIFE_MS,
} from '@stellarr/core'
import { inParallel, inRuns } from '../client/parallel.ts'
import { damaged, fromJson, oneOf, type Row, text, ttlAt, whole } from '../table/attribute-values.ts'
import { syncKey, syncPartKey } from '../table/keys.ts'
import type { TableClient } from '../table/table-client.ts'
import { type Facts, factsOf } from './rows.ts'

/** A running sync. */
export interface Sync {
  source: LibrarySource
  mediaType: MediaType
  /** Which sync it is, counted over all: see `t` in rows.ts. */
  number: number
}

export interface Staged extends Sync {
  /** What was staged by TMDB id, the last page and item winning. */
  titles: Map<number, Facts>
  pages: number
}

/** DynamoDB takes items of 400 KB, names and keys included. */
const PART_BYTES = 380_000
/** Packed at once; about 200 KB of titles, 60 KB packed. */
const PART_ITEMS = 2_500
const WIDTH = 4

type PackedItem = [tmdbId: number, facts: Facts]

/** Some items in parts that fit an item each. Packed, since DynamoDB bills a unit for every kilobyte written. */
export function pack(items: readonly PackedItem[]): Uint8Array[] {
  const { deflateRawSync } = process.getBuiltinModule('node:zlib')
  const packed = deflateRawSync(JSON.stringify(items))
  if (packed.length <= PART_BYTES || items.length < 2) return [packed]
  const middle = items.length >> 1
  return [...pack(items.slice(0, middle)), ...pack(items.slice(middle))]
}

function unpack(packed: Uint8Array): PackedItem[] {
  const { inflateRawSync } = process.getBuiltinModule('node:zlib')
  return fromJson(inflateRawSync(packed).toString())
}

const headToRow = ({ source, mediaType, number }: Sync, beganAt: number): Row => ({
  source,
  type: mediaType,
  number,
  began_at: beganAt,
  ttl: ttlAt(beganAt + SYNC_LIFE_MS),
})

const headFromRow = (row: Row): Sync & { beganAt: number } => ({
  source: oneOf(LIBRARY_SOURCES, text(row, 'source')),
  mediaType: oneOf(MEDIA_TYPES, text(row, 'type')),
  number: whole(row, 'number'),
  beganAt: whole(row, 'began_at'),
})

/** One of the rows that hold a page. */
interface Part {
  page: number
  part: number
  /** How many the page has. */
  parts: number
  /** What parts that were staged together have in common. */
  stamp: string
  items: Uint8Array
}

const partToRow = (syncId: string, part: Part, ttl: number): Row => ({
  ...syncPartKey(syncId, part.page, part.part),
  ...part,
  ttl,
})

function partFromRow(row: Row): Part {
  const { items } = row
  if (!(items instanceof Uint8Array)) throw damaged('a staged page without items')
  const [page, part, parts] = [whole(row, 'page'), whole(row, 'part'), whole(row, 'parts')]
  return { page, part, parts, stamp: text(row, 'stamp'), items }
}

/**
 * The pages of running syncs: whole, packed, in rows of their own, so that a sync that is never committed touches no row
 * of the library and dies with its rows (TTL). A commit compares them with the library and writes the differences.
 */
export interface Staging {
  begin(sync: Sync): Promise<string>
  /** Undefined when unknown, dead or ended. */
  find(syncId: string): Promise<Sync | undefined>
  /** Stores a page in place of an earlier one of that number. Throws `sync_unknown`. */
  stage(syncId: string, page: number, items: readonly LibraryItem[]): Promise<void>
  /** All that was staged. Throws `sync_unknown`, and `storage_unavailable` while a page is being replaced. */
  read(syncId: string): Promise<Staged>
  /** Makes the sync unknown; its pages are left to TTL, which deletes them free of charge. */
  end(syncId: string): Promise<void>
}

export function dynamoStaging(table: TableClient, clock: Clock): Staging {
  /** The running sync of a head row; dead ones may still be there, TTL takes up to two days. */
  function alive(row: Row | undefined): Sync | undefined {
    if (!row) return undefined
    const { beganAt, ...sync } = headFromRow(row)
    return isSyncAlive(beganAt, clock.now()) ? sync : undefined
  }

  function known(sync: Sync | undefined): Sync {
    if (sync) return sync
    throw new Fault('sync_unknown', 'There is no such sync: it ended, or more than an hour has passed. Begin again.')
  }

  const find = async (syncId: string) => alive(await table.get(syncKey(syncId)))

  return {
    async begin(sync) {
      const syncId = crypto.randomUUID()
      await table.put({ ...syncKey(syncId), ...headToRow(sync, clock.now()) })
      return syncId
    },

    find,

    async stage(syncId, page, items) {
      known(await find(syncId))
      const packed = inRuns(PART_ITEMS, [...items.map((item): PackedItem => [item.tmdbId, factsOf(item)])]).flatMap(
        pack,
      )
      const parts = packed.length === 0 ? pack([]) : packed
      // The first part names the others by their stamp and comes last: until then an earlier page stands, or none.
      const stamp = crypto.randomUUID()
      const ttl = ttlAt(clock.now() + SYNC_LIFE_MS)
      const rows = parts.map((items, part) => partToRow(syncId, { page, part, parts: parts.length, stamp, items }, ttl))
      const [first, ...others] = rows
      await inParallel(WIDTH, others, (row) => table.put(row))
      if (first) await table.put(first)
    },

    async read(syncId) {
      const [head, ...rows] = await table.query({ partition: syncKey(syncId).media_type })
      const sync = known(head && whole(head, 'tmdb_id') === 0 ? alive(head) : undefined)
      const titles = new Map<number, Facts>()
      let pages = 0
      const staged = rows.map(partFromRow)
      for (const { page, stamp, parts } of staged.filter(({ part }) => part === 0)) {
        pages += 1
        const together = staged.filter((one) => one.page === page && one.stamp === stamp)
        if (together.length !== parts) {
          throw new Fault('storage_unavailable', 'A page of this sync is being replaced just now. Try again.')
        }
        for (const { items } of together) for (const [tmdbId, facts] of unpack(items)) titles.set(tmdbId, facts)
      }
      return { ...sync, titles, pages }
    },

    async end(syncId) {
      await table.remove(syncKey(syncId))
    },
  }
}

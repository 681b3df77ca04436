import type { ExportPage } from '../base/index.ts'
import { Fault } from '../base/index.ts'
import { OLDER_MARK } from '../clients/index.ts'
import type { LibraryRow } from '../library/index.ts'
import type { MediaRequest } from '../requests/index.ts'
import { FEED_SETTINGS, markImport, mergeFeedSettings, parseFeedSettings } from '../routing/index.ts'
import type { Storage } from '../storage.ts'
import type { PushSubscription } from '../telling/index.ts'
import type { TitleKey } from '../titles/index.ts'
import type { ImportOptions, ImportProgress } from './import-start.ts'

/** What moves, in its order: what later rows hang on comes first, the requests that the feeds show last. */
export const HOUSE_KINDS = ['setting', 'guid', 'subscription', 'library', 'request'] as const
export type HouseKind = (typeof HOUSE_KINDS)[number]

/** The rows of each kind, as the ports have them. Times are epoch ms. */
export interface HouseRows {
  setting: { name: string; value: string }
  guid: { guid: string } & TitleKey & { tvdbId?: number }
  subscription: PushSubscription
  library: LibraryRow
  request: MediaRequest
}

export type HouseRow = { [Kind in HouseKind]: { kind: Kind; row: HouseRows[Kind] } }[HouseKind]

/** Where an export goes on: a kind, and the cursor of its port (none: from its first row). */
export interface HousePlace {
  kind: HouseKind
  cursor?: string
}

export interface HousePage {
  rows: HouseRow[]
  /** Absent after the last page of all. */
  next?: HousePlace
}

/** Rows that are written or compared at once: as many as the slowest store still asks for by their names. */
export const HOUSE_BATCH = 250

/** Where it is noted how far an import into this store has come. */
export const IMPORT_PROGRESS = 'import-progress'
/** Settings that belong to one store alone: what was said of it (`store-confirmed` on AWS), and what fills it. */
const OWN_SETTINGS: readonly string[] = [OLDER_MARK, 'store-confirmed', IMPORT_PROGRESS]

/** True for a setting that moves with the house. */
export const isCarried = (name: string): boolean => !OWN_SETTINGS.includes(name)

/** One text for what is equal: the names of all objects in order, what is undefined left out. */
export function canonicalText(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (part === null || typeof part !== 'object' || Array.isArray(part)) return part
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
  })
}

/** The routing of the feeds in its one wording, without the mark of an import. */
const plainFeeds = (stored: string | undefined) => JSON.stringify(markImport(parseFeedSettings(stored)))

/**
 * Reads a whole store, page by page.
 * @param from where an earlier reading was left; from the beginning when absent
 * @throws Fault `import_running` for a store that is being filled itself, and what the store throws
 */
export async function* exportHouse(storage: Storage, from?: HousePlace): AsyncGenerator<HousePage> {
  const { importing } = parseFeedSettings(await storage.settings.get(FEED_SETTINGS))
  if (importing !== undefined) {
    throw new Fault('import_running', 'An import into this store has begun and not ended: it is not whole.')
  }
  let place: HousePlace | undefined = from ?? { kind: HOUSE_KINDS[0] }
  while (place) {
    const { kind, cursor }: HousePlace = place
    const page = await pageOf(storage, kind, cursor)
    const following: HouseKind | undefined = HOUSE_KINDS[HOUSE_KINDS.indexOf(kind) + 1]
    if (page.cursor !== undefined) place = { kind, cursor: page.cursor }
    else place = following && { kind: following }
    yield place ? { rows: page.rows, next: place } : { rows: page.rows }
  }
}

async function pageOf(storage: Storage, kind: HouseKind, cursor?: string): Promise<ExportPage<HouseRow>> {
  const named = <Kind extends HouseKind, Row>(name: Kind, page: ExportPage<Row>) => ({
    ...page,
    rows: page.rows.map((row) => ({ kind: name, row })),
  })
  switch (kind) {
    case 'setting': {
      const page = await storage.settings.exportAll(cursor)
      const rows = page.rows.filter((row) => isCarried(row.name) && row.name !== FEED_SETTINGS)
      // Always there and always first, so that two stores that mean the same export the same.
      if (cursor === undefined)
        rows.unshift({ name: FEED_SETTINGS, value: plainFeeds(await storage.settings.get(FEED_SETTINGS)) })
      return named(kind, { ...page, rows })
    }
    case 'guid':
      return named(kind, await storage.plexGuids.exportAll(cursor))
    case 'subscription':
      return named(kind, await storage.pushSubscriptions.exportAll(cursor))
    case 'library':
      return named(kind, await storage.library.exportAll(cursor))
    case 'request':
      return named(kind, await storage.requests.exportAll(cursor))
  }
}

/**
 * Brings rows into a store. From `begin` to `end` its feeds are closed, since half a list could make a client clean;
 * every step can be taken again after a fault or a crash, and comes to the same.
 */
export function houseImport(storage: Storage, { id, merge }: Pick<ImportOptions, 'id' | 'merge'>) {
  const note = (progress: ImportProgress) => storage.settings.set(IMPORT_PROGRESS, JSON.stringify(progress))

  /** Closes the feeds; nothing is written when they are. */
  const mark = () =>
    storage.settings.update(FEED_SETTINGS, (stored) => {
      const settings = parseFeedSettings(stored)
      return stored !== undefined && settings.importing === id ? stored : JSON.stringify(markImport(settings, id))
    })

  async function writeSetting({ name, value }: HouseRows['setting']): Promise<void> {
    if (name === FEED_SETTINGS) {
      const carried = parseFeedSettings(value)
      await storage.settings.update(name, (stored) => {
        const settings = merge ? mergeFeedSettings(parseFeedSettings(stored), carried) : carried
        if (!settings) throw new Fault('wrong_store', 'The quality profiles of the store have changed meanwhile.')
        return JSON.stringify(markImport(settings, id))
      })
    } else if (merge) await storage.settings.getOrCreate(name, () => value)
    else await storage.settings.set(name, value)
  }

  async function writeOne(one: HouseRow): Promise<void> {
    switch (one.kind) {
      case 'setting':
        return writeSetting(one.row)
      case 'guid': {
        const { guid, ...ids } = one.row
        if (merge && (await storage.plexGuids.find(guid))) return
        return storage.plexGuids.save(guid, ids)
      }
      case 'subscription':
        if (merge && (await storage.pushSubscriptions.find(one.row.endpoint))) return
        return storage.pushSubscriptions.save(one.row)
      case 'request':
        await storage.requests.add(one.row)
        return
      case 'library':
        await storage.library.restore([one.row])
    }
  }

  return {
    /** Closes the feeds. @param done rows written before, as `findImport` says */
    async begin(done: number): Promise<void> {
      await mark()
      await note({ id, done })
    },

    /** Writes at most `HOUSE_BATCH` rows. @param done rows written then, these included */
    async write(rows: readonly HouseRow[], done: number): Promise<void> {
      await mark()
      const library = rows.flatMap((one) => (one.kind === 'library' ? [one.row] : []))
      if (library.length > 0) await storage.library.restore(library)
      // Each may wait for a network; those under way are let end before a failure is told.
      const others = rows.filter((one) => one.kind !== 'library')
      const outcomes = await Promise.allSettled(others.map(writeOne))
      for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
      await note({ id, done })
    },

    /** Says that all is here, and opens the feeds. @param done all rows */
    async end(done: number): Promise<void> {
      await note({ id, done, ended: true })
      await openFeeds(storage, id)
    },
  }
}

/** Takes this import's mark off; one that died after it had ended may have left it. */
export async function openFeeds(storage: Storage, id: string): Promise<void> {
  const { importing } = parseFeedSettings(await storage.settings.get(FEED_SETTINGS))
  if (importing !== id) return
  await storage.settings.update(FEED_SETTINGS, (stored) => {
    const settings = parseFeedSettings(stored)
    return stored !== undefined && settings.importing !== id ? stored : JSON.stringify(markImport(settings))
  })
}

/** How rows stand to a store, in the order given: as given, with something else in their place, or not there. */
export type Standing = 'same' | 'other' | 'missing'

/** Looks up to `HOUSE_BATCH` rows up in a store. The mark of an import counts for nothing. */
export async function compareHouse(
  storage: Storage,
  rows: readonly HouseRow[],
): Promise<{ standing: Standing; found?: HouseRow['row'] }[]> {
  const nameOf = (row: TitleKey & { source?: string }) => `${row.source ?? ''}/${row.mediaType}/${row.tmdbId}`
  const known = new Map<string, HouseRow['row']>()
  const requests = rows.flatMap((one) => (one.kind === 'request' ? [one.row] : []))
  const library = rows.flatMap((one) => (one.kind === 'library' ? [one.row] : []))
  if (requests.length > 0) for (const row of await storage.requests.findMany(requests)) known.set(nameOf(row), row)
  if (library.length > 0) for (const row of await storage.library.findMany(library)) known.set(nameOf(row), row)
  return Promise.all(
    rows.map(async (one) => {
      const found = await findRow(storage, one, (key) => known.get(nameOf(key)))
      if (found === undefined) return { standing: 'missing' }
      return { standing: canonicalText(found) === canonicalText(one.row) ? 'same' : 'other', found }
    }),
  )
}

async function findRow(
  storage: Storage,
  one: HouseRow,
  titleRow: (key: TitleKey) => HouseRow['row'] | undefined,
): Promise<HouseRow['row'] | undefined> {
  switch (one.kind) {
    case 'setting': {
      const { name } = one.row
      const value = await storage.settings.get(name)
      if (value === undefined) return undefined
      return { name, value: name === FEED_SETTINGS ? plainFeeds(value) : value }
    }
    case 'guid': {
      const ids = await storage.plexGuids.find(one.row.guid)
      return ids && { guid: one.row.guid, ...ids }
    }
    case 'subscription':
      return storage.pushSubscriptions.find(one.row.endpoint)
    default:
      return titleRow(one.row)
  }
}

import { FEED_SETTINGS } from '../routing/index.ts'
import { keyText, type TitleKey } from '../titles/index.ts'
import { canonicalText, type HouseRow, plainFeeds } from './house.ts'
import type { HouseStorage } from './ports.ts'
import { foldersHere } from './root-folders.ts'

/** How rows stand to a store, in the order given: as given, with something else in their place, or not there. */
export type Standing = 'same' | 'other' | 'missing'

/**
 * Looks up to `HOUSE_BATCH` rows up in a store. The mark of an import counts for nothing.
 * @param merged where the rows are merged into the store: the routing of the one that they come from
 */
export async function compareHouse(
  storage: HouseStorage,
  rows: readonly HouseRow[],
  merged?: { feeds: string | undefined },
): Promise<{ standing: Standing; found?: HouseRow['row'] }[]> {
  const nameOf = (row: TitleKey & { source?: string }) => `${row.source ?? ''}/${keyText(row)}`
  const known = new Map<string, HouseRow['row']>()
  const requests = rows.flatMap((one) => (one.kind === 'request' ? [one.row] : []))
  const library = rows.flatMap((one) => (one.kind === 'library' ? [one.row] : []))
  if (requests.length > 0) for (const row of await storage.requests.findMany(requests)) known.set(nameOf(row), row)
  if (library.length > 0) for (const row of await storage.library.findMany(library)) known.set(nameOf(row), row)
  const atHome = merged && requests.length > 0 ? await foldersHere(storage, merged.feeds) : undefined
  return Promise.all(
    rows.map(async (one) => {
      const found = await findRow(storage, one, (key) => known.get(nameOf(key)))
      if (found === undefined) return { standing: 'missing' }
      const row = one.kind === 'request' && atHome ? atHome(one.row) : one.row
      return { standing: canonicalText(found) === canonicalText(row) ? 'same' : 'other', found }
    }),
  )
}

async function findRow(
  storage: HouseStorage,
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

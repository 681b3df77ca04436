import { type ExportPage, Fault } from '../base/index.ts'
import { FEED_SETTINGS, parseFeedSettings } from '../routing/index.ts'
import {
  HOUSE_KINDS,
  type HouseKind,
  type HousePage,
  type HousePlace,
  type HouseRow,
  isCarried,
  plainFeeds,
} from './house.ts'
import type { HouseStorage } from './ports.ts'

/**
 * Reads a whole store, page by page.
 * @param from where an earlier reading was left; from the beginning when absent
 * @throws Fault `import_running` for a store that is being filled itself, and what the store throws
 */
export async function* exportHouse(storage: HouseStorage, from?: HousePlace): AsyncGenerator<HousePage> {
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

async function pageOf(storage: HouseStorage, kind: HouseKind, cursor?: string): Promise<ExportPage<HouseRow>> {
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

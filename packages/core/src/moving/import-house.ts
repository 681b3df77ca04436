import { Fault } from '../base/index.ts'
import type { MediaRequest } from '../requests/index.ts'
import { FEED_SETTINGS, markImport, mergeFeedSettings, parseFeedSettings } from '../routing/index.ts'
import { type HouseRow, type HouseRows, IMPORT_PROGRESS } from './house.ts'
import type { ImportOptions, ImportProgress } from './import-start.ts'
import type { HouseStorage } from './ports.ts'
import { foldersHere } from './root-folders.ts'

/**
 * Brings rows into a store. From `begin` to `end` its feeds are closed, since half a list could make a client clean;
 * every step can be taken again after a fault or a crash, and comes to the same.
 */
export function houseImport(
  storage: HouseStorage,
  { id, merge, feeds }: Pick<ImportOptions, 'id' | 'merge' | 'feeds'>,
) {
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

  async function writeOne(one: HouseRow, atHome: (request: MediaRequest) => MediaRequest): Promise<void> {
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
        await storage.requests.add(atHome(one.row))
        return
      case 'library':
        await storage.library.restore([one.row])
    }
  }

  return {
    /** Closes the feeds; a new store is meant for what comes in. @param done rows written before, as `findImport` says */
    async begin(done: number): Promise<void> {
      await mark()
      await storage.identity.confirmNew()
      await note({ id, done })
    },

    /** Writes at most `HOUSE_BATCH` rows. @param done rows written then, these included */
    async write(rows: readonly HouseRow[], done: number): Promise<void> {
      await mark()
      const library = rows.flatMap((one) => (one.kind === 'library' ? [one.row] : []))
      if (library.length > 0) await storage.library.restore(library)
      // Each may wait for a network; those under way are let end before a failure is told.
      const others = rows.filter((one) => one.kind !== 'library')
      const atHome = merge ? await foldersHere(storage, feeds) : (request: MediaRequest) => request
      const outcomes = await Promise.allSettled(others.map((one) => writeOne(one, atHome)))
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
export async function openFeeds(storage: HouseStorage, id: string): Promise<void> {
  const { importing } = parseFeedSettings(await storage.settings.get(FEED_SETTINGS))
  if (importing !== id) return
  await storage.settings.update(FEED_SETTINGS, (stored) => {
    const settings = parseFeedSettings(stored)
    return stored !== undefined && settings.importing !== id ? stored : JSON.stringify(markImport(settings))
  })
}

import { Fault } from '../base/index.ts'
import { READER_KEYS } from '../clients/index.ts'
import { FEED_SETTINGS, mergeFeedSettings, parseFeedSettings, withoutMarks } from '../routing/index.ts'
import { canonicalText, IMPORT_PROGRESS } from './house.ts'
import type { HouseStorage } from './ports.ts'

const VAPID = 'vapid'

/** How far an import has come in its store. */
export interface ImportProgress {
  id: string
  /** Rows that are written. */
  done: number
  ended?: true
}

async function readProgress(storage: HouseStorage): Promise<ImportProgress | undefined> {
  const stored = await storage.settings.get(IMPORT_PROGRESS)
  if (stored === undefined) return undefined
  try {
    const { id, done, ended }: Partial<ImportProgress> = JSON.parse(stored)
    if (typeof id === 'string' && typeof done === 'number') return ended ? { id, done, ended } : { id, done }
  } catch {
    // Said below.
  }
  throw new Fault('storage_corrupt', `The setting ${IMPORT_PROGRESS} of the store cannot be read.`)
}

export interface ImportOptions {
  /** Names the import: the same one goes on where it was left. */
  id: string
  /** Into a store that holds rows: those stay, and what is missing is added. */
  merge: boolean
  /** Texts of the settings that are to be imported and decide whether it may begin; absent when there are none. */
  feeds?: string | undefined
  vapid?: string | undefined
  readerKeys?: string | undefined
}

/** What a store without requests and library may have of its own: settings, `vapid` where devices hang on it. */
const OWN_THINGS = ['feeds', 'reader-keys', 'vapid'] as const
export type OwnThing = (typeof OWN_THINGS)[number]

/**
 * What an import finds. `ready` says how many rows it has written before, and whether devices can move: under another
 * pair of VAPID keys their push services would refuse every message. The others have changed nothing:
 * `ended` (this very import has), `not_empty`, `own_settings` (which the import would replace), `other_import` (one that
 * was begun and not ended), `profiles_differ` (ids of quality profiles mean others in this store).
 */
export type ImportStart =
  | { kind: 'ready'; done: number; devicesMove: boolean }
  | { kind: 'ended' }
  | { kind: 'not_empty' }
  | { kind: 'own_settings'; own: OwnThing[] }
  | { kind: 'profiles_differ' }
  | { kind: 'other_import'; id: string }

/** Looks whether an import may begin in this store; writes nothing. */
export async function findImport(storage: HouseStorage, options: ImportOptions): Promise<ImportStart> {
  const [progress, vapid] = await Promise.all([readProgress(storage), storage.settings.get(VAPID)])
  const devicesMove = !options.merge || vapid === undefined || vapid === (options.vapid ?? vapid)
  const same = progress?.id === options.id ? progress : undefined
  if (options.merge) {
    if (options.feeds !== undefined) {
      const here = await storage.settings.get(FEED_SETTINGS)
      const merged = mergeFeedSettings(parseFeedSettings(here), parseFeedSettings(options.feeds))
      if (merged === undefined) return { kind: 'profiles_differ' }
    }
  } else if (same?.ended) {
    return { kind: 'ended' }
  } else if (!same) {
    if (progress && !progress.ended) return { kind: 'other_import', id: progress.id }
    const pages = await Promise.all([storage.requests.exportAll(), storage.library.exportAll()])
    if (pages.some(({ rows }) => rows.length > 0)) return { kind: 'not_empty' }
    const own = await ownThings(storage, options, vapid)
    if (own.length > 0) return { kind: 'own_settings', own }
  }
  // What has gone since a merge ended is missing again: it begins anew.
  return { kind: 'ready', done: same && !same.ended ? same.done : 0, devicesMove }
}

/** What the import would take away from the people of this store without a word. */
async function ownThings(
  storage: HouseStorage,
  options: ImportOptions,
  vapid: string | undefined,
): Promise<OwnThing[]> {
  const [feeds, readerKeys, devices] = await Promise.all([
    storage.settings.get(FEED_SETTINGS),
    storage.settings.get(READER_KEYS),
    storage.pushSubscriptions.exportAll(),
  ])
  const routing = (stored?: string) => canonicalText(withoutMarks(parseFeedSettings(stored)))
  const replaces = (carried: string | undefined, here: string | undefined) =>
    carried !== undefined && here !== undefined && carried !== here
  const isTaken: Record<OwnThing, boolean> = {
    feeds: routing(feeds) !== routing() && replaces(options.feeds && routing(options.feeds), routing(feeds)),
    'reader-keys': readerKeys !== '[]' && replaces(options.readerKeys, readerKeys),
    vapid: devices.rows.length > 0 && replaces(options.vapid, vapid),
  }
  return OWN_THINGS.filter((one) => isTaken[one])
}

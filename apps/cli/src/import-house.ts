import {
  compareHouse,
  findImport,
  HOUSE_KINDS,
  type HouseKind,
  type HouseRow,
  houseImport,
  type ImportOptions,
  type ImportStart,
  type OwnThing,
  openFeeds,
  type Standing,
  type Storage,
} from '@stellarr/core'
import { batchesOf, type CheckedHouse } from './check-house.ts'
import { grouped, newHash, rowText, sumOf } from './lines.ts'
import { progress } from './progress.ts'
import { Stop } from './stop.ts'

/** How many rows of each kind stand how to a store. */
export type Tally = Record<HouseKind, Record<Standing, number>>

export interface Compared {
  tally: Tally
  /** SHA-256 of what the store holds for the file's rows, in their order; the file's own digest when all is the same. */
  digest: string
  /** Names of the first rows that are not as in the file. */
  differing: string[]
}

const NAMED = 5
const noTally = (): Tally => {
  const none = () => ({ same: 0, other: 0, missing: 0 })
  return { setting: none(), guid: none(), subscription: none(), library: none(), request: none() }
}

const nameOf = (one: HouseRow): string => {
  switch (one.kind) {
    case 'setting':
      return `the setting ${one.row.name}`
    case 'guid':
      return `the known title id ${one.row.guid}`
    case 'subscription':
      return `a device of ${one.row.user}`
    default:
      return `${one.kind} ${one.row.mediaType}/${one.row.tmdbId}`
  }
}

/**
 * Reads back what a store holds for each row of a file.
 * @param storage undefined: a store that is still to be made
 */
export async function compareWith(
  storage: Storage | undefined,
  house: CheckedHouse,
  merge: boolean,
): Promise<Compared> {
  const tally = noTally()
  const hash = newHash()
  const differing: string[] = []
  const shown = progress('compared')
  let done = 0
  for await (const rows of batchesOf(house)) {
    const merged = merge ? { feeds: house.feeds } : undefined
    const found = storage
      ? await compareHouse(storage, rows, merged)
      : rows.map(() => ({ standing: 'missing' as const }))
    for (const [place, one] of rows.entries()) {
      const there: { standing: Standing; found?: HouseRow['row'] } = found[place] ?? { standing: 'missing' }
      tally[one.kind][there.standing] += 1
      // What this finds is a row of that kind: it was looked up by its key.
      if (there.found) hash.update(`${rowText({ kind: one.kind, row: there.found } as HouseRow)}\n`)
      if (there.standing !== 'same' && differing.length < NAMED) differing.push(nameOf(one))
    }
    done += rows.length
    shown.at(done, house.rows)
  }
  return { tally, digest: hash.digest('hex'), differing }
}

/** All that stand in one way. */
export const standingAs = (tally: Tally, standing: Standing): number =>
  HOUSE_KINDS.reduce((sum, kind) => sum + tally[kind][standing], 0)

export type Imported =
  | { kind: 'ended_before' }
  | ({ kind: 'imported'; resumed: number; devicesMove: boolean } & Compared)

const OWN: Record<OwnThing, string> = {
  feeds: 'settings of the lists',
  'reader-keys': 'API keys of readers',
  vapid: 'VAPID keys of its devices',
}

const REFUSALS: Record<Exclude<ImportStart['kind'], 'ready' | 'ended' | 'own_settings'>, string> = {
  not_empty:
    'The store holds requests or a library already. Choose an empty one, or --merge: what is there stays, and what is missing is added.',
  other_import:
    'Another import into this store was begun and not ended. Run that one again, or choose --merge: what it brought stays, and what is missing is added.',
  profiles_differ:
    'The quality profiles of the store are others than those of the file, in other places, and requests name them by their place. Give both the same profiles first.',
}

/** What an import of this house finds in a store. Throws `Stop` where it must not begin. */
export async function mayImport(
  storage: Storage,
  options: ImportOptions,
): Promise<ImportStart & { kind: 'ready' | 'ended' }> {
  const start = await findImport(storage, options)
  if (start.kind === 'ready' || start.kind === 'ended') return start
  if (start.kind !== 'own_settings') throw new Stop(REFUSALS[start.kind])
  const own = start.own.map((one) => OWN[one]).join(', ')
  throw new Stop(
    `The store is in use already: the import would replace its own ${own}. Choose an empty one, or --merge: what is there stays, and what is missing is added.`,
  )
}

/** An import is the same one again when it is of the same export and of the same rows. */
export const optionsOf = (house: CheckedHouse, merge: boolean): ImportOptions => ({
  id: `${house.header.id}/${house.digest.slice(0, 16)}`,
  merge,
  feeds: house.feeds,
  vapid: house.vapid,
  readerKeys: house.readerKeys,
})

/**
 * Brings a checked file into a store, goes on where the same import was cut off, and reads everything back.
 * @throws Stop where it must not begin, and where something did not arrive: the feeds are closed then
 */
export async function importHouse(storage: Storage, house: CheckedHouse, merge: boolean): Promise<Imported> {
  const options = optionsOf(house, merge)
  const start = await mayImport(storage, options)
  if (start.kind === 'ended') {
    await openFeeds(storage, options.id)
    return { kind: 'ended_before' }
  }
  const work = houseImport(storage, options)
  await work.begin(start.done)
  const shown = progress('imported')
  let done = 0
  for await (const rows of batchesOf(house)) {
    const from = done
    done += rows.length
    if (done <= start.done) continue
    const fresh = rows.slice(Math.max(0, start.done - from))
    const moving = start.devicesMove ? fresh : fresh.filter(({ kind }) => kind !== 'subscription')
    await work.write(moving, done)
    shown.at(done, house.rows)
  }
  const compared = await compareWith(storage, house, merge)
  const incomplete = whatIsIncomplete(compared, house, { merge, devicesMove: start.devicesMove })
  if (incomplete) {
    // The same import goes on after the rows that are noted as written, and those are not all there.
    await work.begin(0)
    throw incomplete
  }
  await work.end(house.rows)
  return { kind: 'imported', resumed: start.done, devicesMove: start.devicesMove, ...compared }
}

function whatIsIncomplete(
  { tally, digest, differing }: Compared,
  house: CheckedHouse,
  { merge, devicesMove }: { merge: boolean; devicesMove: boolean },
): Stop | undefined {
  const missing = standingAs(tally, 'missing') - (devicesMove ? 0 : tally.subscription.missing)
  const others = standingAs(tally, 'other')
  if (missing === 0 && (merge || digest === house.digest)) return undefined
  const count = grouped(merge ? missing : missing + others)
  return new Stop(
    `${count} of ${grouped(sumOf(house.counts))} rows are not in the store as they are in the file (${differing.join(', ')}): somebody else writes to the store. Stop Stellarr if you can, and run the import again: what is missing comes in again, and --merge lets what differs stay.`,
  )
}

import { HOUSE_KINDS, type HouseKind, type Standing } from '@stellarr/core'
import { type Address, addressText } from './address.ts'
import { standingAs, type Tally } from './import-house.ts'
import { amount, amounts, type Counts, grouped } from './lines.ts'

/** What an import did, or would do, with rows of each kind, a line each. */
function tallyLines(tally: Tally, wordsFor: (kind: HouseKind) => Record<Standing, string>): string[] {
  return [...HOUSE_KINDS].reverse().flatMap((kind) => {
    const { same, other, missing } = tally[kind]
    const total = same + other + missing
    if (total === 0) return []
    const words = wordsFor(kind)
    const parts = [
      same > 0 && `${grouped(same)} ${words.same}`,
      other > 0 && `${grouped(other)} ${words.other}`,
      missing > 0 && `${grouped(missing)} ${words.missing}`,
    ]
    return [`  ${amount(kind, total)}: ${parts.filter((part) => part !== false).join(', ')}`]
  })
}

export const exportedLines = (file: string, counts: Counts): string[] => [
  `Exported ${amounts(counts)} to ${file}.`,
  'It holds keys of devices and of the feeds’ readers: keep it as private as the store itself.',
  'Activity and push messages that still wait stay behind.',
]

export const ENDED_BEFORE =
  'This very file was imported before; nothing was changed. --merge brings back what has gone since.'

/** What becomes of what is there already with other contents. */
function fateOf(kind: HouseKind, merge: boolean): string {
  if (merge) return 'stay'
  // Titles are never written over; without --merge they are there only where this import has begun.
  return kind === 'library' || kind === 'request' ? 'stop it without --merge' : 'are replaced'
}

/** What an import would do. @param options.devicesMove as the import itself finds the store */
export const dryRunLines = (tally: Tally, options: { merge: boolean; devicesMove: boolean }): string[] => [
  'Nothing was written. The file is whole, and its rows would be:',
  ...tallyLines(tally, (kind) => ({
    same: 'there already',
    other: `there with other contents, which ${fateOf(kind, options.merge)}`,
    missing: kind === 'subscription' && !options.devicesMove ? 'left out' : 'brought in',
  })),
]

export function importedLines(tally: Tally, digest: string, isFilesDigest: boolean): string[] {
  const others = standingAs(tally, 'other')
  return [
    `All ${grouped(standingAs(tally, 'same') + others)} rows were read back from the store:`,
    ...tallyLines(tally, () => ({ same: 'as in the file', other: 'kept as they were there', missing: 'left out' })),
    ...(isFilesDigest ? [`SHA-256 of these rows, in the file and in the store: ${digest}`] : []),
  ]
}

/** What is left to do after an import. */
export function nextLines(store: Address, storeId: string): string[] {
  return [
    'Next:',
    store.kind === 'sqlite'
      ? `- Start Stellarr with this store (${addressText(store)}). If its data folder knows another store (store.json), the lists stay closed until the admin confirms this one in the app.`
      : `- The lists of a deployment whose STORE_ID is not ${storeId} stay closed until you set it, or until the admin confirms this store in the app.`,
    '- Passwords, tokens and APP_SECRET_KEY are not in the store. Take them along from .env and from secrets.json of the data folder, or from the SSM parameter on AWS; with new ones, people sign in again and Radarr and Sonarr need the new addresses.',
    '- Devices get push messages on under the same VAPID keys alone: if VAPID_PUBLIC_KEY and VAPID_PRIVATE_KEY are set where you come from, set them here too.',
  ]
}

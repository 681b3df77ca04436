import type { FaultCode } from '../../base/index.ts'

/** What may be strange about a store: all lists stay closed then until the admin confirms it. */
export const STRANGE_STORES = [
  'store_new',
  'store_other',
  'store_older',
  'store_copied',
  'witness_damaged',
] as const satisfies FaultCode[]
export type StrangeStore = (typeof STRANGE_STORES)[number]

/** Each as a sentence. */
export const STRANGE_STORE_WORDS: Record<StrangeStore, string> = {
  store_new: 'This store has never been used with these keys: a new installation, or lost data?',
  store_other: 'This is another store than the one used last.',
  store_older: 'This store is older than when it was used last: a restored backup?',
  store_copied: 'This store lies in another place than when it was used last: a copy?',
  witness_damaged: 'The note of the store used last (store.json) is damaged, so nothing tells whether this is the one.',
}

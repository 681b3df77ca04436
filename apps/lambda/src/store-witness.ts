import type { SettingsStore, StoreWitness } from '@stellarr/core'

/** The setting in a store that says in place of which store the admin took it. */
const CONFIRMED = 'store-confirmed'

/**
 * The store that was used last is the one that STORE_ID names, since a function keeps nothing beside its settings.
 * The admin's word that another one takes its place is kept in that other store, and holds for this STORE_ID
 * alone. The revision is not tracked: 0 stands for any. Without STORE_ID every store is taken that is not new.
 */
export function settingsWitness(expected: string | undefined, store: SettingsStore): StoreWitness {
  return {
    inStore: true,
    ...(expected !== undefined && { named: expected }),
    async load(present) {
      if (expected === undefined) return undefined
      const isConfirmed = present !== expected && (await store.get(CONFIRMED)) === expected
      return { storeId: isConfirmed ? present : expected, revision: 0 }
    },
    async save({ storeId }) {
      if (expected !== undefined && storeId !== expected) await store.set(CONFIRMED, expected)
    },
  }
}

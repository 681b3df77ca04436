import type { SettingsStore, StoreWitness } from '@stellarr/core'

/** The setting in a store that says in place of which expected store the operator took it. */
const CONFIRMED = 'store-confirmed'

/**
 * The store that was used last is the one that STORE_ID names, since a function keeps nothing beside its settings.
 * The operator's word that another one takes its place is kept in that other store, and holds for this STORE_ID
 * alone. The revision is not tracked: 0 stands for any. Without STORE_ID every store is taken.
 */
export function settingsWitness(expected: string | undefined, store: SettingsStore): StoreWitness {
  return {
    async load() {
      if (expected === undefined) return undefined
      const [insteadOf, storeId] = (await store.get(CONFIRMED))?.split(' ') ?? []
      const isConfirmed = insteadOf === expected && storeId !== undefined
      return { storeId: isConfirmed ? storeId : expected, revision: 0 }
    },
    async save({ storeId }) {
      if (expected !== undefined && storeId !== expected) await store.set(CONFIRMED, `${expected} ${storeId}`)
    },
  }
}

import type { Storage, StoreWitness } from '@stellarr/core'

/** The setting in a store that says for which expected store the operator took it. */
const CONFIRMED = 'confirmed-instead-of'

/**
 * The store that was used last is the one that STORE_ID names, since a function keeps nothing beside its settings.
 * The operator's word that another one takes its place is kept in that other store, and holds for this STORE_ID
 * alone. The revision is not tracked: 0 stands for any. Without STORE_ID every store is taken.
 */
export function settingsWitness(
  storeId: string | undefined,
  store: Pick<Storage, 'identity' | 'settings'>,
): StoreWitness {
  return {
    async load() {
      if (storeId === undefined) return undefined
      const present = await store.identity.storeId()
      const isConfirmed = present !== storeId && (await store.settings.get(CONFIRMED)) === storeId
      return { storeId: isConfirmed ? present : storeId, revision: 0 }
    },
    async save(seen) {
      if (storeId !== undefined && seen.storeId !== storeId) await store.settings.set(CONFIRMED, storeId)
    },
  }
}

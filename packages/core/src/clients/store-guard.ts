import { Fault, type Revision, type SettingsStore, type StoreIdentity } from '../base/index.ts'
import type { StoreWitness } from './ports.ts'
import { STRANGE_STORE_WORDS, type StrangeStore } from './rules/strange-store.ts'

/** Set in a store that was found to be older: its own changes would bring its revision up again. Empty: confirmed. */
export const OLDER_MARK = 'store-is-older'

/**
 * Keeps the feeds shut on a strange store: a whole read of the wrong one (another file, an older backup, an empty one in
 * place of lost data) would look to every client like titles taken off the list. What was last used is remembered beside
 * the settings.
 */
export function storeGuard(deps: {
  identity: StoreIdentity
  revision: Revision
  settings: SettingsStore
  witness: StoreWitness
  /** The keys of the feeds were made together with a store that is new, so no client can have read another one by them. */
  newStoreIsExpected: boolean
}) {
  let verdict: Promise<StrangeStore | undefined> | undefined
  let highest = -1

  /** Whether an empty store stands where nobody says that one is meant. One that is expected is taken into use. */
  async function isUnexpected(): Promise<boolean> {
    const isNew = await deps.identity.isNew()
    if (typeof isNew !== 'boolean') throw new Fault('storage_corrupt', 'The store does not say whether it is new.')
    if (!isNew) return false
    if (deps.newStoreIsExpected) await deps.identity.confirmNew()
    return !deps.newStoreIsExpected
  }

  /** What is strange, or undefined when all is well. */
  async function judge(reading: Promise<number>): Promise<StrangeStore | undefined> {
    const [storeId, revision, mark] = await Promise.all([
      deps.identity.storeId(),
      reading,
      deps.witness.inStore ? undefined : deps.settings.get(OLDER_MARK),
    ])
    if (!storeId || !Number.isSafeInteger(revision)) {
      throw new Fault('storage_corrupt', 'The store does not say which one it is.')
    }
    const seen = await deps.witness.load(storeId)
    if (seen && seen.storeId !== storeId) return 'store_other'
    if (mark || revision < Math.max(highest, seen?.revision ?? 0)) {
      if (!mark) await deps.settings.set(OLDER_MARK, 'true').catch(() => undefined)
      return 'store_older'
    }
    if (seen) return undefined
    if (await isUnexpected()) return 'store_new'
    await deps.witness.save({ storeId, revision })
    return undefined
  }

  /** Only a good verdict is kept: another instance may have confirmed a strange store since. */
  function reason(reading?: Promise<number>): Promise<StrangeStore | undefined> {
    verdict ??= judge(reading ?? deps.revision.current()).then(
      (strange) => {
        if (strange) verdict = undefined
        return strange
      },
      (error: unknown) => {
        verdict = undefined
        throw error
      },
    )
    return verdict
  }

  return {
    /** Why feeds stay shut; undefined when they are open. Takes the revision from whoever is reading it anyway. */
    reason,

    /** Throws the fault of what is strange about the store (`STRANGE_STORES`), and `storage_corrupt` for no number. */
    async check(revision: number): Promise<void> {
      // Gone back, or only read a moment before another's: the store's present revision tells.
      if (revision < highest) verdict = undefined
      const strange = await reason()
      if (!Number.isSafeInteger(revision)) throw new Fault('storage_corrupt', 'The store has no revision.')
      if (strange) {
        const words = `${STRANGE_STORE_WORDS[strange]} The lists stay closed until the admin confirms it.`
        throw new Fault(strange, words)
      }
      highest = Math.max(highest, revision)
    },

    /** The admin says that this store is the right one. */
    async confirm(): Promise<void> {
      const [storeId, revision] = await Promise.all([deps.identity.storeId(), deps.revision.current()])
      await deps.settings.set(OLDER_MARK, '')
      await deps.identity.confirmNew()
      await deps.witness.save({ storeId, revision })
      highest = revision
      verdict = Promise.resolve(undefined)
    },

    /** Remembers the present state; called hourly and at stop. Never blesses a strange store. */
    async remember(): Promise<void> {
      if (await reason()) return
      const [storeId, revision] = await Promise.all([deps.identity.storeId(), deps.revision.current()])
      await deps.witness.save({ storeId, revision })
    },
  }
}

export type StoreGuard = ReturnType<typeof storeGuard>

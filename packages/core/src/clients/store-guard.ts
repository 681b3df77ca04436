import { Fault, type Logger, type Revision, type SettingsStore, type StoreIdentity, within } from '../base/index.ts'
import type { StoreWitness } from './ports.ts'
import { STRANGE_STORE_WORDS, type StrangeStore } from './rules/strange-store.ts'

/** Set in a store that was found to be older: its own changes would bring its revision up again. Empty: confirmed. */
export const OLDER_MARK = 'store-is-older'

/** A list that is asked for while the store is still being checked waits for so long. */
const CHECK_PATIENCE_MS = 2_000

/**
 * Keeps the feeds shut on a strange store: a whole read of the wrong one (another file, an older backup, an empty one in
 * place of lost data) would look to every client like titles taken off the list. What was last used is remembered beside
 * the settings, and how far it was before anybody reads that in a list.
 */
export function storeGuard(deps: {
  identity: StoreIdentity
  revision: Revision
  settings: SettingsStore
  witness: StoreWitness
  logger: Logger
  /** The keys of the feeds were made together with a store that is new, so no client can have read another one by them. */
  newStoreIsExpected: boolean
  /** What is wrong with the store's file; undefined for nothing. Absent where nobody can say. */
  damage?: (() => Promise<string | undefined>) | undefined
  /** Marks an older store that is its own witness, where whoever reads a list looks anyway. */
  markOlder: () => Promise<unknown>
}) {
  const { witness } = deps
  let verdict: Promise<StrangeStore | undefined> | undefined
  let highest = -1
  let isChecked = deps.damage === undefined
  const notes = revisionNotes(deps)

  /** Whether an empty store stands where nobody says that one is meant. One that is expected is taken into use. */
  async function isUnexpected(): Promise<boolean> {
    const isNew = await deps.identity.isNew()
    if (typeof isNew !== 'boolean') throw new Fault('storage_corrupt', 'The store does not say whether it is new.')
    if (!isNew) return false
    if (deps.newStoreIsExpected) await deps.identity.confirmNew()
    return !deps.newStoreIsExpected
  }

  async function markOlder(revision: number): Promise<void> {
    if (!witness.inStore) return deps.settings.set(OLDER_MARK, 'true')
    await deps.markOlder()
    // Its mark closes it on every instance, and whoever takes that off opens it on this one too.
    highest = revision
  }

  /** What is strange, or undefined when all is well. */
  async function judge(reading: Promise<number>): Promise<StrangeStore | undefined> {
    const [storeId, revision, mark] = await Promise.all([
      deps.identity.storeId(),
      reading,
      witness.inStore ? undefined : deps.settings.get(OLDER_MARK),
    ])
    if (!storeId || !Number.isSafeInteger(revision)) {
      throw new Fault('storage_corrupt', 'The store does not say which one it is.')
    }
    const seen = await witness.load(storeId)
    if (seen === 'damaged') return 'witness_damaged'
    if (seen && seen.storeId !== storeId) return 'store_other'
    if (mark || revision < Math.max(highest, seen?.revision ?? 0)) {
      if (!mark) await markOlder(revision).catch(() => undefined)
      return 'store_older'
    }
    if (seen?.place === 'another') return 'store_copied'
    if (!seen && (await isUnexpected())) return 'store_new'
    // Without a place the note lacks the file, which the next one says.
    notes.begin(storeId, seen?.place === 'same' ? seen.revision : -1)
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

  /** Throws for a store that is damaged, or not read through yet. */
  async function requireWhole(): Promise<void> {
    if (isChecked || !deps.damage) return
    const outcome = deps.damage().then((found) => ({ found }))
    const damage = await within<{ found: string | undefined } | undefined>(outcome, CHECK_PATIENCE_MS, undefined)
    if (!damage) throw new Fault('store_checking', 'The store is being checked, as after each start. Try again soon.')
    if (damage.found !== undefined) {
      throw new Fault('storage_corrupt', 'The database file is damaged. Restore it from a backup.', damage.found)
    }
    isChecked = true
  }

  return {
    /** Why feeds stay shut; undefined when they are open. Takes the revision from whoever is reading it anyway. */
    reason,

    /**
     * Throws the fault of what is strange about the store (`STRANGE_STORES`), and `storage_corrupt` for no number. When it
     * answers, a list of this revision may go out: the witness knows it, or has been found to be unable to.
     */
    async check(revision: number): Promise<void> {
      // Gone back, or only read a moment before another's: the store's present revision tells.
      if (revision < highest) verdict = undefined
      const strange = await reason()
      if (!Number.isSafeInteger(revision)) throw new Fault('storage_corrupt', 'The store has no revision.')
      if (strange) throw strangeFault(strange)
      await requireWhole()
      highest = Math.max(highest, revision)
      await notes.note(revision)
    },

    /** The same for rows that were read after their revision, and may be newer. */
    async noteRows(): Promise<void> {
      if (!witness.inStore) await notes.note(await deps.revision.current())
    },

    /** The store was at this revision once, as a device has seen: one that is not so far now is older. */
    async hear(revision: number): Promise<void> {
      highest = Math.max(highest, revision)
      verdict = undefined
      await reason()
    },

    /** The admin says that this store is the right one. */
    async confirm(): Promise<void> {
      const [storeId, revision] = await Promise.all([deps.identity.storeId(), deps.revision.current()])
      await deps.settings.set(OLDER_MARK, '')
      await deps.identity.confirmNew()
      await witness.save({ storeId, revision })
      highest = revision
      notes.begin(storeId, revision)
      verdict = Promise.resolve(undefined)
    },

    /** Whether what was last to be noted could be. */
    isNoted: notes.isNoted,
  }
}

/** The fault of a strange store. */
export const strangeFault = (strange: StrangeStore) =>
  new Fault(strange, `${STRANGE_STORE_WORDS[strange]} The lists stay closed until the admin confirms it.`)

/**
 * Notes the revision before a list of it goes out. Those who wait for a note share the next one. Where it cannot be
 * written (a full disk) the list goes out all the same: a client that is refused for hours is a certain loss, a store that
 * goes back in just these hours an unlikely one. It is tried again at each read, and said once.
 */
function revisionNotes({ witness, revision, logger }: { witness: StoreWitness; revision: Revision; logger: Logger }) {
  let store = ''
  let noted = -1
  let noting = Promise.resolve()
  let isNoted = true

  async function write(wanted: number): Promise<void> {
    if (wanted <= noted) return
    try {
      const present = Math.max(wanted, await revision.current())
      await witness.save({ storeId: store, revision: present })
      noted = present
      isNoted = true
    } catch (error) {
      if (isNoted) logger.warn('the revision of the store cannot be noted', { reason: String(error) })
      isNoted = false
    }
  }

  return {
    /** @param last what the witness knows of this store; -1 for what it is yet to learn */
    begin(storeId: string, last: number): void {
      store = storeId
      noted = last
    },
    /** Answers once the witness knows this revision, or could not be told. */
    async note(wanted: number): Promise<void> {
      if (witness.inStore || wanted <= noted) return
      noting = noting.then(() => write(wanted))
      await noting
    },
    isNoted: () => isNoted,
  }
}

export type StoreGuard = ReturnType<typeof storeGuard>

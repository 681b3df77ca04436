/** The store that was used last. */
export interface SeenStore {
  storeId: string
  /** The highest revision of which a list was answered. */
  revision: number
}

/** Where a deployment keeps, beside its settings, which store it used last (docs/decisions/0004, 0051). */
export interface StoreWitness {
  /** Set when it lies in the store itself and goes back in time with it: an older store has no higher number to fail by. */
  inStore?: true
  /** The id of the store that the settings name: nobody needs to read it. */
  named?: string
  /**
   * What was noted; `damaged` when that cannot be read. `place` says whether the store lies in the file that was noted, and
   * is absent where no file was or none can be told from another.
   * @param present the id of the store in use now
   */
  load(present: string): Promise<(SeenStore & { place?: 'same' | 'another' }) | 'damaged' | undefined>
  /** Notes it, with the file that the store lies in, before it answers. Rejects when it cannot. */
  save(seen: SeenStore): Promise<void>
}

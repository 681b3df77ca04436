/** Where a deployment keeps, beside its settings, which store it used last (docs/decisions/0004). */
export interface StoreWitness {
  /** Set when it lies in the store itself and goes back in time with it: an older store has no higher number to fail by. */
  inStore?: true
  /** @param present the id of the store in use now */
  load(present: string): Promise<{ storeId: string; revision: number } | undefined>
  save(seen: { storeId: string; revision: number }): Promise<void>
}

export interface Clock {
  /** Epoch ms. */
  now(): number
}

export type LogFields = Record<string, string | number | boolean | undefined>

export interface Logger {
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  /** The cause is passed as `error`, which is logged with its stack. */
  error(message: string, fields?: LogFields, error?: unknown): void
}

/**
 * A page of an export, of at most 1,000 rows; `cursor` is absent after the last page. An export goes on behind its
 * cursor, even when the row it stands at has been removed.
 */
export interface ExportPage<Row> {
  rows: Row[]
  cursor?: string
}

/** A part of what is looked through; it goes on behind `cursor`, which is absent after the last part. */
export interface Slice<Row> {
  rows: Row[]
  cursor?: string
}

/** One number over requests and library: it rises with every change of either and with nothing else. */
export interface Revision {
  current(): Promise<number>
}

/** Small named texts, usually JSON: the VAPID key pair, how feeds are routed, who reads them, readers' keys. */
export interface SettingsStore {
  get(name: string): Promise<string | undefined>
  set(name: string, value: string): Promise<void>
  /** The stored value, or the one made here when there is none. Of any number of calls at once, one maker wins for all. */
  getOrCreate(name: string, make: () => string | Promise<string>): Promise<string>
  /**
   * Replaces a value with what `change` makes of the stored one. Of any number of calls at once, each works on what the
   * one before it left, so `change` may be called again. Nothing is written when it answers what it was given. Answers
   * the value as it then is.
   */
  update(name: string, change: (value: string | undefined) => string): Promise<string>
  /** Every setting, by name. */
  exportAll(cursor?: string): Promise<ExportPage<{ name: string; value: string }>>
}

/** Which store this is, decided when it is made and never changed, and whether it is meant. */
export interface StoreIdentity {
  storeId(): Promise<string>
  /**
   * Whether nobody has said yet that this store, which was made empty, is meant. It is born so and stays so over restarts,
   * whatever is written into it; one that an earlier version used is not.
   */
  isNew(): Promise<boolean>
  /** Says that it is meant: it is never new again. */
  confirmNew(): Promise<void>
}

/** Work that only one at a time may do, of all processes that use the store. */
export interface Turns {
  /**
   * Runs the work once no other of that name is running, and answers or throws what the work does. Throws
   * `storage_unavailable` when its turn has not come within `TURN_WAIT_MS`; the work is not run then, and the others go
   * on.
   */
  take<Result>(name: string, work: () => Promise<Result>): Promise<Result>
}

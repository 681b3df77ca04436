import { fromItem, type Row } from './attribute-values.ts'
import type { Key } from './keys.ts'

/** An object of an answer. Throws a TypeError for anything else: an answer that lacks a part is never read as empty. */
export function objectIn(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new TypeError('not an object')
  return value as Record<string, unknown>
}

/** A list of an answer. Throws a TypeError for anything else. */
export function listIn(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw new TypeError('not a list')
  return value
}

/** A row's key out of an item or a `LastEvaluatedKey`. Throws a TypeError when it has none. */
export function keyIn(value: unknown): Key {
  const { media_type, tmdb_id } = fromItem(value)
  if (typeof media_type !== 'string' || typeof tmdb_id !== 'number') throw new TypeError('not a key')
  return { media_type, tmdb_id }
}

export interface Page {
  rows: Row[]
  /** Where the next page begins; absent on the last. */
  next?: Key
}

/** A page of Query or Scan: `Items` must be there and be as many as `Count` says. */
export function pageIn(answer: unknown): Page {
  const { Items, Count, LastEvaluatedKey } = objectIn(answer)
  const rows = listIn(Items).map(fromItem)
  if (Count !== rows.length) throw new TypeError('not as many items as counted')
  return LastEvaluatedKey === undefined ? { rows } : { rows, next: keyIn(LastEvaluatedKey) }
}

/** What BatchGetItem found of one table, and the keys it did not come to. */
export function foundIn(answer: unknown, table: string): { rows: Row[]; left: Key[] } {
  const { Responses, UnprocessedKeys } = objectIn(answer)
  const left = objectIn(UnprocessedKeys ?? {})[table]
  const found = objectIn(Responses)[table]
  // A call that came to none of its keys may leave the table out.
  const rows = found === undefined && left !== undefined ? [] : listIn(found).map(fromItem)
  return { rows, left: left === undefined ? [] : listIn(objectIn(left).Keys).map(keyIn) }
}

/** The writes of one table that BatchWriteItem did not come to, as they were sent. */
export function unwrittenIn(answer: unknown, table: string): unknown[] {
  const left = objectIn(objectIn(answer).UnprocessedItems)[table]
  return left === undefined ? [] : listIn(left)
}

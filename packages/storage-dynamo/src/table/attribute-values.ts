import { Fault } from '@stellarr/core'

/** What an attribute of ours may hold. Rows are flat: what is only ever read whole is kept as JSON text. */
export type Scalar = string | number | boolean | Uint8Array

/** One item of the table; an undefined attribute is not stored. */
export type Row = Record<string, Scalar | undefined>

/** DynamoDB's JSON of a value (API reference, data type AttributeValue), as far as we use it. */
export type AttributeValue = { S: string } | { N: string } | { BOOL: boolean } | { B: string }

export type Item = Record<string, AttributeValue>

/** The attribute `ttl` of a row that DynamoDB may delete from then on, in the whole seconds that it takes. @param at epoch ms */
export const ttlAt = (at: number): number => Math.ceil(at / 1000)

/** The text with half surrogate pairs replaced by U+FFFD, as every store of UTF-8 has it. */
export function wellFormed(value: string): string {
  return /\p{Surrogate}/u.test(value) ? Buffer.from(value).toString() : value
}

/**
 * A value as DynamoDB takes it. Throws a TypeError for what it could not give back: NaN, infinities, fractions and
 * whole numbers beyond 2^53, and every other type. Text is made well-formed.
 */
export function toAttribute(value: unknown): AttributeValue {
  if (typeof value === 'string') return { S: wellFormed(value) }
  if (typeof value === 'boolean') return { BOOL: value }
  if (value instanceof Uint8Array) return { B: Buffer.from(value).toString('base64') }
  if (typeof value !== 'number') throw new TypeError(`DynamoDB: no attribute can hold a ${typeof value}.`)
  if (!Number.isSafeInteger(value)) throw new TypeError(`DynamoDB: ${value} is not a safe whole number.`)
  return { N: String(value) }
}

/** A row as DynamoDB takes it. Throws a TypeError as `toAttribute` does. */
export function toItem(row: Row): Item {
  const stored = Object.entries(row).filter(([, value]) => value !== undefined)
  // By entries: assigned, a name like __proto__ would be no attribute.
  return Object.fromEntries(stored.map(([name, value]) => [name, toAttribute(value)]))
}

function fromAttribute(attribute: unknown): Scalar {
  if (typeof attribute === 'object' && attribute !== null) {
    if ('S' in attribute && typeof attribute.S === 'string') return attribute.S
    if ('BOOL' in attribute && typeof attribute.BOOL === 'boolean') return attribute.BOOL
    if ('B' in attribute && typeof attribute.B === 'string') return new Uint8Array(Buffer.from(attribute.B, 'base64'))
    if ('N' in attribute && typeof attribute.N === 'string' && attribute.N !== '') {
      const number = Number(attribute.N)
      if (Number.isSafeInteger(number)) return number
    }
  }
  throw damaged('an attribute of a type that no version writes')
}

/** An item of an answer as a row. Throws `storage_corrupt` for anything that `toItem` does not write. */
export function fromItem(item: unknown): Row {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) throw damaged('something that is no item')
  return Object.fromEntries(Object.entries(item).map(([name, attribute]) => [name, fromAttribute(attribute)]))
}

/** The fault of a row that cannot be right. */
export function damaged(what: string): Fault {
  return new Fault('storage_corrupt', `The table holds ${what}.`)
}

/** A text attribute; undefined when absent. Throws `storage_corrupt` when it is something else. */
export function optionalText(row: Row, name: string): string | undefined {
  const value = row[name]
  if (value !== undefined && typeof value !== 'string') throw damaged(`a row whose ${name} is no text`)
  return value
}

/** A text attribute. Throws `storage_corrupt` when it is missing or something else. */
export function text(row: Row, name: string): string {
  const value = optionalText(row, name)
  if (value === undefined) throw damaged(`a row without ${name}`)
  return value
}

/** A whole number; undefined when absent. Throws `storage_corrupt` when it is something else. */
export function optionalWhole(row: Row, name: string): number | undefined {
  const value = row[name]
  if (value !== undefined && typeof value !== 'number') throw damaged(`a row whose ${name} is no number`)
  return value
}

/** A boolean; undefined when absent. Throws `storage_corrupt` when it is something else. */
export function optionalFlag(row: Row, name: string): boolean | undefined {
  const value = row[name]
  if (value !== undefined && typeof value !== 'boolean') throw damaged(`a row whose ${name} is neither true nor false`)
  return value
}

/** A whole number. Throws `storage_corrupt` when it is missing or something else. */
export function whole(row: Row, name: string): number {
  const value = optionalWhole(row, name)
  if (value === undefined) throw damaged(`a row without ${name}`)
  return value
}

/** What a JSON text holds; the shape is the one our own mapping wrote. Throws `storage_corrupt` when it is no JSON. */
export function fromJson<Value>(json: string): Value {
  try {
    return JSON.parse(json) as Value
  } catch (error) {
    throw new Fault('storage_corrupt', 'The table holds a text that is no JSON.', error)
  }
}

/** The value of a closed list. Throws `storage_corrupt` for anything else. */
export function oneOf<Value extends string>(values: readonly Value[], stored: string): Value {
  const known = values.find((value) => value === stored)
  if (known === undefined) throw damaged('a value that no version writes')
  return known
}

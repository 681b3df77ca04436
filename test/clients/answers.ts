/** An answer as a client gets it, after decompression. */
export interface FeedAnswer {
  status: number
  headers: Headers
  text: string
}

/** A row of a JSON list by lower-case names: both clients' names are case-insensitive. */
export type Row = ReadonlyMap<string, unknown>

/** Stands for a number with a point or an exponent: the clients take none where they expect a whole number. */
class FloatText {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/g
const FLOAT_KEY = '$float of the text'

function parseJson(text: string): unknown {
  if (text.startsWith('\ufeff')) throw new Error('a byte order mark')
  const marked = text.replace(STRING_OR_NUMBER, (token) =>
    !token.startsWith('"') && /[.eE]/.test(token) ? JSON.stringify({ [FLOAT_KEY]: token }) : token,
  )
  return JSON.parse(marked, (_key, value: unknown) => {
    const float = value !== null && typeof value === 'object' ? Reflect.get(value, FLOAT_KEY) : undefined
    return typeof float === 'string' ? new FloatText(float) : value
  })
}

/**
 * The rows of a JSON list as Json.NET hands them to the clients; undefined for `null` and for an empty body, which it
 * reads as null. Throws for anything else that is no array of objects.
 */
export function jsonRows(text: string): Row[] | undefined {
  if (text.trim() === '') return undefined
  const rows = parseJson(text)
  if (rows === null) return undefined
  if (!Array.isArray(rows)) throw new Error('not an array')
  return rows.map(rowOf)
}

function rowOf(value: unknown): Row {
  if (value === null || typeof value !== 'object' || Array.isArray(value) || value instanceof FloatText) {
    throw new Error('a row is no object')
  }
  return new Map(Object.entries(value).map(([name, field]) => [name.toLowerCase(), field]))
}

/** A `string` property: null and a missing key are undefined, numbers and booleans become text, all else throws. */
export function textOf(row: Row, name: string): string | undefined {
  const value = row.get(name.toLowerCase())
  if (value === undefined || value === null) return undefined
  if (value instanceof FloatText) return value.text
  if (typeof value === 'object') throw new Error(`${name} is no text`)
  return String(value)
}

function toInt(value: unknown, name: string): number {
  const number = typeof value === 'string' && /^\s*[+-]?\d+\s*$/.test(value) ? Number(value) : value
  if (typeof number !== 'number' || !Number.isInteger(number) || number > 2_147_483_647 || number < -2_147_483_648) {
    throw new Error(`${name} is no 32-bit integer`)
  }
  return number
}

/** An `int` property: missing is 0, digits in quotes count; null, "", 81189.0 and text throw. */
export function intOf(row: Row, name: string): number {
  const value = row.get(name.toLowerCase())
  return value === undefined ? 0 : toInt(value, name)
}

/** A `bool` property: missing is false, null throws. */
export function boolOf(row: Row, name: string): boolean {
  const value = row.get(name.toLowerCase())
  if (value === undefined) return false
  if (typeof value === 'boolean') return value
  if (typeof value === 'number') return value !== 0
  if (typeof value === 'string' && /^\s*(true|false)\s*$/i.test(value)) return value.trim().toLowerCase() === 'true'
  throw new Error(`${name} is no boolean`)
}

/** A `float` property: missing is 0, null throws. */
export function checkFloat(row: Row, name: string): void {
  const value = row.get(name.toLowerCase())
  if (value === undefined || typeof value === 'number' || value instanceof FloatText) return
  if (typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))) return
  throw new Error(`${name} is no number`)
}

/** A `DateTime` property: missing is fine; null, "" and what is no date throw. */
export function checkDate(row: Row, name: string): void {
  const value = row.get(name.toLowerCase())
  if (value === undefined || (typeof value === 'string' && !Number.isNaN(Date.parse(value)))) return
  throw new Error(`${name} is no date`)
}

/** A list of whole numbers: null and missing are undefined. */
export function intsOf(row: Row, name: string): number[] | undefined {
  return listOf(row, name)?.map((value) => toInt(value, name))
}

/** A list of objects: null and missing are undefined. */
export function objectsOf(row: Row, name: string): Row[] | undefined {
  return listOf(row, name)?.map(rowOf)
}

/** `int?[]`: whole numbers or null. */
export function checkNullableInts(row: Row, name: string): void {
  for (const value of listOf(row, name) ?? []) if (value !== null) toInt(value, name)
}

function listOf(row: Row, name: string): unknown[] | undefined {
  const value = row.get(name.toLowerCase())
  if (value === undefined || value === null) return undefined
  if (!Array.isArray(value)) throw new Error(`${name} is no list`)
  return value
}

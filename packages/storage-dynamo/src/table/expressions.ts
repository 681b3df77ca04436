import { type AttributeValue, type Row, toAttribute } from './attribute-values.ts'

/** Collects the names and values of DynamoDB expressions. Every name gets an alias: reserved words are many. */
export interface Expression {
  /** The alias of an attribute (letters, digits and `_` alone). */
  name(attribute: string): string
  /** The alias of a value. */
  value(value: unknown): string
  /** The two parameters of the call, each left out when empty (DynamoDB refuses empty ones). */
  parameters(): {
    ExpressionAttributeNames?: Record<string, string>
    ExpressionAttributeValues?: Record<string, AttributeValue>
  }
}

/** Words a condition, a filter or an update with the aliases it is given. */
export type Wording = (e: Expression) => string

export function expression(): Expression {
  const names: Record<string, string> = {}
  const values: Record<string, AttributeValue> = {}
  return {
    name(attribute) {
      names[`#${attribute}`] = attribute
      return `#${attribute}`
    },
    value(value) {
      const alias = `:v${Object.keys(values).length}`
      values[alias] = toAttribute(value)
      return alias
    },
    parameters: () => ({
      ...(Object.keys(names).length > 0 && { ExpressionAttributeNames: names }),
      ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
    }),
  }
}

/** There is no item of that key yet. */
export const ifAbsent: Wording = (e) => `attribute_not_exists(${e.name('media_type')})`

/** There is an item of that key. */
export const ifPresent: Wording = (e) => `attribute_exists(${e.name('media_type')})`

/** There is no item of that key, or the time that it is kept `until` has passed. */
export const ifOver =
  (now: number): Wording =>
  (e) =>
    `${ifAbsent(e)} OR ${e.name('until')} <= ${e.value(now)}`

/** A time that is told under a name lies so far ahead that a clock which was wrong has named it. @param longestMs the most */
export const ifAhead =
  (name: string, now: number, longestMs: number): Wording =>
  (e) =>
    `${e.name(name)} > ${e.value(now + 2 * longestMs)}`

/** The item is still the one that was read: every write leaves another `write_id`. */
export const ifUnchanged =
  (seen: Row): Wording =>
  (e) =>
    seen.write_id === undefined
      ? `${ifPresent(e)} AND attribute_not_exists(${e.name('write_id')})`
      : `${e.name('write_id')} = ${e.value(seen.write_id)}`

/** An object of a server's answer whose fields nobody has looked at yet. */
export type Row = Record<string, unknown>

/** The value as an object; an empty one when it is none. */
export function record(value: unknown): Row {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Row) : {}
}

/** The objects of a list; none when it is no list. */
export function rows(value: unknown): Row[] {
  return Array.isArray(value) ? value.map(record) : []
}

/** The value as text that is not empty. Plex gives some keys as numbers. */
export function text(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** The value as a whole number from 0, also when it is given as text. */
export function whole(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? value : undefined
  return typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : undefined
}

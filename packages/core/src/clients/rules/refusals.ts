import { MEDIA_EVENT_SOURCES } from '../../requests/rules/index.ts'

const MINUTE_MS = 60_000

/** Refusals are written at most this often, in all. */
export const WRITE_REFUSALS_EVERY_MS = MINUTE_MS
/** One that has not been repeated for so long is forgotten. */
const KEPT_MS = 24 * 60 * MINUTE_MS
/** Rows kept; what was refused longest ago makes room. */
export const MAX_REFUSALS = 50

/**
 * Why something was refused, or what was taken and could not all be done (`not_marked`): a key or token that opens nothing (an ended key looks like any other wrong one), another
 * program's address, an address without the list's own part, or a body that is no message (`bad_body`), too large, of a
 * type that nobody sends, or without what it needs (`invalid`).
 */
export const REFUSAL_KINDS = [
  'wrong_key',
  'wrong_token',
  'wrong_app',
  'wrong_base',
  'bad_body',
  'too_large',
  'unsupported',
  'invalid',
  'not_marked',
] as const
export type RefusalKind = (typeof REFUSAL_KINDS)[number]

/** What was asked for; of an address no more than this is kept. `list`: no list of one client in particular. */
export const REFUSAL_PLACES = [
  'radarr-list',
  'sonarr-list',
  'list',
  'sync',
  ...MEDIA_EVENT_SOURCES.map((source) => `webhook/${source}` as const),
] as const
export type RefusalPlace = (typeof REFUSAL_PLACES)[number]

/** What was refused, and whom: no key, no body and no address of ours. */
export interface Refusal {
  kind: RefusalKind
  place: RefusalPlace
  /** The network address it came from; of IPv6 its /48. */
  address: string
  /** The program as it last called itself: `Radarr`, `library-agent`, or `other`. */
  app: string
  count: number
  /** Epoch ms. */
  firstAt: number
  lastAt: number
}

const nameOf = ({ kind, place, address }: Refusal) => `${kind} ${place} ${address}`

/**
 * The rows with further ones put in, newest first, without what is older than a day: one row a kind, place and address,
 * and no more than fifty.
 */
export function withRefusals(rows: readonly Refusal[], more: readonly Refusal[], now: number): Refusal[] {
  const merged = new Map<string, Refusal>()
  for (const told of [...rows, ...more]) {
    // What a clock that was ahead has stamped was refused now at the latest.
    const row = { ...told, firstAt: Math.min(told.firstAt, now), lastAt: Math.min(told.lastAt, now) }
    const name = nameOf(row)
    const before = merged.get(name)
    const latest = before && before.lastAt > row.lastAt ? before : row
    merged.set(name, {
      ...latest,
      count: row.count + (before?.count ?? 0),
      firstAt: Math.min(row.firstAt, before?.firstAt ?? row.firstAt),
    })
  }
  return [...merged.values()]
    .filter((row) => row.lastAt > now - KEPT_MS)
    .sort((a, b) => b.lastAt - a.lastAt)
    .slice(0, MAX_REFUSALS)
}

/** What is stored: the rows, and when they were written (epoch ms). */
export interface StoredRefusals {
  writtenAt: number
  rows: Refusal[]
}

/** Reads the stored form; what cannot be read is left out, since nothing depends on it but what the admin is shown. */
export function parseRefusals(stored: string | undefined): StoredRefusals {
  let read: unknown
  try {
    read = JSON.parse(stored ?? '{}')
  } catch {
    read = {}
  }
  const { writtenAt, rows } = (read ?? {}) as Record<string, unknown>
  return {
    writtenAt: typeof writtenAt === 'number' ? writtenAt : 0,
    rows: Array.isArray(rows) ? rows.flatMap(parseRow) : [],
  }
}

function parseRow(row: unknown): Refusal[] {
  if (row === null || typeof row !== 'object') return []
  const { kind: storedKind, place: storedPlace, address, app, ...rest } = row as Record<string, unknown>
  const kind = REFUSAL_KINDS.find((one) => one === storedKind)
  const place = REFUSAL_PLACES.find((one) => one === storedPlace)
  if (!kind || !place || typeof address !== 'string' || typeof app !== 'string') return []
  const numbers = [rest.count, rest.firstAt, rest.lastAt].map(Number)
  const [count = 0, firstAt = 0, lastAt = 0] = numbers
  return numbers.every(Number.isFinite) ? [{ kind, place, address, app, count, firstAt, lastAt }] : []
}

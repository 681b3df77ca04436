import { createHash, type Hash } from 'node:crypto'
import { canonicalText, HOUSE_KINDS, type HouseKind, type HouseRow } from '@stellarr/core'
import * as v from 'valibot'
import { ROWS, time, whole } from './row-shapes.ts'
import { Stop } from './stop.ts'

/**
 * The file: JSON lines in UTF-8. A header; every row of the store, a line each, as packages/core names its fields (times
 * are epoch ms everywhere); after each page where the export can go on; and at the end how many rows there are of each
 * kind, and the SHA-256 of all bytes before that line.
 */
export const FORMAT = 'stellarr-house'
export const VERSION = 1

const row = <Kind extends HouseKind, Row extends v.GenericSchema>(kind: Kind, schema: Row) =>
  v.strictObject({ kind: v.literal(kind), row: schema })

const header = v.strictObject({
  kind: v.literal('header'),
  format: v.literal(FORMAT),
  version: v.literal(VERSION),
  id: v.pipe(v.string(), v.minLength(1), v.maxLength(100)),
  exportedAt: time,
  store: v.strictObject({ kind: v.string(), id: v.string(), revision: v.number() }),
})

const counts = v.strictObject({ setting: whole, guid: whole, subscription: whole, library: whole, request: whole })

const line = v.variant('kind', [
  header,
  row('setting', ROWS.setting),
  row('guid', ROWS.guid),
  row('subscription', ROWS.subscription),
  row('library', ROWS.library),
  row('request', ROWS.request),
  v.strictObject({
    kind: v.literal('page'),
    next: v.strictObject({ kind: v.picklist(HOUSE_KINDS), cursor: v.exactOptional(v.string()) }),
  }),
  v.strictObject({ kind: v.literal('end'), counts, sha256: v.string() }),
])

export type Header = v.InferOutput<typeof header>
export type Counts = v.InferOutput<typeof counts>
export type Line = v.InferOutput<typeof line>

/** Throws `Stop` with one sentence for a text that is no line of the format. */
export function parseLine(text: string): Line {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new Stop('this is no JSON, or was cut off.')
  }
  const result = v.safeParse(line, value)
  if (result.success) return result.output
  const [issue] = result.issues
  const { format, version, kind } = Object(value)
  if (kind === 'header' && format === FORMAT && version !== VERSION) {
    throw new Stop(`the file is of version ${JSON.stringify(version)}, and this program reads version ${VERSION}.`)
  }
  if (v.getDotPath(issue) === 'kind') throw new Stop(`there are no lines of kind ${JSON.stringify(kind) ?? 'unknown'}.`)
  throw new Stop(`${v.getDotPath(issue) ?? 'line'}: ${issue.message}.`.replaceAll('..', '.'))
}

export const rowText = (one: HouseRow): string => canonicalText(one)
export const noRows = (): Counts => ({ setting: 0, guid: 0, subscription: 0, library: 0, request: 0 })
export const sumOf = (all: Counts): number => HOUSE_KINDS.reduce((sum, kind) => sum + all[kind], 0)
export const newHash = (): Hash => createHash('sha256')

const WORDS: Record<HouseKind, [one: string, many: string]> = {
  request: ['request', 'requests'],
  library: ['library row', 'library rows'],
  setting: ['setting', 'settings'],
  subscription: ['device', 'devices'],
  guid: ['known title id', 'known title ids'],
}

/** `12,000`. */
export const grouped = (count: number): string => count.toLocaleString('en')

/** `12,000 library rows`. */
export const amount = (kind: HouseKind, count: number): string =>
  `${grouped(count)} ${WORDS[kind][count === 1 ? 0 : 1]}`

/** `5 requests, 12 library rows, …`, all kinds. */
export const amounts = (all: Counts): string =>
  [...HOUSE_KINDS]
    .reverse()
    .map((kind) => amount(kind, all[kind]))
    .join(', ')

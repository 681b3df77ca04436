import type { ExportPage, TitleKey } from '@stellarr/core'

/** How many rows a page of an export holds. */
export const PAGE = 1_000

/** A title's name; among titles also the cursor of an export. */
export const nameOf = ({ mediaType, tmdbId }: TitleKey): string => `${mediaType}/${tmdbId}`

/** How names stand to the cursor of an export that goes on with them; the first of all may be the empty text. */
export const behind = (cursor: string | undefined) => (cursor === undefined ? '>=' : '>')

/** A page of rows in key order, with the cursor to go on with; none after the last. */
export function page<Row>(rows: Row[], keyOf: (row: Row) => string): ExportPage<Row> {
  const last = rows.length === PAGE ? rows.at(-1) : undefined
  return last === undefined ? { rows } : { rows, cursor: keyOf(last) }
}

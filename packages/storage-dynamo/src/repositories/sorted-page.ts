import type { ExportPage } from '@stellarr/core'

const PAGE = 1_000

/** A page, by name and after the cursor, of rows that a scan gave in any order. */
export function sortedPage<One>(
  rows: readonly One[],
  { nameOf, cursor }: { nameOf: (row: One) => string; cursor: string | undefined },
): ExportPage<One> {
  const following = rows
    .filter((row) => cursor === undefined || nameOf(row) > cursor)
    .sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))
  const page = following.slice(0, PAGE)
  const last = following.length > PAGE ? page.at(-1) : undefined
  return last === undefined ? { rows: page } : { rows: page, cursor: nameOf(last) }
}

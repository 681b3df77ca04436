import type { Slice } from '../index.ts'

/** All rows of an export, page after page, or slice after slice. @param cursor where to begin; at the first row when absent */
export async function everyRow<Row>(
  exportAll: (cursor?: string) => Promise<Slice<Row>>,
  cursor?: string,
): Promise<Row[]> {
  const rows: Row[] = []
  let page = await exportAll(cursor)
  for (;;) {
    rows.push(...page.rows)
    if (page.cursor === undefined) return rows
    page = await exportAll(page.cursor)
  }
}

/** Works off all items, fifty at once. */
export async function inFifties<Item>(items: readonly Item[], work: (item: Item) => Promise<unknown>): Promise<void> {
  for (let from = 0; from < items.length; from += 50) await Promise.all(items.slice(from, from + 50).map(work))
}

import { exportHouse, FEED_READERS, type HouseKind, type HouseRow, type Storage } from '@stellarr/core'
import { type Line, newHash, rowText } from './lines.ts'

/**
 * True for a row that changes without the revision. Notes of who reads the feeds count for nothing: they are made every
 * few minutes, and nobody misses the latest.
 */
function isUncounted(one: HouseRow | Line): boolean {
  if (one.kind === 'setting') return one.row.name !== FEED_READERS
  return one.kind === 'guid' || one.kind === 'subscription'
}

/** One digest of all rows among those seen that change without the revision. */
export function uncountedRows() {
  const hash = newHash()
  return {
    /** @param text the row as the file has it */
    see(one: HouseRow | Line, text: string | Buffer): void {
      if (isUncounted(one)) hash.update(text)
    },
    digest: () => hash.copy().digest('hex'),
  }
}

/** True when a place lies behind all of them: they come first. */
export const isBehindUncounted = (kind: HouseKind): boolean => kind === 'library' || kind === 'request'

/** The digest of those that a store has now. They are few, so they are simply read again. */
export async function uncountedIn(storage: Storage): Promise<string> {
  const uncounted = uncountedRows()
  for await (const page of exportHouse(storage)) {
    for (const one of page.rows) uncounted.see(one, rowText(one))
    if (page.next && isBehindUncounted(page.next.kind)) break
  }
  return uncounted.digest()
}

import { AgentError, EXIT } from './errors.ts'
import type { Row } from './shapes.ts'

/** One page of a server's list; `total` is missing where the server does not say. */
export interface Page {
  rows: Row[]
  total: number | undefined
}

export interface Pages {
  /** What is read, for people: `Plex “Movies”`. */
  what: string
  pageSize: number
  fetch(start: number, size: number): Promise<Page>
  /** The server's own id of a row. */
  idOf(row: Row): string | undefined
  progress(read: number, total: number | undefined): void
}

/** Readings before a library that keeps changing is given up. */
const READINGS = 3

/**
 * Reads a list page by page and gives every row to what `begin` makes; answers what that has made of them. A list that
 * changed meanwhile is read again, since a row that moved over the edge of a page would look like one that left.
 * Throws when it cannot be read whole.
 */
export async function readWhole<R>(pages: Pages, begin: () => { take(row: Row): void; end(): R }): Promise<R> {
  let told = ''
  for (let reading = 1; reading <= READINGS; reading += 1) {
    const sink = begin()
    const outcome = await readOnce(pages, sink.take)
    if (outcome === 'whole') return sink.end()
    told = outcome
  }
  throw new AgentError(
    EXIT.failed,
    `${pages.what}: ${told} in ${READINGS} readings. It was not read whole, so nothing of it is sent.`,
  )
}

async function readOnce(pages: Pages, take: (row: Row) => void): Promise<string> {
  const seen = new Set<string>()
  let read = 0
  let total: number | undefined
  for (;;) {
    const page = await pages.fetch(read, pages.pageSize)
    if (read > 0 && page.total !== total) return 'it changed while it was read'
    total = page.total
    for (const row of page.rows) {
      const id = pages.idOf(row)
      if (id === undefined)
        throw new AgentError(EXIT.failed, `${pages.what}: a row has no id, so nothing of it is sent.`)
      // A double means that rows have moved, and that another one was passed over.
      if (seen.has(id)) return 'rows came twice'
      seen.add(id)
      take(row)
    }
    read += page.rows.length
    pages.progress(read, total)
    if (total === undefined ? page.rows.length !== pages.pageSize : read === total) return 'whole'
    if (page.rows.length === 0 || (total !== undefined && read > total)) return `it gave ${read} of ${total} rows`
  }
}

/** Keeps of each row what is needed. */
export function gather<T>(keep: (row: Row) => T) {
  const kept: T[] = []
  return { take: (row: Row) => void kept.push(keep(row)), end: () => kept }
}

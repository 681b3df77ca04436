import { breathe } from '../base/index.ts'
import type { FeedBody } from '../clients/index.ts'

/** Rows of one part of a JSON list, which is `[a,b`, `,c,d` or the end of it. */
function rowsOfPart(part: string): number {
  const inside = part.replace(/^[[,]/, '').replace(/\]$/, '')
  const rows: unknown = JSON.parse(`[${inside}]`)
  if (!Array.isArray(rows) || rows.some((row) => row === null || typeof row !== 'object')) throw new Error('no rows')
  return rows.length
}

const itemsOf = (part: string) => part.match(/\n<item><title>[^<]*<\/title>.*<\/item>(?=\n|$)/g)?.length ?? 0

/**
 * Reads a list as a client does, part by part.
 * @returns whether it reads, and holds as many rows as it is to have
 */
export async function isReadable({ type, parts, rows }: FeedBody): Promise<boolean> {
  const isJson = type !== 'application/rss+xml; charset=utf-8'
  let count = 0
  try {
    for (const part of parts) {
      count += isJson ? rowsOfPart(part) : itemsOf(part)
      // Each is a thousand rows.
      await breathe()
    }
  } catch {
    return false
  }
  // A series has a row for each root folder in a program list.
  return isJson ? count >= rows : count === rows
}

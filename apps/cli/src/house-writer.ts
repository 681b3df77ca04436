import type { FileHandle } from 'node:fs/promises'
import type { HousePage, HousePlace, HouseRow } from '@stellarr/core'
import { type Counts, type Header, newHash, noRows, rowText } from './lines.ts'

/** What a file that is being written holds so far. */
export interface Written {
  hash: ReturnType<typeof newHash>
  counts: Counts
}

export const nothingWritten = (): Written => ({ hash: newHash(), counts: noRows() })

/** Writes the format's lines at the end of a file. */
export function houseWriter(file: FileHandle, { hash, counts }: Written = nothingWritten()) {
  async function write(lines: readonly string[]): Promise<void> {
    if (lines.length === 0) return
    const text = `${lines.join('\n')}\n`
    hash.update(text)
    await file.appendFile(text)
  }

  const rowLines = (rows: readonly HouseRow[]) =>
    rows.map((one) => {
      counts[one.kind] += 1
      return rowText(one)
    })

  return {
    counts,
    header: (header: Header) => write([JSON.stringify(header)]),
    rows: (rows: readonly HouseRow[]) => write(rowLines(rows)),
    /** A page, with the place where an export that is cut off goes on. */
    page: ({ rows, next }: HousePage) => write([...rowLines(rows), ...(next ? [pageText(next)] : [])]),
    /** Makes the file whole, and sure of its disk. */
    async end(): Promise<void> {
      await write([JSON.stringify({ kind: 'end', counts, sha256: hash.copy().digest('hex') })])
      await file.sync()
    },
  }
}

const pageText = (next: HousePlace) => JSON.stringify({ kind: 'page', next })

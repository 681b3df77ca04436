import { randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { open, rename, rm, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import type { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { exportHouse, type HousePlace, type Storage } from '@stellarr/core'
import { STANDARD } from './command-line.ts'
import { houseWriter, nothingWritten, type Written } from './house-writer.ts'
import { type Counts, FORMAT, grouped, type Header, parseLine, rowText, sumOf, VERSION } from './lines.ts'
import { inPrivateFolder } from './private-folder.ts'
import { progress } from './progress.ts'
import { linesOf } from './read-lines.ts'
import { Stop } from './stop.ts'
import { isBehindUncounted, uncountedIn, uncountedRows } from './uncounted.ts'

/** How often a store that changes under way is read before that is given up. */
const READINGS = 3

export interface Exported {
  counts: Counts
  /** Rows that an earlier export, which was cut off, had written. */
  resumed: number
}

interface ExportOptions {
  storage: Storage
  kind: string
  /** Told in plain words what goes on. */
  say: (text: string) => void
}

/**
 * Writes a whole store to a file. What is written lies in `<file>.part` until it is whole; the next export to the same
 * file goes on from there if the store has not changed since.
 * @param file its path, or `-` for `output`
 * @throws Stop for a file that is there already, and for a store that keeps changing
 */
export async function exportToFile(file: string, options: ExportOptions, output: Writable): Promise<Exported> {
  if (file === STANDARD) return exportTo(output, options)
  if (existsSync(file)) throw new Stop(`${file} is there already: name another file, or remove it.`)
  const part = `${file}.part`
  const exported = await exportToPart(part, options)
  if (!file.endsWith('.gz')) await rename(part, file)
  else {
    const packed = `${part}.gz`
    await pipeline(createReadStream(part), createGzip(), createWriteStream(packed, { mode: 0o600, flush: true }))
    await rename(packed, file)
    await rm(part)
  }
  return exported
}

/** Nothing goes out before all is known to be whole. */
function exportTo(output: Writable, options: ExportOptions): Promise<Exported> {
  return inPrivateFolder('stellarr-export-', async (folder) => {
    const part = join(folder, 'house.jsonl')
    const exported = await exportToPart(part, options)
    await pipeline(createReadStream(part), output, { end: false })
    return exported
  })
}

async function exportToPart(part: string, { storage, kind, say }: ExportOptions): Promise<Exported> {
  const id = await storage.identity.storeId()
  const file = await open(part, 'a', 0o600)
  await file.chmod(0o600)
  try {
    for (let reading = 1; ; reading += 1) {
      const revision = await storage.revision.current()
      const left = reading === 1 ? await readPart(part, { id, revision }) : undefined
      const whole = left && (await uncountedIn(storage)) === left.uncounted ? left : undefined
      await truncate(part, whole?.end ?? 0)
      const writer = houseWriter(file, whole?.written ?? nothingWritten())
      const resumed = whole ? sumOf(whole.written.counts) : 0
      if (whole) say(`Going on after ${grouped(resumed)} rows that were written before.`)
      else await writer.header(headerOf({ kind, id, revision }))
      const uncounted = await writePages(storage, writer, whole)
      if ((await storage.revision.current()) === revision && (await uncountedIn(storage)) === uncounted) {
        await writer.end()
        return { counts: writer.counts, resumed }
      }
      if (reading === READINGS) {
        throw new Stop('The store keeps changing while it is read: stop Stellarr first, then export again.')
      }
      say('The store was changed while it was read: reading it again.')
    }
  } finally {
    await file.close()
  }
}

const headerOf = (store: Header['store']): Header => ({
  kind: 'header',
  format: FORMAT,
  version: VERSION,
  id: randomUUID(),
  exportedAt: Date.now(),
  store,
})

/** Writes all that is to be written yet; answers the digest of the file's rows that change without the revision. */
async function writePages(storage: Storage, writer: ReturnType<typeof houseWriter>, from?: Part): Promise<string> {
  const shown = progress('exported')
  const uncounted = uncountedRows()
  for await (const page of exportHouse(storage, from?.next)) {
    await writer.page(page)
    for (const one of page.rows) uncounted.see(one, rowText(one))
    shown.at(sumOf(writer.counts))
  }
  return from?.uncounted ?? uncounted.digest()
}

interface Part {
  written: Written
  /** Bytes up to the end of the last whole page. */
  end: number
  next: HousePlace
  /** The digest of its rows that change without the revision; it holds them all. */
  uncounted: string
}

/** What an export that was cut off has left, to the last whole page; undefined when it was of another store or state. */
async function readPart(path: string, store: { id: string; revision: number }): Promise<Part | undefined> {
  let part: Part | undefined
  const { hash, counts } = nothingWritten()
  const uncounted = uncountedRows()
  let isFirst = true
  try {
    for await (const { bytes, end, isWhole } of linesOf(createReadStream(path))) {
      if (!isWhole) break
      const line = parseLine(bytes.toString())
      if (
        isFirst &&
        !(line.kind === 'header' && line.store.id === store.id && line.store.revision === store.revision)
      ) {
        return undefined
      }
      isFirst = false
      if (line.kind === 'end') break
      hash.update(bytes).update('\n')
      uncounted.see(line, bytes)
      if (line.kind === 'page') {
        const { next } = line
        const written = { hash: hash.copy(), counts: { ...counts } }
        if (isBehindUncounted(next.kind)) part = { written, end, next, uncounted: uncounted.digest() }
      } else if (line.kind !== 'header') counts[line.kind] += 1
    }
  } catch (error) {
    // A line that was cut off, or never ours: up to the page before it is good.
    if (!(error instanceof Stop)) throw error
  }
  return part
}

import { HOUSE_BATCH, HOUSE_KINDS, type HousePlace, type HouseRow } from '@stellarr/core'
import { amounts, type Counts, type Header, type Line, newHash, noRows, parseLine, rowText, sumOf } from './lines.ts'
import { linesOf, openFile, readingFailure } from './read-lines.ts'
import { Stop } from './stop.ts'

/** A file that was read from its first line to its last and found whole. */
export interface CheckedHouse {
  path: string
  /** How it is named to a person. */
  name: string
  header: Header
  counts: Counts
  rows: number
  /** SHA-256 over all rows, in their order, each as its one text. */
  digest: string
  /** Texts of the settings that decide on an import. */
  feeds?: string
  vapid?: string
  readerKeys?: string
}

/** Rows of a checked file, in batches that a store can take at once. */
export async function* batchesOf({ path, name }: Pick<CheckedHouse, 'path' | 'name'>): AsyncGenerator<HouseRow[]> {
  let batch: HouseRow[] = []
  for await (const { line } of readLines(path, name)) {
    if (!isRow(line)) continue
    batch.push(line)
    if (batch.length < HOUSE_BATCH) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

const isRow = (line: Line): line is HouseRow & Line => HOUSE_KINDS.some((kind) => kind === line.kind)

async function* readLines(path: string, name: string): AsyncGenerator<{ line: Line; bytes: Buffer; number: number }> {
  let number = 0
  try {
    for await (const { bytes } of linesOf(await openFile(path))) {
      number += 1
      yield { line: parseLine(bytes.toString()), bytes, number }
    }
  } catch (error) {
    if (error instanceof Stop) throw new Stop(`${name}, line ${Math.max(1, number)}: ${error.message}`)
    throw readingFailure(name, error)
  }
}

/**
 * Reads a whole file: every line, the order of its parts, its counts and its checksum.
 * @throws Stop with one sentence that names the line
 */
export async function checkHouse(path: string, name = path): Promise<CheckedHouse> {
  const hash = newHash()
  const rowsHash = newHash()
  const counts = noRows()
  const settings = new Map<string, string>()
  let header: Header | undefined
  let isEnded = false
  let last: HousePlace['kind'] = HOUSE_KINDS[0]
  for await (const { line, bytes, number } of readLines(path, name)) {
    const stop = (what: string) => new Stop(`${name}, line ${number}: ${what}`)
    if (isEnded) throw stop('nothing was expected after the end.')
    if ((header === undefined) !== (line.kind === 'header')) {
      throw stop(header ? 'there is a second header.' : 'a header was expected: this is no export of Stellarr.')
    }
    if (line.kind === 'header') header = line
    else if (line.kind === 'end') {
      if (amounts(line.counts) !== amounts(counts)) {
        throw stop(`the file says it holds ${amounts(line.counts)}, and holds ${amounts(counts)}.`)
      }
      if (line.sha256 !== hash.copy().digest('hex')) throw stop('the checksum is another: the file was changed.')
      isEnded = true
    } else if (line.kind !== 'page') {
      if (HOUSE_KINDS.indexOf(line.kind) < HOUSE_KINDS.indexOf(last)) throw stop(`a ${line.kind} comes too late.`)
      last = line.kind
      counts[line.kind] += 1
      rowsHash.update(`${rowText(line)}\n`)
      if (line.kind === 'setting') settings.set(line.row.name, line.row.value)
    }
    hash.update(bytes).update('\n')
  }
  if (header === undefined) throw new Stop(`${name} is empty.`)
  if (!isEnded) throw new Stop(`${name} was cut off: its last line is missing.`)
  const [feeds, vapid, readerKeys] = ['feeds', 'vapid', 'reader-keys'].map((setting) => settings.get(setting))
  return {
    path,
    name,
    header,
    counts,
    rows: sumOf(counts),
    digest: rowsHash.digest('hex'),
    ...(feeds !== undefined && { feeds }),
    ...(vapid !== undefined && { vapid }),
    ...(readerKeys !== undefined && { readerKeys }),
  }
}

import { existsSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { countingRow, fromPredecessor, type PredecessorRow, type TitleRow } from '@stellarr/core'
import { openPredecessorTable } from '@stellarr/storage-dynamo/predecessor'
import { openPredecessorFile } from '@stellarr/storage-sqlite/predecessor'
import { type Address, addressText, type Environment } from './address.ts'
import { houseWriter } from './house-writer.ts'
import { FORMAT, grouped, VERSION } from './lines.ts'
import { findTable } from './open-store.ts'
import { progress } from './progress.ts'
import { Stop } from './stop.ts'

const ROWS_A_WRITE = 500
/** Bad rows that are named one by one. */
const NAMED = 20

interface Predecessor {
  rows(): AsyncIterable<PredecessorRow> | Iterable<PredecessorRow>
  /** What is not there or stays behind, in sentences. */
  notes(): Promise<string[]>
  close(): void
}

async function openPredecessor(address: Address, env: Environment): Promise<Predecessor> {
  if (address.kind === 'sqlite') {
    if (!existsSync(address.path)) throw new Stop(`There is no file ${address.path}.`)
    const file = openPredecessorFile(address.path)
    return { rows: () => file.rows(), notes: async () => file.missing, close: () => file.close() }
  }
  const { options } = await findTable(address.table, env)
  const table = openPredecessorTable(options)
  return {
    rows: () => table.rows(),
    close: () => table.close(),
    async notes() {
      const others = Object.entries(await table.others())
      const counts = others.map(([kind, count]) => `${grouped(count)} ${kind}`)
      return counts.length === 0 ? [] : [`Rows of other kinds stay behind: ${counts.join(', ')}.`]
    },
  }
}

/**
 * Writes what the predecessor's store holds as an export of ours, so that one import serves both.
 * The same contents make the same file but for its time, so that an import that was cut off goes on.
 * @throws Stop for rows that cannot be right, unless they are to be skipped
 */
export async function predecessorToFile(
  address: Address,
  path: string,
  { env, skipBad, say }: { env: Environment; skipBad: boolean; say: (text: string) => void },
): Promise<void> {
  const predecessor = await openPredecessor(address, env)
  const file = await open(path, 'wx', 0o600)
  try {
    const writer = houseWriter(file)
    const store = { kind: 'predecessor', id: 'predecessor', revision: 0 }
    await writer.header({
      kind: 'header',
      format: FORMAT,
      version: VERSION,
      id: 'predecessor',
      exportedAt: Date.now(),
      store,
    })
    const { doubles, bad } = await writeRows(predecessor, writer)
    await writer.end()
    for (const line of bad.slice(0, NAMED)) say(line)
    if (bad.length > NAMED) say(`… and ${grouped(bad.length - NAMED)} more.`)
    if (bad.length > 0 && !skipBad) {
      throw new Stop(
        `${addressText(address)}: ${grouped(bad.length)} rows cannot be right. Mend them there, or leave them out by --skip-bad.`,
      )
    }
    if (bad.length > 0) say(`${grouped(bad.length)} rows that cannot be right are left out.`)
    if (doubles > 0) {
      const said = doubles === 1 ? '1 double is' : `${grouped(doubles)} doubles are`
      say(`${said} left out: of several rows of one title the one that has arrived counts, else the first.`)
    }
    for (const note of await predecessor.notes()) say(note)
  } finally {
    await file.close()
    predecessor.close()
  }
}

/**
 * Writes all rows as ours, each title once; answers how many more there were and a line for each that cannot be right.
 * Requests are held until the last is read, since that may be the one which tells that a title has arrived.
 */
async function writeRows(
  predecessor: Predecessor,
  writer: ReturnType<typeof houseWriter>,
): Promise<{ doubles: number; bad: string[] }> {
  const shown = progress('read')
  const requests = new Map<string, TitleRow>()
  const library = new Set<string>()
  const bad: string[] = []
  let batch: TitleRow[] = []
  let doubles = 0
  let done = 0
  for await (const found of predecessor.rows()) {
    done += 1
    shown.at(done)
    const one = fromPredecessor(found)
    if ('bad' in one) {
      bad.push(`${found.place}: ${one.bad}.`)
      continue
    }
    const { kind, row } = one.row
    const name = `${row.mediaType}/${row.tmdbId}`
    if (kind === 'request') {
      const known = requests.get(name)
      if (known) doubles += 1
      requests.set(name, known ? countingRow(known, one.row) : one.row)
    } else if (library.has(name)) doubles += 1
    else {
      library.add(name)
      batch.push(one.row)
    }
    if (batch.length < ROWS_A_WRITE) continue
    await writer.rows(batch)
    batch = []
  }
  await writer.rows(batch)
  await writer.rows([...requests.values()])
  return { doubles, bad }
}

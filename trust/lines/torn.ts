import { closeSync, existsSync, ftruncateSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { aMovieRequest } from '@stellarr/core/testing'
import { openSqliteStorage } from '@stellarr/storage-sqlite'
import { copyStoreFile } from '@stellarr/storage-sqlite/store-file'
import { addMovie } from '../../test/http/arr-messages.ts'
import { call, openLists, signIn } from '../../test/http/deployment.ts'
import { type House, kill, openHouse } from '../house.ts'
import type { Line, Run } from '../line.ts'
import { readList } from '../lists.ts'
import { must } from '../tally.ts'

/** Puts bytes into a file without making another one of it: damage does not move a file. */
function overwrite(path: string, bytes: Buffer): void {
  const file = openSync(path, existsSync(path) ? 'r+' : 'w', 0o600)
  ftruncateSync(file, 0)
  writeSync(file, bytes, 0, bytes.length, 0)
  closeSync(file)
}

const FILES = ['stellarr.db', 'stellarr.db-wal', 'store.json'] as const

/** The files of a household's folder as they are now. */
const snapshot = (house: House) =>
  new Map(
    FILES.filter((name) => existsSync(join(house.dataDir, name))).map((name) => [
      name as string,
      readFileSync(join(house.dataDir, name)),
    ]),
  )

/** Puts them back, each into the file that it came from, with some of them changed. */
function putBack(house: House, files: ReadonlyMap<string, Buffer>, changed: Record<string, Buffer | undefined>): void {
  rmSync(join(house.dataDir, 'stellarr.db-shm'), { force: true })
  for (const [name, bytes] of files) {
    const path = join(house.dataDir, name)
    const given = name in changed ? changed[name] : bytes
    if (given === undefined) rmSync(path, { force: true })
    else overwrite(path, given)
  }
}

function flipped(bytes: Buffer, bit: number): Buffer {
  const copy = Buffer.from(bytes)
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7))
  return copy
}

/** A log cut somewhere, at its edges, with a flipped bit, or gone. */
function tornWal(wal: Buffer, round: number): Buffer | undefined {
  const frame = 4096 + 24
  const frames = Math.floor((wal.length - 32) / frame)
  switch (round % 5) {
    case 0:
    case 1:
      return wal.subarray(0, Math.floor(Math.random() * wal.length))
    case 2: {
      const edge = 32 + frame * Math.floor(Math.random() * (frames + 1)) + ((round % 3) - 1)
      return wal.subarray(0, Math.max(0, Math.min(wal.length, edge)))
    }
    case 3:
      return flipped(wal, Math.floor(Math.random() * wal.length * 8))
    default:
      return round % 10 === 4
        ? undefined
        : Buffer.concat([wal.subarray(0, wal.length >> 1), Buffer.alloc(wal.length >> 1)])
  }
}

async function torn({ tries, tally, folder }: Run): Promise<string> {
  const house = await openHouse(folder)
  const first = await house.start()
  await openLists(first.url)
  const token = await signIn(first.url)
  const order: number[] = []
  for (let id = 100_001; id <= 100_030; id += 1) {
    addMovie({ tmdb: house.tmdb }, id)
    const { status } = await call(first.url, '/api/request', { token, json: { media_type: 'movie', tmdb_id: id } })
    must(status === 200, `a request answered ${status}`)
    order.push(id)
    // Clients read in between.
    if (id % 10 === 0) await readList(first.url)
  }
  const read = await readList(first.url)
  must(read.kind === 'rows' && read.ids.length === order.length, 'the list is not whole before anything happened')
  await kill(first)
  const files = snapshot(house)
  const wal = files.get('stellarr.db-wal')
  must(wal !== undefined && wal.length > 10_000, 'there is no log to cut')
  let closed = 0
  for (let round = 0; round < tries; round += 1) {
    await tally.attempt(`cut ${round}`, async () => {
      putBack(house, files, { 'stellarr.db-wal': tornWal(wal, round) })
      const app = await house.start()
      const list = await readList(app.url).finally(() => kill(app))
      if (list.kind === 'closed') {
        closed += 1
        must(list.status === 503, `the list answered ${list.status}`)
      } else must(list.ids.length === order.length, `200 with ${list.ids.length} of ${order.length} rows`)
    })
  }
  await house.close()
  return `${closed} closed, the others whole`
}

async function rot({ tries, tally, folder, say }: Run): Promise<string> {
  const ROWS = 300
  const house = await openHouse(folder)
  mkdirSync(house.dataDir, { recursive: true, mode: 0o700 })
  const path = join(house.dataDir, 'stellarr.db')
  const storage = await openSqliteStorage({ path, clock: { now: () => Date.now() } })
  for (let n = 1; n <= ROWS; n += 1) {
    await storage.requests.add(
      aMovieRequest({ tmdbId: n, title: `Movie ${n}`, imdbId: `tt${5_000_000 + n}`, createdAt: n * 1_000 }),
    )
  }
  await storage.close()
  const first = await house.start()
  await openLists(first.url)
  const whole = await readList(first.url)
  must(whole.kind === 'rows' && whole.ids.length === ROWS, 'the list is not whole before anything happened')
  await first.stop()
  const files = snapshot(house)
  const db = files.get('stellarr.db')
  must(db !== undefined, 'there is no database')
  const outcomes: Record<string, number> = {}
  for (let round = 0; round < tries; round += 1) {
    await tally.attempt(`bit ${round}`, async () => {
      putBack(house, files, { 'stellarr.db': flipped(db, Math.floor(Math.random() * db.length * 8)) })
      rmSync(`${path}-wal`, { force: true })
      const app = await house.tryStart()
      let outcome = 'refused at start'
      if ('code' in app) {
        must(!/\n\s+at /.test(app.output), `a stack: ${app.output.slice(0, 300)}`)
      } else {
        const list = await readList(app.url).finally(() => kill(app))
        if (list.kind === 'rows') must(list.ids.length === ROWS, `200 with ${list.ids.length} of ${ROWS} rows`)
        outcome = list.kind === 'rows' ? 'whole' : list.code
      }
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
    })
    say(JSON.stringify(outcomes))
  }
  await house.close()
  return Object.entries(outcomes)
    .map(([what, count]) => `${count} ${what}`)
    .join(', ')
}

/** Copies made in the middle of writing are whole stores of a moment. */
async function copies({ tries, tally, folder }: Run): Promise<undefined> {
  const path = join(folder, 'written.db')
  const clock = { now: () => Date.now() }
  const storage = await openSqliteStorage({ path, clock })
  let written = 0
  let isDone = false
  const writing = (async () => {
    while (!isDone) {
      written += 1
      await storage.requests.add(aMovieRequest({ tmdbId: written }))
      if (written % 20 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
  })()
  for (let round = 0; round < tries; round += 1) {
    await tally.attempt(`copy ${round}`, async () => {
      const copy = join(folder, `copy-${round}.db`)
      const before = written - 1
      await copyStoreFile(path, copy)
      const opened = await openSqliteStorage({ path: copy, clock })
      const count = (await opened.requests.list({})).length
      const revision = await opened.revision.current()
      await opened.close()
      must(count >= before && revision === count, `${count} rows at revision ${revision}, at least ${before} expected`)
    })
  }
  isDone = true
  await writing
  await storage.close()
  return undefined
}

export const tornLines: readonly Line[] = [
  {
    name: 'torn-wal',
    title: 'a write-ahead log that is cut, damaged or gone',
    store: 'sqlite',
    tries: { whole: 240, short: 10 },
    run: torn,
  },
  {
    name: 'bit-rot',
    title: 'one flipped bit in the database file',
    store: 'sqlite',
    tries: { whole: 1_000, short: 20 },
    run: rot,
  },
  {
    name: 'copies',
    title: 'copies made while the store is written',
    store: 'sqlite',
    tries: { whole: 25, short: 5 },
    run: copies,
  },
]

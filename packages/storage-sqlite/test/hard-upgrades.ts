import { deepStrictEqual } from 'node:assert'
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fixedClock } from '@stellarr/core/testing'
import Sqlite from 'better-sqlite3'
import { APPLICATION_ID } from '../src/database/connection.ts'
import { MIGRATIONS, migrate } from '../src/database/migrate.ts'
import { openSqliteStorage } from '../src/index.ts'
import { KEPT_SCHEMAS, putOldStore } from './old-stores/index.ts'
import { KEPT_AT, type KeptRows, readStore } from './old-stores/rows.ts'
import { onStatements } from './on-statements.ts'

/** How often something was tried, and what of it did not end as it must. */
export interface Tally {
  tried: number
  failed: string[]
}

const CHILD = fileURLToPath(new URL('./upgrade-child.ts', import.meta.url))
/** In the shell's blocks of 512 bytes: as large as the kept stores and their copies are. */
const LARGEST_BLOCKS = 480
const BLOCKS_A_PAGE = 8
/** Where there is no store yet. */
const NONE = 'no store'
/** All that a start makes into a store of today. */
const BEFORE = [NONE, ...KEPT_SCHEMAS.slice(0, -1)]

/** So many of all places, as far from each other as can be; each run takes others. */
function spread<Place>(places: readonly Place[], count: number): Place[] {
  const step = Math.max(1, places.length / count)
  const first = Math.random() * step
  const chosen = new Set(Array.from({ length: count }, (_, n) => Math.floor(first + n * step)))
  return places.filter((_, place) => chosen.has(place))
}

/** Runs a start of today's program in a process of its own, under another program if one is given. */
async function start(path: string, dieAt = 0, under: readonly string[] = []): Promise<'done' | 'killed' | 'failed'> {
  const [command = process.execPath, ...args] = [...under, process.execPath, CHILD, path, String(dieAt)]
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'ignore'] })
  let said = ''
  child.stdout.on('data', (text) => {
    said += text
  })
  const signal = await new Promise<NodeJS.Signals | null>((resolve) => child.once('close', (_, by) => resolve(by)))
  if (signal === 'SIGKILL') return 'killed'
  return said === 'done' ? 'done' : 'failed'
}

/** How many statements a start comes to that makes or upgrades a store. */
async function statementsOf(schema: string): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'stellarr-upgrade-'))
  const path = join(folder, 'stellarr.db')
  if (schema !== NONE) putOldStore(schema, path)
  let statements = 0
  const counted = onStatements((number) => {
    statements = number
  })
  try {
    await (await openToday(path)).close()
    return statements
  } finally {
    counted.undo()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Whether an old store that was interrupted is as it was or as it should be, and starts again with every row. */
async function survives(path: string, backups: string, schema: string, rows: KeptRows): Promise<void> {
  const today = MIGRATIONS.at(-1)
  const found = schemaOf(path)
  if (found !== schema && found !== today) throw new Error(`the schema is ${found}`)
  for (const name of copiesIn(backups)) deepStrictEqual(schemaOf(join(backups, name)), schema)
  const store = await openToday(path)
  deepStrictEqual(await readStore(store), rows)
  await store.close()
  deepStrictEqual(schemaOf(path), today)
  const copies = copiesIn(backups)
  if (copies.length === 0) throw new Error('there is no copy')
  deepStrictEqual(readdirSync(backups).length, copies.length)
}

/** Whether a store that was interrupted while it was made is made at the next start, empty and new. */
async function isMade(path: string, backups: string): Promise<void> {
  const store = await openToday(path)
  deepStrictEqual([await store.requests.list({}), await store.identity.isNew()], [[], true])
  await store.close()
  deepStrictEqual([schemaOf(path), existsSync(backups)], [MIGRATIONS.at(-1), false])
}

const openToday = (path: string) => openSqliteStorage({ path, clock: fixedClock(KEPT_AT) })

const copiesIn = (backups: string): string[] =>
  existsSync(backups) ? readdirSync(backups).filter((name) => name.endsWith('.db')) : []

/** The newest migration of a whole file. */
function schemaOf(path: string): string {
  const db = new Sqlite(path)
  try {
    deepStrictEqual(db.pragma('integrity_check', { simple: true }), 'ok')
    return String(db.prepare('SELECT max(name) FROM kysely_migration').pluck().get())
  } finally {
    db.close()
  }
}

/** Puts an old store, or none, into a new folder, lets `interrupt` have it, and looks at what is left. */
async function tryOne(
  tally: Tally,
  what: string,
  schema: string,
  interrupt: (path: string) => Promise<unknown>,
  parent: string = tmpdir(),
): Promise<void> {
  const folder = mkdtempSync(join(parent, 'stellarr-upgrade-'))
  const path = join(folder, 'stellarr.db')
  tally.tried += 1
  try {
    const rows = schema === NONE ? undefined : putOldStore(schema, path)
    await interrupt(path)
    const backups = join(folder, 'backups')
    await (rows ? survives(path, backups, schema, rows) : isMade(path, backups))
  } catch (error) {
    tally.failed.push(`${schema}, ${what}: ${error instanceof Error ? error.message : String(error)}`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * Kills starts, with SIGKILL, as they come to a statement of making a store or upgrading an older one.
 * @param count how many statements, of all that there are
 */
export async function killAtStatements(count: number): Promise<Tally> {
  const tally: Tally = { tried: 0, failed: [] }
  const places: { schema: string; dieAt: number }[] = []
  for (const schema of BEFORE) {
    const statements = await statementsOf(schema)
    for (let dieAt = 1; dieAt <= statements; dieAt += 1) places.push({ schema, dieAt })
  }
  for (const { schema, dieAt } of spread(places, count)) {
    await tryOne(tally, `killed at statement ${dieAt}`, schema, async (path) => {
      deepStrictEqual(await start(path, dieAt), 'killed')
    })
  }
  return tally
}

/** What a start does to the disk. */
const CALLS = 'pwrite64,ftruncate,fsync,fdatasync,rename,unlink'

/**
 * Lets each call of an upgrade that changes the disk be its last, or all from it on fail for want of space. Needs strace.
 * @param how what happens at the call
 * @param count how many calls a schema, in their order; all when absent
 * @public
 */
export async function stopAtCalls(how: 'killed' | 'full', count = Number.POSITIVE_INFINITY): Promise<Tally> {
  const tally: Tally = { tried: 0, failed: [] }
  for (const schema of BEFORE) {
    let isThrough = false
    for (let call = 1; !isThrough && call <= count; call += 1) {
      const what = how === 'killed' ? `${CALLS}:signal=KILL:when=${call}` : `pwrite64:error=ENOSPC:when=${call}+`
      await tryOne(tally, `${how} at call ${call}`, schema, async (path) => {
        const under = ['strace', '-qq', '-o', '/dev/null', '-e', `inject=${what}`]
        isThrough = (await start(path, 0, under)) === 'done'
      })
    }
  }
  return tally
}

/** Lets no file grow beyond a size. @param count how many sizes, up to the one at which every upgrade gets through */
export async function limitFiles(count: number): Promise<Tally> {
  const tally: Tally = { tried: 0, failed: [] }
  const sizes = Array.from({ length: LARGEST_BLOCKS / BLOCKS_A_PAGE }, (_, page) => page * BLOCKS_A_PAGE)
  const places = BEFORE.flatMap((schema) => sizes.map((blocks) => ({ schema, blocks })))
  for (const { schema, blocks } of spread(places, count)) {
    await tryOne(tally, `files of ${blocks} blocks`, schema, async (path) => {
      // A write beyond it fails, where it would end the process otherwise.
      await start(path, 0, ['sh', '-c', `trap '' XFSZ; ulimit -f ${blocks}; exec "$0" "$@"`])
    })
  }
  return tally
}

/** Lets the database end at each number of pages that the upgrade comes to. @param count how many a schema */
export async function fillPages(count: number): Promise<Tally> {
  const tally: Tally = { tried: 0, failed: [] }
  for (const schema of BEFORE) {
    let isThrough = false
    for (let more = 0; !isThrough && more < count; more += 1) {
      await tryOne(tally, `${more} pages more`, schema, async (path) => {
        const db = new Sqlite(path)
        db.pragma('journal_mode = WAL')
        db.pragma(`application_id = ${APPLICATION_ID}`)
        db.pragma(`max_page_count = ${Math.max(1, Number(db.pragma('page_count', { simple: true })) + more)}`)
        const options = { path, backupDir: join(path, '../backups'), now: KEPT_AT, isLocked: true }
        isThrough = await migrate(db, options).then(
          () => true,
          () => false,
        )
        if (!isThrough) deepStrictEqual(copiesIn(options.backupDir), [])
        db.close()
      })
    }
  }
  return tally
}

/**
 * Upgrades on a disk that has less and less room, and has room again at the next start.
 * @param disk an empty disk of a few MB, such as a tmpfs
 * @param step how much less it is each time, in bytes
 * @public
 */
export async function fillDisk(disk: string, step: number): Promise<Tally> {
  const tally: Tally = { tried: 0, failed: [] }
  for (const schema of BEFORE) {
    for (let room = 1_000_000; room >= 0; room -= step) {
      await tryOne(
        tally,
        `${room} bytes free`,
        schema,
        async (path) => {
          const { bavail, bsize } = statfsSync(disk)
          const filler = join(disk, 'filler')
          writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - room)))
          await openToday(path).then(
            (store) => store.close(),
            () => undefined,
          )
          rmSync(filler)
        },
        disk,
      )
    }
  }
  return tally
}

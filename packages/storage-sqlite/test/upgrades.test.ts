import { hash } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { faultOf, fixedClock } from '@stellarr/core/testing'
import Sqlite from 'better-sqlite3'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { MIGRATIONS } from '../src/database/migrate.ts'
import { lockStore, openSqliteStorage } from '../src/index.ts'
import { fillPages, killAtStatements, limitFiles } from './hard-upgrades.ts'
import { KEPT_SCHEMAS, putOldStore } from './old-stores/index.ts'
import { KEPT_AT, readStore } from './old-stores/rows.ts'

const root = mkdtempSync(join(tmpdir(), 'stellarr-upgrades-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

let folder: string
let path: string
let backups: string
beforeEach(() => {
  folder = mkdtempSync(join(root, 'store-'))
  path = join(folder, 'stellarr.db')
  backups = join(folder, 'backups')
})

const clock = fixedClock(KEPT_AT)
const open = () => openSqliteStorage({ path, clock })
/** Each try is a process of its own, which takes long where many run. */
const PROCESSES_MS = 60_000
const FIRST = '0001-first'
const COPY = 'before-0002-activity-and-outbox-2026-11-30T000000Z.db'

/** What a start that was refused says. */
const lineOf = (starting: Promise<unknown>) =>
  starting.then(
    () => 'it started',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  )

/** Names and bytes of all files of the folder, but for what SQLite keeps in memory. */
const bytesIn = (place: string) =>
  readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('-shm'))
    .map(({ name, parentPath }) => [name, hash('sha256', readFileSync(join(parentPath, name)))])

function tablesOf(file: string): unknown[] {
  const db = new Sqlite(file, { readonly: true })
  const tables = db.prepare('SELECT type, name, sql FROM sqlite_master ORDER BY type, name').all()
  db.close()
  return tables
}

describe('an upgrade', () => {
  it('has a store of every schema to begin with: `node packages/storage-sqlite/test/old-stores/keep-store.ts`', async () => {
    expect(KEPT_SCHEMAS).toEqual(MIGRATIONS)
    putOldStore(KEPT_SCHEMAS.at(-1) ?? '', path)
    const kept = tablesOf(path)
    rmSync(path)
    await (await open()).close()
    expect(tablesOf(path)).toEqual(kept)
  })

  it.each(KEPT_SCHEMAS)('from %s brings every row along', async (schema) => {
    const rows = putOldStore(schema, path)
    const store = await open()
    expect(await readStore(store)).toEqual(rows)
    await store.close()
    const again = await open()
    expect(await readStore(again)).toEqual(rows)
    await again.close()
  })

  it('keeps a copy of what was there before, for its owner alone', async () => {
    putOldStore(FIRST, path)
    const before = tablesOf(path)
    await (await open()).close()
    expect(readdirSync(backups)).toEqual([COPY])
    expect([statSync(backups).mode & 0o777, statSync(join(backups, COPY)).mode & 0o777]).toEqual([0o700, 0o600])
    expect(tablesOf(join(backups, COPY))).toEqual(before)
    copyFileSync(join(backups, COPY), path)
    const restored = await open()
    expect(await readStore(restored)).toEqual(putOldStore(FIRST, join(folder, 'another.db')))
    await restored.close()
  })

  it('keeps five copies, and in another folder if one is named', async () => {
    const backupDir = join(folder, 'elsewhere', 'copies')
    const foreign = 'nightly.db'
    for (let day = 0; day < 7; day += 1) {
      rmSync(path, { force: true })
      putOldStore(FIRST, path)
      // The last one is made with a clock that was set back.
      const clock = fixedClock(KEPT_AT + (day === 6 ? -1 : day) * 86_400_000)
      await (await openSqliteStorage({ path, clock, backupDir })).close()
      writeFileSync(join(backupDir, foreign), '')
    }
    const days = readdirSync(backupDir).map((name) => /2026-(\d\d-\d\d)T/.exec(name)?.[1] ?? name)
    expect(days).toEqual(['11-29', '12-02', '12-03', '12-04', '12-05', foreign])
    expect(existsSync(backups)).toBe(false)
  })

  it('that is killed again and again leaves six copies at most, and nothing half', async () => {
    mkdirSync(backups)
    for (let second = 10; second < 20; second += 1) writeFileSync(join(backups, COPY.replace('00Z', `${second}Z`)), '')
    writeFileSync(join(backups, `${COPY}.part`), '')
    writeFileSync(join(backups, 'before-the-party.db'), '')
    putOldStore(FIRST, path)
    await (await openSqliteStorage({ path, clock: fixedClock(KEPT_AT - 1_000) })).close()
    const left = readdirSync(backups)
    expect(left.map((name) => /T(\d+)Z/.exec(name)?.[1] ?? name)).toEqual([
      ...['235959', '000016', '000017', '000018', '000019'],
      'before-the-party.db',
    ])
  })

  it('is none for a store that is made now, and for one of today', async () => {
    await (await open()).close()
    await (await open()).close()
    expect(readdirSync(folder)).toEqual(['stellarr.db'])
  })

  it('does not begin where its copy cannot be made', async () => {
    putOldStore(FIRST, path)
    writeFileSync(backups, '')
    const before = bytesIn(folder)
    expect(await lineOf(open())).toBe(
      `A copy of the store is made in ${backups} before it is upgraded, and that failed: EEXIST. Nothing was changed.`,
    )
    expect(bytesIn(folder).filter(([name]) => !name?.includes('.lock'))).toEqual(before)
  })

  it('is refused while another uses the store as it was', async () => {
    putOldStore(FIRST, path)
    const lock = await lockStore(path, { version: '0.1.0' })
    const before = bytesIn(folder)
    expect(await lineOf(open())).toContain(`is using ${path}. Stop it first.`)
    expect(bytesIn(folder)).toEqual(before)
    const store = await openSqliteStorage({ path, clock, lock })
    await store.close()
    expect(readdirSync(backups)).toEqual([COPY])
  })

  it(
    'that dies at any statement ends at old or new, with every row',
    async () => {
      expect(await killAtStatements(2)).toEqual({ tried: 2, failed: [] })
    },
    PROCESSES_MS,
  )

  it(
    'that runs out of space ends at old or new, with every row',
    async () => {
      expect((await fillPages(2)).failed).toEqual([])
      expect(await limitFiles(1)).toEqual({ tried: 1, failed: [] })
    },
    PROCESSES_MS,
  )
})

describe('a store of a newer program', () => {
  const LATER = '9999-later'

  /** Writes as a newer program would have, and answers the line of today's. */
  async function afterNewer(isCrashed: boolean): Promise<string> {
    await (await open()).close()
    const db = new Sqlite(path)
    const add = () => db.prepare('INSERT INTO kysely_migration VALUES (?, ?)').run(LATER, new Date().toISOString())
    if (isCrashed) {
      // What a crash leaves: the change is in the WAL alone.
      add()
      copyFileSync(`${path}-wal`, join(folder, 'left-wal'))
      copyFileSync(path, join(folder, 'left'))
      db.close()
      for (const end of ['', '-wal']) copyFileSync(join(folder, `left${end}`), `${path}${end}`)
    } else {
      add()
      db.close()
    }
    const before = bytesIn(folder)
    expect(await faultOf(open())).toBe('wrong_store')
    const line = await lineOf(open())
    expect(bytesIn(folder)).toEqual(before)
    return line
  }

  it.each([false, true])('is refused with one line, and nothing is touched (after a crash: %s)', async (isCrashed) => {
    expect(await afterNewer(isCrashed)).toBe(
      `DATABASE_PATH: ${path} was last used by a newer Stellarr (it has ${LATER}). Install that version again, or restore a backup from before.`,
    )
    expect(existsSync(backups)).toBe(false)
  })

  it('can go back to the copy that the newer one made', async () => {
    putOldStore(FIRST, path)
    await (await open()).close()
    const copy = join(backups, `before-${LATER}-2026-12-01T000000Z.db`)
    copyFileSync(join(backups, COPY), copy)
    expect(await afterNewer(false)).toContain(`or restore ${copy}.`)
  })
})

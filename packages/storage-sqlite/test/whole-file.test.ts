import { copyFileSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { aMovieRequest, faultOf, fixedClock } from '@stellarr/core/testing'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSqliteStorage, type SqliteStorage } from '../src/index.ts'
import { copyStoreFile } from '../src/store-file.ts'
import { tryDamagedIndexes } from './damaged-indexes.ts'

const clock = fixedClock()
let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stellarr-whole-'))
  mkdirSync(join(folder, 'data'))
  path = join(folder, 'data/stellarr.db')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A store of some requests, opened again. */
async function filled(): Promise<SqliteStorage> {
  const store = await openSqliteStorage({ path, clock })
  for (let tmdbId = 1; tmdbId <= 40; tmdbId += 1) await store.requests.add(aMovieRequest({ tmdbId }))
  await store.close()
  return openSqliteStorage({ path, clock })
}

describe('files that are gone from under a running store', () => {
  const CASES: [string, () => void][] = [
    ['the folder is deleted', () => rmSync(join(folder, 'data'), { recursive: true })],
    ['the folder is moved away', () => renameSync(join(folder, 'data'), join(folder, 'elsewhere'))],
    ['the database is deleted', () => rmSync(path)],
    ['the write-ahead log is deleted', () => rmSync(`${path}-wal`)],
    ['a backup takes the place of the database', () => renameSync(join(folder, 'backup.db'), path)],
    ['a backup is written over the database', () => copyFileSync(join(folder, 'backup.db'), path)],
  ]

  it.each(CASES)('acknowledge nothing more: %s', async (_, happens) => {
    const store = await openSqliteStorage({ path, clock })
    await store.requests.add(aMovieRequest())
    await copyStoreFile(path, join(folder, 'backup.db'))
    expect(store.isInPlace()).toBe(true)
    happens()
    expect(store.isInPlace()).toBe(false)
    const calls = [
      store.requests.add(aMovieRequest({ tmdbId: 2 })),
      store.requests.list({}),
      store.settings.set('name', 'value'),
      store.revision.current(),
      store.identity.storeId(),
    ]
    for (const call of calls) expect(await faultOf(call)).toBe('storage_unavailable')
    await store.close()
  })
})

describe('the check of a database', () => {
  it('finds nothing wrong with one that is whole, new or not, while it is used', async () => {
    const fresh = await openSqliteStorage({ path: join(folder, 'fresh.db'), clock })
    expect(await fresh.damage()).toBeUndefined()
    await fresh.close()
    const store = await filled()
    const [first, again, added] = await Promise.all([
      store.damage(),
      store.damage(),
      store.requests.add(aMovieRequest({ tmdbId: 99 })),
    ])
    expect([first, again, added]).toEqual([undefined, undefined, 'added'])
    await store.close()
  })

  it('ends with its store', async () => {
    const store = await filled()
    const check = store.damage().catch((error: unknown) => String(error))
    await store.close()
    expect([undefined, 'Error: the check of the database was stopped']).toContain(await check)
  })

  it('begins anew after one that could not be made', async () => {
    const store = await filled()
    renameSync(path, `${path}.away`)
    await expect(store.damage()).rejects.toThrow('unable to open')
    renameSync(`${path}.away`, path)
    expect(await store.damage()).toBeUndefined()
    await store.close()
  })
})

describe('lists', () => {
  it('need no index: damage to one, which is found, never makes a list shorter', async () => {
    const store = await filled()
    await store.close()
    copyFileSync(path, join(folder, 'whole.db'))
    const outcome = await tryDamagedIndexes(join(folder, 'whole.db'), 12)
    expect(outcome).toMatchObject({ tried: 12, shorter: 0 })
    expect(outcome.found).toBeGreaterThan(0)
  })
})

/** Changes the name of one column in the text by which SQLite knows its table, as a flipped bit does. */
function damageSchema(file: string, table: string, column: string): void {
  const db = new Sqlite(file)
  // The driver lets nobody do it by accident.
  db.unsafeMode()
  db.pragma('writable_schema = ON')
  const damaged = `${column.slice(0, -1)}${String.fromCharCode(column.charCodeAt(column.length - 1) ^ 1)}`
  const sql = "UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = ?"
  db.prepare(sql).run(`"${column}"`, `"${damaged}"`, table)
  db.close()
}

it('a damaged schema is told as what it is, whichever column it befell', async () => {
  await (await filled()).close()
  const db = new Sqlite(path)
  const columns = db
    .prepare<[], { table: string; column: string }>(
      `SELECT t.name AS "table", c.name AS "column" FROM sqlite_master t, pragma_table_info(t.name) c
       WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%'`,
    )
    .all()
  db.close()
  expect(columns.length).toBeGreaterThan(50)
  const outcomes = new Set<string>()
  for (const { table, column } of columns) {
    const copy = join(folder, `${table}-${column}.db`)
    copyFileSync(path, copy)
    damageSchema(copy, table, column)
    outcomes.add(await faultOf(openSqliteStorage({ path: copy, clock }).then((store) => store.close())))
  }
  // Of some the store only hears when it needs them.
  expect([...outcomes].sort()).toEqual(['none', 'storage_corrupt'])
})

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeStorage, faultOf, fixedClock } from '@stellarr/core/testing'
import Sqlite from 'better-sqlite3'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { APPLICATION_ID } from '../src/database/connection.ts'
import { openSqliteStorage } from '../src/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'stellarr-sqlite-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let file = 0
const nextPath = () => {
  file += 1
  return join(folder, `${file}.db`)
}

describeStorage(
  'SQLite',
  async (clock) => {
    const path = nextPath()
    return () => openSqliteStorage({ path, clock })
  },
  { describe, it, equal: (actual, expected) => expect(actual).toEqual(expected) },
)

describe('the SQLite file', () => {
  const clock = fixedClock()
  let path: string
  beforeEach(() => {
    path = nextPath()
  })

  it('is ours by its application id, and another program’s is refused untouched', async () => {
    const ours = await openSqliteStorage({ path, clock })
    await ours.close()
    const db = new Sqlite(path)
    expect(db.pragma('application_id', { simple: true })).toBe(APPLICATION_ID)
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal')
    db.close()
    const foreign = nextPath()
    const other = new Sqlite(foreign)
    other.exec('CREATE TABLE requests (id INTEGER)')
    other.close()
    expect(await faultOf(openSqliteStorage({ path: foreign, clock }))).toBe('wrong_store')
  })

  it('is new also when an earlier start died while it was being made', async () => {
    const db = new Sqlite(path)
    db.pragma(`application_id = ${APPLICATION_ID}`)
    db.close()
    const store = await openSqliteStorage({ path, clock })
    expect(await store.identity.isNew()).toBe(true)
    await store.close()
  })

  it('refuses a file that is no database', async () => {
    const { writeFileSync } = await import('node:fs')
    writeFileSync(path, 'not a database at all, but long enough to look like a file'.repeat(50))
    expect(await faultOf(openSqliteStorage({ path, clock }))).toBe('storage_corrupt')
  })
})

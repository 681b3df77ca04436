import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isFault } from '@stellarr/core'
import { fixedClock } from '@stellarr/core/testing'
import Sqlite from 'better-sqlite3'
import { afterAll, describe, expect, it } from 'vitest'
import { openSqliteStorage } from '../src/index.ts'
import { openPredecessorFile } from '../src/predecessor.ts'

const folder = mkdtempSync(join(tmpdir(), 'stellarr-predecessor-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let files = 0
function aFile(...statements: string[]): string {
  files += 1
  const path = join(folder, `${files}.db`)
  const db = new Sqlite(path)
  for (const statement of statements) db.exec(statement)
  db.close()
  return path
}

const REQUESTS = `CREATE TABLE "wanted ""titles""" (id INTEGER PRIMARY KEY, tmdb_id INTEGER, media_type TEXT, title TEXT,
  created_at TEXT, added_at TEXT, plex_guid TEXT)`
const LIBRARY =
  'CREATE TABLE shelf (tmdb_id INTEGER, media_type TEXT, tvdb_id INTEGER, imdb_id TEXT, title TEXT, synced_at TEXT)'

function faultAt(path: string): string {
  try {
    openPredecessorFile(path).close()
    return 'none'
  } catch (error) {
    return isFault(error) ? `${error.code}: ${error.message.replace(path, 'FILE')}` : String(error)
  }
}

describe('the predecessor’s file', () => {
  it('is read by the columns of its tables, whatever they are called, and left as it is', () => {
    const path = aFile(
      REQUESTS,
      LIBRARY,
      'CREATE TABLE other (tmdb_id INTEGER)',
      `INSERT INTO "wanted ""titles""" (tmdb_id, media_type, title, created_at) VALUES (2, 'tv', 'B', 'b'), (1, 'movie', 'A', 'a')`,
      "INSERT INTO shelf VALUES (7, 'movie', NULL, NULL, 'C', 'c')",
    )
    const hash = () => createHash('sha256').update(readFileSync(path)).digest('hex')
    const before = hash()
    const file = openPredecessorFile(path)
    const row = { added_at: null }
    expect([...file.rows()]).toEqual([
      {
        kind: 'library',
        place: 'shelf, row 1 by media_type and tmdb_id',
        fields: { tmdb_id: 7, media_type: 'movie', synced_at: 'c', tvdb_id: null, imdb_id: null, title: 'C' },
      },
      ...[
        { tmdb_id: 1, media_type: 'movie', title: 'A', created_at: 'a', ...row },
        { tmdb_id: 2, media_type: 'tv', title: 'B', created_at: 'b', ...row },
      ].map((fields, n) => ({
        kind: 'request',
        place: `wanted "titles", row ${n + 1} by media_type and tmdb_id`,
        fields,
      })),
    ])
    expect(file.missing).toEqual([
      'The table wanted "titles" has no year, overview, poster_path, imdb_id, tvdb_id, requested_by.',
    ])
    file.close()
    expect(hash()).toBe(before)
    expect(readdirSync(folder).filter((name) => name.startsWith(`${files}.db-`))).toEqual([])
  })

  it('may lack a library', () => {
    const file = openPredecessorFile(aFile(REQUESTS))
    expect(file.missing[0]).toBe(
      'no table has the columns of a library table (tmdb_id, media_type, synced_at). The nearest, wanted "titles", lacks synced_at.',
    )
    file.close()
  })

  it('is refused with what is missing', async () => {
    const needed = 'tmdb_id, media_type, title, created_at'
    expect(faultAt(aFile('CREATE TABLE r (tmdb_id INTEGER, title TEXT)', 'CREATE TABLE x (y)'))).toBe(
      `wrong_store: FILE: no table has the columns of a request table (${needed}). The nearest, r, lacks media_type, created_at.`,
    )
    expect(faultAt(aFile('CREATE TABLE x (y)', 'DROP TABLE x'))).toBe(
      `wrong_store: FILE: no table has the columns of a request table (${needed}).`,
    )
    expect(faultAt(aFile(REQUESTS, REQUESTS.replace(/"wanted.*?titles"""/, 'again')))).toBe(
      'wrong_store: FILE: several tables have the columns of a request table: again, wanted "titles".',
    )
    const absent = join(folder, 'absent.db')
    expect(faultAt(absent)).toBe('storage_unavailable: There is no file FILE.')
    const text = join(folder, 'text.db')
    writeFileSync(text, 'no database at all, but long enough for a header'.repeat(40))
    expect(faultAt(text)).toMatch(/^storage_corrupt: /)
    const ours = join(folder, 'ours.db')
    await (await openSqliteStorage({ path: ours, clock: fixedClock() })).close()
    expect(faultAt(ours)).toBe('wrong_store: FILE is a store of Stellarr itself: export it (README, "Moving house").')
  })
})

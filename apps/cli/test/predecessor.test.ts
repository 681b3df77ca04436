import { copyFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Engine, putItem, startEngine } from '@stellarr/storage-dynamo/testing'
import Sqlite from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aFolder, cli, failure, withFile } from './cli-house.ts'

const folder = aFolder()
const at = (name: string) => join(folder, name)

let engine: Engine
beforeAll(async () => {
  engine = await startEngine()
})
afterAll(() => engine.stop())

function predecessorFile(name: string, ...bad: string[]): string {
  const path = at(name)
  const db = new Sqlite(path)
  db.exec(`CREATE TABLE requests (id INTEGER PRIMARY KEY, tmdb_id, media_type TEXT, title TEXT, year INTEGER,
    overview TEXT, poster_path TEXT, imdb_id TEXT, tvdb_id INTEGER, created_at TEXT, added_at TEXT, plex_guid TEXT)`)
  db.exec('CREATE TABLE library_items (tmdb_id INTEGER, media_type TEXT, tvdb_id INTEGER, title TEXT, synced_at TEXT)')
  db.exec(`INSERT INTO requests (tmdb_id, media_type, title, year, imdb_id, created_at, added_at) VALUES
    (603, 'movie', 'The Matrix', 1999, 'tt0133093', '2024-01-02 03:04:05', NULL),
    (603, 'movie', 'The Matrix again', 1999, 'tt0133093', '2024-01-02 03:04:05', NULL),
    (1396, 'tv', 'Breaking Bad', 2008, NULL, '2024-01-02 03:04:05', '2024-02-02 03:04:05')`)
  for (const values of bad) db.exec(`INSERT INTO requests (tmdb_id, media_type, title, created_at) VALUES (${values})`)
  db.exec("INSERT INTO library_items VALUES (1396, 'tv', 81189, 'Breaking Bad', '2024-02-02 03:04:05')")
  db.close()
  return path
}

describe('the predecessor’s SQLite file', () => {
  it('comes in, and is left as it was', async () => {
    const path = predecessorFile('old.db')
    const before = readFileSync(path)
    const { out, err } = await cli(['import', '--predecessor', `sqlite:${path}`, '--store', `sqlite:${at('new.db')}`])
    expect(err).toContain(`sqlite:${path} is whole: 2 requests, 1 library row, 0 devices`)
    expect(err).toContain('The table requests has no requested_by.')
    expect(err).toContain('1 double is left out: ')
    expect(out).toContain('  2 requests: 2 as in the file\n')
    expect(readFileSync(path).equals(before)).toBe(true)
    await withFile(at('new.db'), async (store) => {
      expect(await store.identity.isNew()).toBe(false)
      const at = Date.UTC(2024, 1, 2, 3, 4, 5)
      expect(
        (await store.requests.list({})).map((one) => [one.title, one.status, one.requestedBy, one.seasons]),
      ).toEqual([
        ['The Matrix', 'pending', 'Household', undefined],
        ['Breaking Bad', 'partly_available', 'Household', 'all'],
      ])
      expect((await store.library.exportAll()).rows).toMatchObject([{ source: 'sync', addedAt: at, tvdbId: 81_189 }])
    })
    const again = await cli(['import', '--predecessor', `sqlite:${path}`, '--store', `sqlite:${at('new.db')}`])
    expect(again.out).toBe(
      'This very file was imported before; nothing was changed. --merge brings back what has gone since.\n',
    )
  })

  it('with rows that cannot be right is refused before anything is written, or imported without them', async () => {
    const path = predecessorFile('bad.db', "'abc', 'movie', 'A', '2024-01-01 00:00:00'", "5, 'tv', 'B', 'soon'")
    const args = ['import', '--predecessor', `sqlite:${path}`, '--store', `sqlite:${at('good.db')}`]
    expect(await failure(args)).toBe(
      `sqlite:${path}: 2 rows cannot be right. Mend them there, or leave them out by --skip-bad.`,
    )
    expect(existsSync(at('good.db'))).toBe(false)
    const { out, err } = await cli([...args, '--skip-bad'])
    expect(err).toContain('requests, row 3 by media_type and tmdb_id: tmdb_id is "abc".\n')
    expect(err).toContain('requests, row 4 by media_type and tmdb_id: created_at is "soon".\n')
    expect(err).toContain('2 rows that cannot be right are left out.')
    expect(out).toContain('  2 requests: 2 as in the file\n')
  })

  it('with several rows of one title brings the one that has arrived, and says how many stay behind', async () => {
    const path = predecessorFile('doubles.db')
    const db = new Sqlite(path)
    db.exec(`INSERT INTO requests (tmdb_id, media_type, title, created_at, added_at) VALUES
      (7, 'movie', 'Waiting', '2024-01-02 03:04:05', ''),
      (603, 'movie', 'The Matrix, arrived', '2024-01-03 03:04:05', '2024-02-02 03:04:05'),
      (603, 'movie', 'The Matrix, arrived again', '2024-01-04 03:04:05', '2024-02-03 03:04:05'),
      ('603', 'movie', 'The Matrix as text', '2024-01-05 03:04:05', NULL),
      (1396, 'tv', 'Breaking Bad, pending', '2024-01-01 03:04:05', NULL)`)
    db.exec("INSERT INTO library_items VALUES (1396, 'tv', 81189, 'Breaking Bad again', '2024-02-03 03:04:05')")
    db.close()
    const { err, out } = await cli(['import', '--predecessor', `sqlite:${path}`, '--store', `sqlite:${at('one.db')}`])
    expect(err).toContain(
      '6 doubles are left out: of several rows of one title the one that has arrived counts, else the first.\n',
    )
    expect(out).toContain('  3 requests: 3 as in the file\n  1 library row: 1 as in the file\n')
    await withFile(at('one.db'), async (store) => {
      const requests = (await store.requests.exportAll()).rows
      expect(requests.map((one) => [one.title, one.status])).toEqual([
        ['Waiting', 'pending'],
        ['The Matrix, arrived', 'available'],
        ['Breaking Bad', 'partly_available'],
      ])
      expect((await store.library.exportAll()).rows).toMatchObject([{ title: 'Breaking Bad' }])
    })
  })

  it('is never written to', async () => {
    const path = predecessorFile('same.db')
    const before = readFileSync(path)
    const said = await failure(['import', '--predecessor', `sqlite:${path}`], { env: { DATABASE_PATH: path } })
    expect(said).toBe(`sqlite:${path} is the predecessor's own store: name the one to import into by --store.`)
    const copy = at('copy.db')
    copyFileSync(path, copy)
    expect(await failure(['import', '--predecessor', `sqlite:${path}`, '--store', `sqlite:${copy}`])).toMatch(
      /is not a Stellarr database/,
    )
    expect([readFileSync(path).equals(before), readFileSync(copy).equals(before)]).toEqual([true, true])
    expect(await failure(['import', '--predecessor', `sqlite:${at('none.db')}`])).toMatch(/^There is no file/)
  })
})

describe('the predecessor’s table', () => {
  const put = (table: string, media_type: string, tmdb_id: number, more: Record<string, string> = {}) =>
    putItem(engine, table, {
      media_type: { S: media_type },
      tmdb_id: { N: String(tmdb_id) },
      ...Object.fromEntries(Object.entries(more).map(([name, S]) => [name, { S }])),
    })

  it('comes in, says what stays behind, and is never written to', async () => {
    const table = await engine.freshTable()
    const created_at = '2024-01-02T03:04:05Z'
    await put(table, 'movie', 603, { title: 'The Matrix', created_at, requested_by: 'Zoë' })
    await put(table, 'LIBRARY#tv', 1396, { title: 'Breaking Bad', synced_at: created_at })
    await put(table, 'PUSH#Zoë', 0)
    const env = { DYNAMODB_ENDPOINT: engine.endpoint, AWS_REGION: engine.region }
    const from = ['import', '--predecessor', `dynamodb:${table}`]
    const { out, err } = await cli([...from, '--store', `sqlite:${at('from-table.db')}`], { env })
    expect(err).toContain('Rows of other kinds stay behind:')
    expect(err).toContain('1 PUSH')
    expect(out).toContain('  1 request: 1 as in the file\n')
    expect(await failure([...from, '--store', `dynamodb:${table}`], { env })).toMatch(/is the predecessor's own store/)
    expect(
      await failure(['import', '--predecessor', `sqlite:${predecessorFile('x.db')}`, '--store', `dynamodb:${table}`], {
        env,
      }),
    ).toMatch(/is not Stellarr's, and its rows would be lost/)
    expect(await failure(['export', at('never.jsonl'), '--store', `dynamodb:${table}`], { env })).toMatch(
      /is not Stellarr's, and its rows would be lost/,
    )
  })
})

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ADMIN, call, signIn } from '../../../test/http/deployment.ts'
import { inProcess } from '../../../test/http/deployments/in-process.ts'
import {
  afterwards,
  confirm,
  copyOf,
  during,
  type Folders,
  RETURNS,
  readList,
  request,
  tornWal,
  UNDER_WAY,
  usedFolder,
} from './store-kinds.ts'

const { start } = inProcess
let folder: string
let used: Folders
/** A copy for one test. */
let folders: Folders
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'stellarr-kinds-'))
  used = await usedFolder(start, join(folder, 'used'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))
beforeEach(() => {
  folders = copyOf(used, join(folder, 'one'))
})
afterEach(() => rmSync(join(folder, 'one'), { recursive: true, force: true }))

const listOf = (data: string) => during(start, data, ({ url }) => readList(url))

describe('a store that comes back otherwise than it was left', () => {
  it.each(Object.keys(RETURNS))('keeps its lists closed until the admin’s word: %s', async (name) => {
    // Its file is noted by the list that is read.
    expect(await listOf(folders.data)).toBe(4)
    RETURNS[name]?.(folders)
    const code = name.includes('alone') ? 'store_older' : 'store_copied'
    const rows = await during(start, folders.data, async ({ url }) => {
      expect(await readList(url)).toBe(code)
      await confirm(url)
      return readList(url)
    })
    expect([2, 4]).toContain(rows)
    expect(await listOf(folders.data)).toBe(rows)
  })

  it('never answers with fewer rows than were read, wherever a power cut tore its write-ahead log', async () => {
    const outcome = await tornWal(start, folders, 3)
    expect(outcome).toMatchObject({ tried: 3, shorter: 0 })
    expect([outcome.whole > 0, outcome.closed > 0]).toEqual([true, true])
  })

  it('is found out by a page that has seen more, when nothing else remembers', async () => {
    const { data, backup } = folders
    const status = async (url: string, known = '') =>
      call(url, '/api/library-status', { token: await signIn(url), headers: { 'if-none-match': known } })
    const tag = await during(start, data, async ({ url }) => (await status(url)).headers.get('etag') ?? '')
    rmSync(join(backup, 'store.json'))
    await during(start, backup, async ({ url }) => {
      expect(await readList(url)).toBe(2)
      expect((await status(url, tag)).status).toBe(200)
      expect(await readList(url)).toBe('store_older')
    })
    expect(await listOf(backup)).toBe('store_older')
  })
})

describe('the folder of an app that runs', () => {
  it.each(['deleted', 'replaced by a backup'])(
    'is missed at once when it is %s: nothing is acknowledged',
    async (name) => {
      const outcome = await afterwards(start, folders, UNDER_WAY[name] ?? (() => {}))
      const code = 'storage_unavailable'
      expect(outcome).toEqual({ before: 4, asked: code, list: code, health: 200 })
    },
  )
})

describe('a note of the store', () => {
  it('that is damaged is a question to the admin and one line of the log', async () => {
    writeFileSync(join(folders.data, 'store.json'), '{"storeId":"half')
    await during(start, folders.data, async ({ url, log }) => {
      expect([await readList(url), await readList(url)]).toEqual(['witness_damaged', 'witness_damaged'])
      const admin = await signIn(url, 'Op', ADMIN)
      const { body } = await call(url, '/api/admin/notices', { token: admin })
      expect(body.notices).toMatchObject([{ code: 'witness_damaged' }])
      expect(log().split('the note of the store cannot be read')).toHaveLength(2)
      expect(log()).not.toContain('    at ')
      await confirm(url)
      expect(await readList(url)).toBe(4)
    })
  })

  it('that cannot be written closes no list', async () => {
    await during(start, folders.data, async ({ url, log }) => {
      // A folder in its place: no write goes through.
      rmSync(join(folders.data, 'store.json'))
      mkdirSync(join(folders.data, 'store.json'))
      await request(url, 4, 6)
      expect(await readList(url)).toBe(6)
      expect(log()).toContain('the revision of the store cannot be noted')
    })
  })
})

describe('a database with a damaged index', () => {
  it('is served but for its lists, which say so', async () => {
    const db = new Sqlite(join(folders.data, 'stellarr.db'))
    db.unsafeMode(true)
    db.pragma('writable_schema = ON')
    // An index whose entries are of other columns than it says.
    db.exec(
      `UPDATE sqlite_master SET sql = replace(sql, 'title_key, year', 'year, title_key') WHERE name = 'requests_title'`,
    )
    db.close()
    await during(start, folders.data, async ({ url, log }) => {
      expect(await readList(url)).toBe('storage_corrupt')
      expect(log()).toContain('the database file is damaged')
      expect((await call(url, '/api/library-status', { token: await signIn(url) })).body.requests).toHaveLength(4)
    })
  })
})

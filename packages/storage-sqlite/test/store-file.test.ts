import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { aLibraryItem, aMovieRequest, faultOf, fixedClock } from '@stellarr/core/testing'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSqliteStorage } from '../src/index.ts'
import { copyStoreFile, isNewerSchema, markOlder, readStoreFile } from '../src/store-file.ts'

const clock = fixedClock()
let folder: string
const at = (name: string) => join(folder, name)
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stellarr-store-file-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const open = (name = 'stellarr.db') => openSqliteStorage({ path: at(name), clock })
const copy = (to = 'copy.db') => copyStoreFile(at('stellarr.db'), at(to))

describe('a copy of a store file', () => {
  it('is whole, one file, and says what is in it, while the store is open', async () => {
    const store = await open()
    await store.requests.add(aMovieRequest())
    await store.library.add('sync', [aLibraryItem(), aLibraryItem({ tmdbId: 2 })])
    await store.settings.set('one', 'two')
    const facts = await copy()
    expect(facts).toEqual({
      storeId: await store.identity.storeId(),
      revision: await store.revision.current(),
      schema: expect.stringMatching(/^\d{4}-/),
      counts: { requests: 1, library_items: 2, devices: 0, settings: 1 },
    })
    expect(readStoreFile(at('copy.db'))).toEqual(facts)
    expect(readdirSync(folder).filter((name) => name.startsWith('copy'))).toEqual(['copy.db'])
    await store.close()
    const restored = await open('copy.db')
    expect(await restored.requests.list({})).toEqual([aMovieRequest()])
    await restored.close()
  })

  it('carries what was said of the store', async () => {
    const store = await open()
    await copy('unsaid.db')
    await store.identity.confirmNew()
    await copy('said.db')
    await store.close()
    for (const [name, isNew] of [
      ['unsaid.db', true],
      ['said.db', false],
    ] as const) {
      const restored = await open(name)
      expect(await restored.identity.isNew()).toBe(isNew)
      await restored.close()
    }
  })

  it('ends, and is of one moment, while another connection writes at every step', async () => {
    const store = await open()
    const items = Array.from({ length: 2_000 }, (_, n) => aLibraryItem({ tmdbId: n + 1, title: 'x'.repeat(2_000) }))
    await store.library.add('sync', items)
    const before = await store.revision.current()
    let isCopying = true
    let written = 0
    const write = async () => {
      for (let tmdbId = 3_000; isCopying; tmdbId += 1) {
        await store.requests.add(aMovieRequest({ tmdbId }))
        written += 1
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
    const [facts] = await Promise.all([copy().finally(() => (isCopying = false)), write()])
    await store.close()
    expect(written).toBeGreaterThan(2)
    expect(facts.counts.requests).toBe(facts.revision - before)
    expect(facts.counts.requests).toBeLessThan(written)
  })

  it('leaves an older schema as it is', async () => {
    const store = await open()
    await store.close()
    const db = new Sqlite(at('stellarr.db'))
    db.exec("DELETE FROM kysely_migration WHERE name > '0001'; INSERT INTO kysely_migration VALUES ('0001-old', '')")
    db.close()
    expect((await copy()).schema).toBe('0001-old')
    expect(isNewerSchema('0001-old')).toBe(false)
    expect(isNewerSchema('9999-new')).toBe(true)
  })

  it('is refused of what is no store, of a damaged one and of none', async () => {
    expect(await faultOf(copy())).toBe('storage_unavailable')
    new Sqlite(at('stellarr.db')).exec('CREATE TABLE theirs (a)').close()
    expect(await faultOf(copy())).toBe('wrong_store')
    writeFileSync(at('stellarr.db'), 'no database at all'.repeat(500))
    expect(await faultOf(copy())).toBe('storage_corrupt')
  })

  it('is refused where an index has lost a row, which only a whole check sees', async () => {
    const store = await open()
    await store.requests.add(aMovieRequest())
    await store.close()
    const db = new Sqlite(at('stellarr.db'))
    const root = db.prepare("SELECT rootpage FROM sqlite_master WHERE name = 'requests_title'").pluck().get()
    const size = Number(db.pragma('page_size', { simple: true }))
    db.close()
    const bytes = readFileSync(at('stellarr.db'))
    // The number of cells of the index's page.
    bytes.writeUInt16BE(0, (Number(root) - 1) * size + 3)
    writeFileSync(at('stellarr.db'), bytes)
    expect(await faultOf(copy())).toBe('storage_corrupt')
  })
})

it('marks a store as an older one, for the guard of its lists', async () => {
  await (await open()).close()
  copyFileSync(at('stellarr.db'), at('older.db'))
  markOlder(at('older.db'))
  const store = await open('older.db')
  expect(await store.settings.get('store-is-older')).toBe('true')
  await store.close()
})

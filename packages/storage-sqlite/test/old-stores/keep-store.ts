// Keeps a small store of today's schema, and what today's code reads of it, for all later versions to upgrade:
// node packages/storage-sqlite/test/old-stores/keep-store.ts
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import Sqlite from 'better-sqlite3'
import { openSqliteStorage } from '../../src/index.ts'
import { fillStore, KEPT_AT, readStore } from './rows.ts'

const folder = mkdtempSync(join(tmpdir(), 'stellarr-keep-'))
try {
  const path = join(folder, 'stellarr.db')
  const store = await openSqliteStorage({ path, clock: { now: () => KEPT_AT } })
  await fillStore(store)
  const rows = await readStore(store)
  await store.close()
  const db = new Sqlite(path)
  const { name } = db.prepare<[], { name: string }>('SELECT max(name) AS name FROM kysely_migration').get() ?? {
    name: '',
  }
  db.exec('VACUUM')
  db.close()
  writeFileSync(join(import.meta.dirname, `${name}.db.gz`), gzipSync(readFileSync(path), { level: 9 }))
  writeFileSync(join(import.meta.dirname, `${name}.json`), `${JSON.stringify(rows, null, 2)}\n`)
  console.log(`Kept ${name}: ${rows.requests.length} requests.`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

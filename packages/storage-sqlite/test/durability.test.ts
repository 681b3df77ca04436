import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { aLibraryItem, aMovieRequest, faultOf, fixedClock } from '@stellarr/core/testing'
import Sqlite from 'better-sqlite3'
import { afterAll, describe, expect, it } from 'vitest'
import { openConnection } from '../src/database/connection.ts'
import { openSqliteStorage } from '../src/index.ts'
import { sqliteLibraryRepository } from '../src/repositories/library/repository.ts'
import { sqliteMediaRequestRepository } from '../src/repositories/media-requests.ts'

const folder = mkdtempSync(join(tmpdir(), 'stellarr-durability-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const clock = fixedClock()

describe('what was acknowledged is kept', () => {
  it('over kill -9 at random moments of writing', async () => {
    const path = join(folder, 'killed.db')
    const writer = fileURLToPath(new URL('./keep-writing.ts', import.meta.url))
    let acknowledged = 0
    for (let round = 0; round < 6; round += 1) {
      const child = spawn(process.execPath, [writer, path, String(acknowledged + 1)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      let said = ''
      child.stdout.on('data', (text) => {
        // The moment is random from the first acknowledged write on, in the middle of others.
        if (said === '') setTimeout(() => child.kill('SIGKILL'), Math.random() * 150)
        said += text
      })
      await new Promise((resolve) => child.once('close', resolve))
      // The last line may be cut off by the kill; what is whole was acknowledged.
      const lines = said.split('\n').slice(0, -1)
      acknowledged = Math.max(acknowledged, ...lines.map(Number))

      const began = performance.now()
      const storage = await openSqliteStorage({ path, clock })
      expect(performance.now() - began).toBeLessThan(2000)
      const stored = new Set((await storage.requests.list({})).map((request) => request.tmdbId))
      for (let tmdbId = 1; tmdbId <= acknowledged; tmdbId += 1) expect(stored.has(tmdbId)).toBe(true)
      expect(await storage.revision.current()).toBe(stored.size)
      acknowledged = stored.size
      await storage.close()
    }
    const file = new Sqlite(path)
    expect(file.pragma('integrity_check', { simple: true })).toBe('ok')
    file.close()
    expect(acknowledged).toBeGreaterThanOrEqual(6)
  })

  it('when the disk is full: writes are faults, reads stay whole, and it goes on after space returns', async () => {
    const db = await openConnection(join(folder, 'full.db'))
    const [requests, library] = [sqliteMediaRequestRepository(db), sqliteLibraryRepository(db, clock)]
    await requests.add(aMovieRequest())
    db.raw.pragma(`max_page_count = ${Number(db.raw.pragma('page_count', { simple: true })) + 2}`)

    let stored = 1
    let fault = 'none'
    for (let tmdbId = 1000; fault === 'none' && tmdbId < 2000; tmdbId += 1) {
      fault = await faultOf(requests.add(aMovieRequest({ tmdbId, overview: 'x'.repeat(500) })))
      if (fault === 'none') stored += 1
    }
    expect(fault).toBe('storage_unavailable')
    const sync = library.add(
      'sync',
      Array.from({ length: 500 }, (_, n) => aLibraryItem({ tmdbId: n + 1 })),
    )
    expect(await faultOf(sync)).toBe('storage_unavailable')
    expect(await requests.list({})).toHaveLength(stored)
    expect((await library.listIds()).movie).toEqual([])

    db.raw.pragma('max_page_count = 100000')
    expect(await requests.add(aMovieRequest({ tmdbId: 3000 }))).toBe('added')
    expect(await requests.list({})).toHaveLength(stored + 1)
    db.raw.close()
  })

  it('by the settings that promise it', async () => {
    const { raw } = await openConnection(join(folder, 'settings.db'))
    const value = (name: string) => raw.pragma(name, { simple: true })
    expect(value('journal_mode')).toBe('wal')
    expect(value('synchronous')).toBe(2)
    expect(value('foreign_keys')).toBe(1)
    expect(value('busy_timeout')).toBe(0)
    expect(value('journal_size_limit')).toBe(16 * 1024 * 1024)
    raw.close()
  })

  it('also when the very first start is killed before its migration', async () => {
    const path = join(folder, 'half.db')
    const half = new Sqlite(path)
    half.pragma(`application_id = ${0x53_74_6c_72}`)
    half.close()
    const storage = await openSqliteStorage({ path, clock })
    expect(await storage.requests.list({})).toEqual([])
    await storage.close()
  })
})

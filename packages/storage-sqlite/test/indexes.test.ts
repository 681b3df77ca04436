import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { aLibraryItem, aMovieRequest, fixedClock } from '@stellarr/core/testing'
import Sqlite from 'better-sqlite3'
import { afterAll, expect, it, vi } from 'vitest'
import { openSqliteStorage } from '../src/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'stellarr-indexes-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const clock = fixedClock()

it('reads every table by an index', async () => {
  const path = join(folder, 'plans.db')
  await (await openSqliteStorage({ path, clock })).close()
  const prepare = vi.spyOn(Sqlite.prototype, 'prepare')
  const storage = await openSqliteStorage({ path, clock })
  const { requests, library, pushSubscriptions, plexGuids, settings, signInAttempts, activity, outbox } = storage
  const key = { mediaType: 'movie', tmdbId: 603 } as const
  await requests.add(aMovieRequest())
  await requests.find(key)
  await requests.findMany([key])
  await requests.findByTvdbId(81189)
  await requests.findByImdbId('tt0133093')
  await requests.findByTitle('the matrix', 1999)
  await requests.list({})
  await requests.list({ type: 'movie', listedOnly: true })
  await requests.list({ status: 'pending' })
  await requests.list({ type: 'tv', status: 'pending' })
  await requests.advance(key, { status: 'available', source: 'sync', at: 1 })
  await requests.exportAll()
  await library.add('plex', [aLibraryItem()])
  const sync = await library.beginSync('plex', 'movie')
  await library.stage(sync, 0, [aLibraryItem({ tmdbId: 7 })])
  await library.preview(sync)
  await library.commit(sync)
  await library.findMany([key])
  await library.listIds()
  await library.remove('plex', key)
  await library.exportAll()
  await pushSubscriptions.listFor('Ann')
  await pushSubscriptions.remove('https://push.example/1')
  await pushSubscriptions.exportAll()
  await plexGuids.find('plex://movie/1')
  await plexGuids.exportAll()
  await settings.getOrCreate('name', () => 'value')
  await settings.exportAll()
  const turn = await signInAttempts.begin('192.0.2.1', 1, 5)
  if (turn.kind === 'begun') await signInAttempts.end('192.0.2.1', turn.id, 'right')
  await signInAttempts.useChallengeOnce('hash', 2, 1)
  const entry = { id: 'a', at: 1, source: 'plex', name: 'n', title: '', detail: '', outcome: 'test' } as const
  await activity.record(entry)
  await activity.recent(10)
  const [message] = await outbox.add([{ endpoint: 'e', body: '{}', dueAt: 1 }])
  await outbox.due(2, 10)
  if (message) await outbox.claim(message, 5)
  await outbox.remove('1')
  await requests.remove(key)
  await storage.close()

  const texts = new Set(prepare.mock.calls.map(([text]) => text))
  prepare.mockRestore()
  const db = new Sqlite(path)
  const tables =
    /^SCAN (requests|library|l|syncs|sync_pages|sync_items|push_subscriptions|plex_guids|settings|sign_in_attempts|challenges|outbox)\b(?!.*USING)/
  const checked = []
  let lists = 0
  for (const text of texts) {
    if (!/^\s*(select|update|delete|insert)/i.test(text) || /kysely_|sqlite_master|pragma_/i.test(text)) continue
    const statement = db.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${text}`)
    const names = [...text.matchAll(/:(\w+)/g)].map(([, name]) => name)
    const count = (text.match(/\?/g) ?? []).length
    const plan =
      names.length > 0
        ? statement.all(Object.fromEntries(names.map((name) => [name, '1'])))
        : statement.all(...Array.from({ length: count }, () => '1'))
    // Lists come by the table itself: a damaged index must never shorten one.
    if (text.includes('NOT INDEXED')) {
      expect(plan.map(({ detail }) => detail)).toEqual(['SEARCH requests USING INTEGER PRIMARY KEY (rowid>?)'])
      lists += 1
      continue
    }
    for (const { detail } of plan) {
      // By its key, from the newest on: of 10,000 at most.
      if (detail === 'SCAN outbox' && text.includes('ORDER BY id DESC')) continue
      expect(detail, text).not.toMatch(tables)
      if (/requests|library/.test(text) && /order by/i.test(text) && !/findByTitle|title_key|json_each/.test(text)) {
        expect(detail, text).not.toMatch(/TEMP B-TREE FOR ORDER BY/)
      }
    }
    checked.push(text)
  }
  db.close()
  expect(lists).toBe(1)
  expect(checked.length).toBeGreaterThan(30)
})

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { aLibraryItem, fixedClock } from '@stellarr/core/testing'
import { afterAll, describe, expect, it } from 'vitest'
import { openConnection } from '../src/database/connection.ts'
import { openSqliteStorage } from '../src/index.ts'
import { sqliteLibraryRepository } from '../src/repositories/library/repository.ts'
import { syncsOver } from './long-work.ts'

const folder = mkdtempSync(join(tmpdir(), 'stellarr-long-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const clock = fixedClock()
const items = (from: number, count: number) =>
  Array.from({ length: count }, (_, n) => aLibraryItem({ tmdbId: from + n, title: `T ${from + n}` }))

describe('long work', () => {
  it('lets all else have its turn: syncs of thousands over thousands of requests', async () => {
    const { fresh, same, shrunk, available } = await syncsOver(folder, 3_000, 2_000, 1_600)
    expect([fresh.result, same.result, shrunk.result]).toMatchObject([
      { added: 2_000, marked: 2_000 },
      { unchanged: 2_000, marked: 0 },
      { removed: 1_600, marked: 0 },
    ])
    expect(available).toBe(400)
    for (const { longest } of [fresh, same, shrunk]) expect(longest).toBeLessThan(60)
  })

  it('shows the old library or the new one, and keeps what is reported meanwhile', async () => {
    const { library, close } = await openSqliteStorage({ path: join(folder, 'meanwhile.db'), clock })
    const key = (tmdbId: number) => ({ mediaType: 'movie' as const, tmdbId })
    await library.add('plex', items(1, 4_000))
    const sync = await library.beginSync('plex', 'movie')
    await library.stage(sync, 0, items(2_001, 4_000))
    const committing = library.commit(sync)
    let isDone = false
    void committing.then(() => {
      isDone = true
    })
    const seen = new Set<string>()
    for (let turn = 0; !isDone; turn += 1) {
      await new Promise(setImmediate)
      if (turn === 3) {
        // 1 would leave and 9,000 come; 3,000 stays, and 5,000 is about to come.
        await library.add('plex', [...items(1, 1), ...items(9_000, 1), aLibraryItem({ tmdbId: 3_000, title: 'News' })])
        expect(await library.remove('plex', key(3_001))).toBe(true)
        expect((await library.findMany([key(1), key(3_000), key(9_000)])).map(({ title }) => title)).toEqual([
          'T 1',
          'News',
          'T 9000',
        ])
      }
      const { movie } = await library.listIds()
      seen.add([movie.length, movie.includes(2), movie.includes(6_000)].join())
    }
    const outcome = await committing
    expect([...seen]).toEqual(['4000,true,false', '4001,false,true'])
    expect([outcome.added.length, outcome.left]).toEqual([2_000, []])
    expect((await library.findMany([key(1), key(3_000), key(3_001)])).map(({ title }) => title)).toEqual([
      'T 1',
      'News',
    ])
    await close()
  })

  it.each([2, 5, 8])('a switch that dies after %i turns was never there, and the next one is whole', async (turns) => {
    const path = join(folder, `dies-${turns}.db`)
    const db = await openConnection(path)
    const dying = sqliteLibraryRepository(db, clock)
    await dying.add('plex', items(1, 3_000))
    const other = await dying.beginSync('emby', 'movie')
    await dying.stage(other, 0, items(1, 10))
    const sync = await dying.beginSync('plex', 'movie')
    await dying.stage(sync, 0, items(1_501, 3_000))
    const committing = dying.commit(sync).then(
      () => 'committed',
      () => 'died',
    )
    for (let turn = 0; turn < turns; turn += 1) await new Promise(setImmediate)
    db.raw.close()
    const outcome = await committing
    const { library, revision, close } = await openSqliteStorage({ path, clock })
    const expected = outcome === 'died' ? [1, 3_000] : [1_501, 4_500]
    const ids = async () => {
      const { movie } = await library.listIds()
      return [movie[0], movie.at(-1), movie.length]
    }
    const shown = await ids()
    expect([
      [1, 3_000, 3_000],
      [1_501, 4_500, 3_000],
    ]).toContainEqual(shown)
    expect(outcome === 'died' || shown[0] === expected[0]).toBe(true)
    // Another source's switch shows nothing of it.
    await library.commit(other)
    expect((await ids()).slice(0, 2)).toEqual([1, shown[1]])
    const next = await library.beginSync('plex', 'movie')
    await library.stage(next, 0, items(1_501, 3_000))
    await library.commit(next)
    expect((await library.exportAll()).rows.filter(({ source }) => source === 'emby')).toHaveLength(10)
    expect(await ids()).toEqual([1, 4_500, 3_010])
    const before = await revision.current()
    const again = await library.beginSync('plex', 'movie')
    await library.stage(again, 0, items(1_501, 3_000))
    expect(await library.commit(again)).toMatchObject({ added: [], removed: [], unchanged: 3_000 })
    expect(await revision.current()).toBe(before)
    await close()
  })
})

import { aLibraryItem, describeStorage, fixedClock } from '@stellarr/core/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Engine, startEngine } from '../src/testing/index.ts'

let engine: Engine
beforeAll(async () => {
  engine = await startEngine()
})
afterAll(() => engine.stop())

describeStorage(
  'DynamoDB',
  async (clock) => {
    const table = await engine.freshTable()
    return () => engine.openStorage(clock, { table })
  },
  { describe, it, equal: (actual, expected) => expect(actual).toEqual(expected) },
)

it('takes a library of 20,000 in one page', async () => {
  const clock = fixedClock()
  const store = await engine.openStorage(clock)
  const items = Array.from({ length: 20_000 }, (_, n) =>
    aLibraryItem({ mediaType: 'tv', tmdbId: n + 1, title: `Series ${n}`, seasons: [{ seasonNumber: 1, episodes: n }] }),
  )
  const sync = await store.library.beginSync('sync', 'tv')
  await store.library.stage(sync, 0, items)
  expect(await store.library.preview(sync)).toEqual({ current: 0, staged: 20_000, pages: 1 })
  expect((await store.library.commit(sync)).added).toHaveLength(20_000)
  expect((await store.library.listIds()).tv).toHaveLength(20_000)
  await store.close()
}, 60_000)

import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import type { HouseRow, Storage } from '@stellarr/core'
import { aLibraryItem, aMovieRequest } from '@stellarr/core/testing'
import { beforeAll, expect, it } from 'vitest'
import { aHouse, watched } from '../../../packages/core/test/houses.ts'
import { type CheckedHouse, checkHouse } from '../src/check-house.ts'
import { exportToFile } from '../src/export-house.ts'
import { importHouse } from '../src/import-house.ts'
import { aFolder } from './cli-house.ts'

const file = join(aFolder(), 'house.jsonl')
const LOST = { mediaType: 'movie', tmdbId: 5 } as const
const rows: HouseRow[] = [
  { kind: 'setting', row: { name: 'reader-keys', value: '[]' } },
  ...Array.from(
    { length: 9 },
    (_, n): HouseRow => ({ kind: 'library', row: { ...aLibraryItem({ tmdbId: n + 1 }), source: 'plex', addedAt: n } }),
  ),
  ...Array.from({ length: 9 }, (_, n): HouseRow => ({ kind: 'request', row: aMovieRequest({ tmdbId: n + 1 }) })),
]

let house: CheckedHouse
beforeAll(async () => {
  rmSync(file, { force: true })
  await exportToFile(file, { storage: await aHouse(rows), kind: 'memory', say: () => undefined }, new Writable())
  house = await checkHouse(file)
})

const isOpen = async (store: Storage) => !('importing' in JSON.parse((await store.settings.get('feeds')) ?? '{}'))

/** The store, with something done to it just before the rows are read back. */
function disturbed(store: Storage, change: () => unknown): Storage {
  let isDone = false
  return watched(store, (call) => {
    if (call !== 'requests.findMany' || isDone) return
    isDone = true
    change()
  })
}

it.each([false, true])('brings a row again that went before it was read back (merge: %s)', async (merge) => {
  const store = await aHouse()
  const losing = disturbed(store, () => store.requests.remove(LOST))
  await expect(importHouse(losing, house, merge)).rejects.toThrow(
    /^1 of 20 rows are not in the store as they are in the file \(request movie\/5\).* what is missing comes in again/,
  )
  expect(await isOpen(store)).toBe(false)
  expect(await importHouse(store, house, merge)).toMatchObject({ kind: 'imported', differing: [] })
  expect([await isOpen(store), (await store.requests.find(LOST)) !== undefined]).toEqual([true, true])
})

it('leaves a row that was changed before it was read back as it is, when it is asked to', async () => {
  const store = await aHouse()
  const changing = disturbed(store, () => store.requests.withdraw(LOST, 7))
  const said = /^1 of 20 rows are not in the store as they are in the file \(request movie\/5\)/
  await expect(importHouse(changing, house, false)).rejects.toThrow(said)
  await expect(importHouse(store, house, false)).rejects.toThrow(said)
  expect(await importHouse(store, house, true)).toMatchObject({ kind: 'imported', differing: ['request movie/5'] })
  expect([await isOpen(store), (await store.requests.find(LOST))?.withdrawnAt]).toEqual([true, 7])
})

it('brings what has gone since an import ended, when it is merged again', async () => {
  const store = await aHouse()
  await importHouse(store, house, false)
  await store.requests.remove(LOST)
  await store.requests.withdraw({ mediaType: 'movie', tmdbId: 6 }, 7)
  expect(await importHouse(store, house, false)).toEqual({ kind: 'ended_before' })
  expect(await store.requests.find(LOST)).toBeUndefined()
  for (let time = 0; time < 2; time += 1) {
    expect(await importHouse(store, house, true)).toMatchObject({
      kind: 'imported',
      resumed: 0,
      differing: ['request movie/6'],
    })
    expect([await isOpen(store), (await store.requests.find(LOST)) !== undefined]).toEqual([true, true])
  }
})

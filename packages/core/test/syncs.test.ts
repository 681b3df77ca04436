import { describe, expect, it } from 'vitest'
import { aLibraryItem, aMovieRequest, aSeriesRequest, faultOf } from '../src/testing/index.ts'
import { breakable, openHouse } from './house.ts'

const key = (tmdbId: number) => ({ mediaType: 'movie' as const, tmdbId })
const movies = (...ids: number[]) => ids.map((tmdbId) => aLibraryItem({ tmdbId }))

describe('a sync that dies before the requests are marked', () => {
  it.each(['advanceMany', 'slice'])(
    'is finished by the next, also by one that changes nothing (%s)',
    async (method) => {
      const broken = { now: false }
      const house = openHouse(breakable(broken, 'requests', method))
      for (const tmdbId of [1, 2, 3]) await house.memory.requests.add(aMovieRequest({ tmdbId }))
      const sync = (...ids: number[]) => {
        house.clock.advance(1_000)
        return house.useCases.syncLibrary('movie', movies(...ids), { clear: true, confirm: true })
      }
      await sync(1, 2)
      broken.now = true
      expect(await faultOf(sync(2, 3))).toBe('storage_unavailable')
      const status = async (tmdbId: number) => (await house.memory.requests.find(key(tmdbId)))?.status
      expect([await status(1), await status(3)]).toEqual(['available', 'pending'])
      broken.now = false
      expect(await sync(2, 3)).toMatchObject({ added: 0, removed: 0, unchanged: 2, marked: 1 })
      expect([await status(1), await status(2), await status(3)]).toEqual(['pending', 'available', 'available'])
      // Nothing is left to do.
      const revision = await house.memory.revision.current()
      await sync(2, 3)
      expect(await house.memory.revision.current()).toBe(revision)
    },
  )

  it('loses no file that has come again meanwhile, and marks no other', async () => {
    const broken = { now: false }
    const house = openHouse(breakable(broken, 'requests', 'advanceMany'))
    for (const tmdbId of [1, 2]) await house.memory.requests.add(aMovieRequest({ tmdbId }))
    const sync = (...ids: number[]) =>
      house.useCases.syncLibrary('movie', movies(...ids), { clear: true, confirm: true })
    await sync(1, 2, 3)
    broken.now = true
    expect(await faultOf(sync(3))).toBe('storage_unavailable')
    broken.now = false
    await house.memory.library.add('radarr', movies(1))
    await sync(3)
    expect(await house.memory.requests.findMany([key(1), key(2)])).toMatchObject([
      { status: 'available' },
      { status: 'pending' },
    ])
  })

  it('is done although what it removed could not be forgotten', async () => {
    const broken = { now: true }
    const house = openHouse(breakable(broken, 'library', 'forgetRemoved'))
    await house.useCases.syncLibrary('movie', movies(1, 2), { clear: true, confirm: true })
    const outcome = await house.useCases.syncLibrary('movie', movies(2), { clear: true, confirm: true })
    expect(outcome).toMatchObject({ kind: 'committed', removed: 1 })
  })
})

it('a sync that lacks one of two entries of a series loses nothing while the other is there', async () => {
  const house = openHouse()
  for (const tmdbId of [4, 5]) await house.memory.requests.add(aSeriesRequest({ tmdbId }))
  const series = (...ids: number[]) => ids.map((tmdbId) => aLibraryItem({ mediaType: 'tv', tmdbId }))
  const sync = (...ids: number[]) => house.useCases.syncLibrary('tv', series(...ids), { clear: true, confirm: true })
  const statuses = async () => (await house.memory.requests.list({ type: 'tv' })).map(({ status }) => status)
  await sync(4, 5)
  expect(await statuses()).toEqual(['partly_available', 'partly_available'])
  await sync(5)
  expect(await statuses()).toEqual(['partly_available', 'partly_available'])
  await sync()
  expect(await statuses()).toEqual(['pending', 'pending'])
})

it('1,600 titles leave the lists at one word, and the requests are read once for all of them', async () => {
  const reads: string[] = []
  const house = openHouse((storage) => ({
    ...storage,
    requests: new Proxy(storage.requests, {
      get(target, name) {
        if (name === 'list' || name === 'slice') reads.push(name)
        return Reflect.get(target, name)
      },
    }),
  }))
  for (let tmdbId = 1; tmdbId <= 1_600; tmdbId += 1) {
    await house.memory.requests.add(aMovieRequest({ tmdbId, status: 'gone', kept: 'many_deletions' }))
  }
  expect(await house.rows('radarr')).toHaveLength(1_600)
  reads.length = 0
  const answer = await house.useCases.answerDeletions('radarr', 'remove', 1_600)
  expect(answer).toEqual({ kind: 'done', left: 1_599, stayed: 1 })
  expect(reads).toEqual(['list', 'slice'])
  expect(await house.rows('radarr')).toHaveLength(1)
})

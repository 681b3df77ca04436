import { describe, expect, it } from 'vitest'
import { aLibraryItem, aMovieRequest, aSeriesRequest } from '../src/testing/index.ts'
import { aTitle } from './house.ts'
import { hd, MINUTE, readHouse, uhd } from './read-house.ts'

const ann = { name: 'Ann', role: 'household' } as const
const bob = { name: 'Bob', role: 'household' } as const

describe('a movie that one of two Radarrs deletes', () => {
  it('stays listed, and in the library, when the other had it before it was requested', async () => {
    const { house, tell, find } = await readHouse(2)
    await tell('arrived', 9, hd)
    await house.memory.requests.add(aMovieRequest({ tmdbId: 9, createdAt: house.clock.now() + 1 }))
    house.clock.advance(MINUTE)
    await tell('picked_up', 9, uhd)
    const { reason } = await tell('gone', 9, uhd)
    expect(reason).toContain('another client')
    expect((await find(9))?.status).toBe('picked_up')
  })

  it('is gone when only that one was ever heard, whoever had it before', async () => {
    const { house, tell, find } = await readHouse(2)
    await tell('arrived', 9, uhd)
    await house.memory.requests.add(aMovieRequest({ tmdbId: 9, createdAt: house.clock.now() + 1 }))
    house.clock.advance(MINUTE)
    await tell('gone', 9, uhd)
    expect((await find(9))?.status).toBe('gone')
  })

  it('is here as long as the other has its file', async () => {
    const { house, tell, find } = await readHouse(2)
    await tell('arrived', 1, hd)
    await tell('arrived', 1, uhd)
    await tell('gone', 1, uhd)
    expect(await find(1)).toMatchObject({ status: 'available', lost: { source: 'radarr', at: house.clock.now() } })
    expect(await house.memory.library.findMany([aLibraryItem({ tmdbId: 1 })])).toHaveLength(1)
    await tell('file_gone', 1, hd)
    expect(await find(1)).toMatchObject({ status: 'picked_up', lost: { source: 'radarr', at: house.clock.now() } })
    await tell('gone', 1, hd)
    expect((await find(1))?.status).toBe('gone')
  })
})

describe('a movie that its Radarr deleted', () => {
  it('is not brought back by a media server that had it before, but by one that has it anew', async () => {
    const { house, tell, read, find } = await readHouse(3)
    const sync = async (clear: boolean, ...ids: number[]) => {
      house.clock.advance(MINUTE)
      const items = ids.map((tmdbId) => aLibraryItem({ tmdbId }))
      await house.useCases.syncLibrary('movie', items, { clear, confirm: true })
    }
    await sync(true, 1, 2)
    await tell('gone', 1)
    await sync(false, 3)
    await sync(true, 1, 2, 3)
    expect(await read()).toEqual([2, 3])
    expect(await find(1)).toMatchObject({ status: 'gone' })
    await sync(true, 2, 3)
    await sync(false, 1)
    expect(await find(1)).toMatchObject({ status: 'available' })
  })
})

describe('forty movies of a disk that is away', () => {
  it('stay listed, each as missing, and come back with it', async () => {
    const { house, tell, read, find } = await readHouse(40)
    for (let n = 1; n <= 40; n += 1) await tell('file_gone', n)
    expect(await read()).toHaveLength(40)
    expect(await find(40)).toMatchObject({ status: 'picked_up', lost: { source: 'radarr', at: house.clock.now() } })
    house.clock.advance(MINUTE)
    const all = Array.from({ length: 40 }, (_, n) => aLibraryItem({ tmdbId: n + 1 }))
    await house.useCases.syncLibrary('movie', all, { clear: true, confirm: false })
    expect(await find(40)).toMatchObject({ status: 'available' })
    expect(await find(40)).not.toHaveProperty('lost')
  })
})

describe('what the admin changes', () => {
  const folders = (movie: string) => ({ profiles: [{ id: 1, name: 'Standard', rootFolders: { movie } }] })

  it('as a root folder holds for new rows alone: those that are listed keep theirs', async () => {
    const { house, useCases, memory } = await readHouse(1)
    house.titles(aTitle({ tmdbId: 50, imdbId: 'tt0000050' }), aTitle({ tmdbId: 51, imdbId: 'tt0000051' }))
    const ask = (tmdbId: number) => useCases.requestTitle({ key: { mediaType: 'movie', tmdbId }, by: ann })
    await ask(50)
    await useCases.changeFeedSettings(folders('/cinema'))
    await ask(51)
    const paths = async () => (await house.rows('radarr-program')).map((row) => [row.tmdbId, row.rootFolderPath])
    expect(Object.fromEntries(await paths())).toEqual({ 1: '/movies/', 50: '/movies/', 51: '/cinema/' })
    // What leaves the list and is requested again is listed anew.
    await useCases.withdrawRequest({ mediaType: 'movie', tmdbId: 50 }, ann)
    await ask(50)
    expect(Object.fromEntries(await paths())).toEqual({ 1: '/movies/', 50: '/cinema/', 51: '/cinema/' })
    expect((await memory.requests.find({ mediaType: 'movie', tmdbId: 1 }))?.rootFolderId).toBe(1)
  })

  it('as hidden tags is asked about once, with how many rows of which clients go', async () => {
    const { house, useCases } = await readHouse(3)
    await house.memory.requests.add(aSeriesRequest())
    await house.memory.requests.add(aSeriesRequest({ tmdbId: 2 }))
    const hide = (confirmed?: boolean) => useCases.changeFeedSettings({ tagsHidden: true, confirmed })
    expect(await hide()).toEqual({ kind: 'needs_confirmation', rows: { movie: 3, tv: 0 } })
    await house.rows('sonarr-program')
    expect(await hide(false)).toEqual({ kind: 'needs_confirmation', rows: { movie: 3, tv: 1 } })
    expect((await useCases.feedSettings()).tagsHidden).toBe(false)
    expect(await hide(true)).toBeUndefined()
    expect(await hide()).toBeUndefined()
  })
})

describe('the tags of a row that is listed', () => {
  const tagsOf = async (house: Awaited<ReturnType<typeof readHouse>>['house']) => {
    const { tags } = await house.useCases.feedSettings()
    const [row] = await house.rows('radarr-program')
    const ids: unknown = row?.tags
    return Array.isArray(ids) ? ids.map((id: number) => tags[id - 1]?.name) : []
  }

  it('only grow, whoever follows no longer or asks again for what was canceled', async () => {
    const { house, useCases } = await readHouse(1)
    const key = { mediaType: 'movie', tmdbId: 1 } as const
    await useCases.followRequest(key, bob, true)
    await useCases.followRequest(key, bob, false)
    expect(await tagsOf(house)).toEqual(['Ann', 'Bob'])
    await useCases.withdrawRequest(key, ann)
    await useCases.requestTitle({ key, by: { name: 'Cid', role: 'household' } })
    expect((await tagsOf(house)).sort()).toEqual(['Ann', 'Bob', 'Cid'])
    expect(await house.memory.requests.find(key)).toMatchObject({ requestedBy: 'Cid', followers: [] })
  })
})

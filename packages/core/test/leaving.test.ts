import { describe, expect, it } from 'vitest'
import type { ClientRef, MediaEvent, MediaRequest } from '../src/index.ts'
import { aLibraryItem, aMovieRequest, aSeriesRequest } from '../src/testing/index.ts'
import { aTitle, breakable, openHouse } from './house.ts'

const ann = { name: 'Ann', role: 'household' } as const
const bob = { name: 'Bob', role: 'household' } as const

const hd = { id: 'hd.t', tokens: ['t'] }
const uhd = { id: '4k.t', tokens: ['t'] }
const MINUTE = 60_000

/** A house of so many movies that have arrived, whose list Radarr has read. */
async function readHouse(count: number, given: (n: number) => Partial<MediaRequest> = () => ({})) {
  const house = openHouse()
  for (let n = 1; n <= count; n += 1) {
    const imdbId = `tt${String(1_000_000 + n)}`
    await house.memory.requests.add(aMovieRequest({ tmdbId: n, imdbId, status: 'available', addedAt: 1, ...given(n) }))
  }
  const read = async (profileId?: number) => {
    const rows = await house.rows('radarr-program', profileId)
    house.useCases.noteRead({
      feed: 'radarr-program',
      profileId,
      keyId: 'feed',
      app: 'other',
      oldKey: false,
      rows: rows.length,
    })
    return rows.map((row) => row.tmdbId)
  }
  await read()
  const tell = (kind: MediaEvent['kind'], tmdbId: number, client: ClientRef = hd) => {
    house.clock.advance(MINUTE)
    const event: MediaEvent = { source: 'radarr', name: kind, kind, mediaType: 'movie', ids: { tmdbId } }
    return house.useCases.receiveEvent('radarr', { kind: 'event', event }, kind, client)
  }
  const remove = async (from: number, to: number, client?: ClientRef) => {
    for (let n = from; n <= to; n += 1) await tell('gone', n, client)
  }
  const find = (tmdbId: number) => house.memory.requests.find({ mediaType: 'movie', tmdbId })
  return { ...house, house, read, tell, remove, find }
}

describe('deletions', () => {
  it('of four movies take them out of the lists', async () => {
    const { remove, read, useCases } = await readHouse(6)
    await remove(1, 4)
    expect(await read()).toEqual([5, 6])
    expect(await useCases.deletionQuestions()).toEqual([])
  })

  it('of five and more than a third are asked about, and the first four are listed again', async () => {
    const { remove, read, find, useCases, tell } = await readHouse(12)
    await remove(1, 4)
    expect(await read()).toHaveLength(8)
    const fifth = await tell('gone', 5)
    expect(fifth.reason).toContain('until the admin answers')
    expect(await read()).toHaveLength(12)
    expect([await find(1), await find(5)]).toMatchObject([
      { status: 'gone', kept: 'many_deletions' },
      { status: 'gone', kept: 'many_deletions' },
    ])
    expect(await useCases.deletionQuestions()).toMatchObject([{ app: 'radarr', of: 8, requests: { length: 5 } }])
    // One that comes again is no question any more.
    await tell('arrived', 5)
    expect(await useCases.deletionQuestions()).toMatchObject([{ requests: { length: 4 } }])
  })

  it('of a third at most are a person’s, and so are those of more than an hour', async () => {
    const many = await readHouse(30)
    await many.remove(1, 10)
    expect(await many.useCases.deletionQuestions()).toEqual([])
    await many.tell('gone', 11)
    expect(await many.useCases.deletionQuestions()).toMatchObject([{ of: 30, requests: { length: 11 } }])

    const slow = await readHouse(8)
    for (let n = 1; n <= 7; n += 1) {
      await slow.tell('gone', n)
      slow.clock.advance(14 * MINUTE)
    }
    expect(await slow.read()).toEqual([8])
  })

  it('are counted for each client, and against each list that was read', async () => {
    const { remove, read, useCases } = await readHouse(40, (n) => ({ qualityProfileId: n > 30 ? 2 : 1 }))
    await useCases.changeFeedSettings({ profiles: [{ id: 1, name: 'HD' }, { name: '4K' }] })
    await read(2)
    await remove(31, 33, hd)
    await remove(34, 35, uhd)
    expect(await useCases.deletionQuestions()).toEqual([])
    await remove(36, 38, uhd)
    expect(await useCases.deletionQuestions()).toMatchObject([{ of: 10, requests: { length: 5 } }])
    expect(await read(2)).toHaveLength(7)
  })

  it('that go on belong to those that were asked about, until an hour has passed without one', async () => {
    const { house, remove, useCases } = await readHouse(60)
    await remove(1, 21)
    expect(await useCases.deletionQuestions()).toMatchObject([{ of: 60, requests: { length: 21 } }])
    house.clock.advance(50 * MINUTE)
    await remove(22, 23)
    expect(await useCases.deletionQuestions()).toMatchObject([{ of: 60, requests: { length: 23 } }])
    house.clock.advance(61 * MINUTE)
    await remove(24, 24)
    expect(await useCases.deletionQuestions()).toMatchObject([{ of: 60, requests: { length: 23 } }])
  })

  it('are held against what was read last, also when a list has grown since a moment ago', async () => {
    const { house, read, remove, memory, useCases } = await readHouse(5)
    for (let n = 6; n <= 30; n += 1) await memory.requests.add(aMovieRequest({ tmdbId: n }))
    await read()
    await house.useCases.settle(1_000)
    // Another process knows of it too.
    const { createUseCases } = await import('../src/index.ts')
    expect(await createUseCases(house.deployment).feedReaders()).toMatchObject([{ rows: 30 }])
    await remove(1, 5)
    expect(await useCases.deletionQuestions()).toEqual([])
  })

  it('are asked about whole when the store failed in the middle of it', async () => {
    const { house, remove, tell, useCases, read } = await readHouse(8)
    await remove(1, 4)
    const broken = { now: true }
    const { createUseCases } = await import('../src/index.ts')
    const storage = breakable(broken, 'requests', 'advance')(house.memory)
    const event: MediaEvent = { source: 'radarr', name: 'x', kind: 'gone', mediaType: 'movie', ids: { tmdbId: 5 } }
    const failing = createUseCases({ ...house.deployment, storage })
    await expect(failing.receiveEvent('radarr', { kind: 'event', event }, 'x', hd)).rejects.toThrow()
    await tell('gone', 5)
    expect(await useCases.deletionQuestions()).toMatchObject([{ requests: { length: 5 } }])
    expect(await read()).toHaveLength(8)
  })

  it('of many by one client are asked about, also where another that deletes few is the last to give a title up', async () => {
    const { tell, remove, read, find, useCases } = await readHouse(12)
    await tell('picked_up', 8, uhd)
    await tell('picked_up', 9, uhd)
    await remove(1, 8, hd)
    expect((await find(8))?.status).not.toBe('gone')
    await remove(8, 9, uhd)
    expect(await find(8)).toMatchObject({ status: 'gone', kept: 'many_deletions' })
    expect(await find(9)).not.toHaveProperty('kept')
    expect(await read()).toHaveLength(11)
    expect(await useCases.deletionQuestions()).toMatchObject([{ requests: { length: 8 } }])
  })

  it('of a title are counted once, however often they are told', async () => {
    const { remove, useCases } = await readHouse(6)
    for (let n = 0; n < 6; n += 1) await remove(1, 1)
    await remove(2, 4)
    expect(await useCases.deletionQuestions()).toEqual([])
  })

  it('of a list that nobody is known to have read last are held against what it holds', async () => {
    const { house, remove, useCases } = await readHouse(6)
    await house.useCases.forgetReaders({ keyId: 'feed' })
    await remove(1, 5)
    expect(await useCases.deletionQuestions()).toMatchObject([{ of: 6, requests: { length: 5 } }])
  })

  it('are counted for the last fifty clients that were heard, and no more are stored', async () => {
    const { remove, tell, memory, useCases } = await readHouse(6)
    for (let n = 0; n < 60; n += 1) await tell('picked_up', 6, { id: `${n}.t`, tokens: ['t'] })
    await remove(1, 5)
    expect(JSON.parse((await memory.settings.get('heard-clients')) ?? '')).toHaveLength(50)
    expect(await useCases.deletionQuestions()).toMatchObject([{ requests: { length: 5 } }])
  })

  it('stay where a list was never read', async () => {
    const { memory, remove, useCases } = await readHouse(0)
    for (let n = 1; n <= 6; n += 1) await memory.requests.add(aMovieRequest({ tmdbId: n }))
    await remove(1, 6)
    expect(await useCases.deletionQuestions()).toEqual([])
    expect(await memory.requests.list({ listedOnly: true })).toEqual([])
  })

  it('are taken back by the admin: all are requested again', async () => {
    const { remove, read, find, useCases } = await readHouse(6)
    await remove(1, 6)
    expect(await useCases.answerDeletions('radarr', 'keep')).toEqual({ kind: 'done', left: 6, stayed: 0 })
    expect(await read()).toHaveLength(6)
    expect(await find(1)).toMatchObject({ status: 'pending', requestedBy: 'Ann' })
    expect(await useCases.deletionQuestions()).toEqual([])
    // It is begun to count anew.
    await remove(1, 4)
    expect(await read()).toEqual([5, 6])
  })

  it('are made good by the admin who types how many, but for the last row of a list', async () => {
    const { remove, read, find, useCases } = await readHouse(6)
    expect(await useCases.answerDeletions('radarr', 'keep')).toEqual({ kind: 'nothing_asked' })
    await remove(1, 6)
    for (const count of [undefined, 5]) {
      expect(await useCases.answerDeletions('radarr', 'remove', count)).toEqual({ kind: 'other_count', count: 6 })
    }
    expect(await useCases.answerDeletions('sonarr', 'remove', 6)).toEqual({ kind: 'nothing_asked' })
    expect(await useCases.answerDeletions('radarr', 'remove', 6)).toEqual({ kind: 'done', left: 5, stayed: 1 })
    expect(await read()).toHaveLength(1)
    expect((await Promise.all([1, 2, 3, 4, 5, 6].map(find))).filter((one) => one?.kept)).toMatchObject([
      { status: 'gone', kept: 'last_row' },
    ])
  })

  it('wait for each other: the last two rows do not both leave', async () => {
    const { house, read } = await readHouse(2)
    const gone = (tmdbId: number) => {
      const event: MediaEvent = { source: 'radarr', name: 'x', kind: 'gone', mediaType: 'movie', ids: { tmdbId } }
      return house.useCases.receiveEvent('radarr', { kind: 'event', event }, 'x', hd)
    }
    house.clock.advance(MINUTE)
    await Promise.all([gone(1), gone(2)])
    expect(await read()).toHaveLength(1)
  })
})

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

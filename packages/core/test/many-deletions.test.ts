import { describe, expect, it } from 'vitest'
import type { MediaEvent } from '../src/index.ts'
import { aMovieRequest } from '../src/testing/index.ts'
import { breakable } from './house.ts'
import { hd, MINUTE, readHouse, uhd } from './read-house.ts'

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

  it('are counted for thirty clients that were heard, and for all others as one: none is forgotten', async () => {
    const { remove, tell, memory, useCases } = await readHouse(6)
    for (let n = 0; n < 60; n += 1) await tell('picked_up', 6, { id: `${n}.t`, tokens: ['t'] })
    await remove(1, 5)
    expect(JSON.parse((await memory.settings.get('heard-clients')) ?? '')).toHaveLength(31)
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

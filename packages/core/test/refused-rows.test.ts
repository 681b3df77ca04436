import { describe, expect, it } from 'vitest'
import { Fault, type MediaEvent, type Storage } from '../src/index.ts'
import { aLibraryItem, aMovieRequest, aSeriesRequest } from '../src/testing/index.ts'
import { openHouse } from './house.ts'

/** A house whose store refuses to write the requests of these TMDB ids. */
function openRefusing(...ids: number[]) {
  const refusing = new Set(ids)
  const refuse = async (id: number) => {
    if (refusing.has(id)) throw new Fault('row_refused', 'One row cannot be written just now.')
  }
  const house = openHouse(
    (storage): Storage => ({
      ...storage,
      requests: {
        ...storage.requests,
        advance: (key, event) => refuse(key.tmdbId).then(() => storage.requests.advance(key, event)),
        advanceMany: async (changes) => {
          const results = await storage.requests.advanceMany(changes.filter(({ key }) => !refusing.has(key.tmdbId)))
          return changes.map(({ key }) => (refusing.has(key.tmdbId) ? 'refused' : results.shift()))
        },
        learn: (key, facts) => refuse(key.tmdbId).then(() => storage.requests.learn(key, facts)),
      },
    }),
  )
  return {
    house,
    refusing,
    statusOf: async (mediaType: 'movie' | 'tv', tmdbId: number) =>
      (await house.memory.requests.find({ mediaType, tmdbId }))?.status,
  }
}

const arrival = (tvdbId: number): MediaEvent => ({
  ...{ source: 'sonarr', name: 'Download', kind: 'arrived', mediaType: 'tv' },
  ids: { tvdbId },
  parts: [{ seasonNumber: 1, episodeNumber: 1 }],
})

describe('a request that cannot be written', () => {
  it('ends no sync: the others are marked, and it is by the next one', async () => {
    const { house, refusing, statusOf } = openRefusing(2)
    for (const tmdbId of [1, 2, 3]) await house.memory.requests.add(aMovieRequest({ tmdbId }))
    const items = [1, 2, 3].map((tmdbId) => aLibraryItem({ tmdbId }))
    const sync = () => house.useCases.syncLibrary('movie', items, { clear: true, confirm: true })
    expect(await sync()).toMatchObject({ kind: 'committed', marked: 2, notMarked: 1 })
    expect(await Promise.all([1, 2, 3].map((id) => statusOf('movie', id)))).toEqual([
      'available',
      'pending',
      'available',
    ])
    refusing.clear()
    expect(await sync()).toMatchObject({ marked: 1, notMarked: 0 })
    refusing.add(2)
    const without = () => house.useCases.syncLibrary('movie', [], { clear: true, confirm: true })
    expect(await without()).toMatchObject({ removed: 3, notMarked: 1 })
    expect(await Promise.all([1, 2, 3].map((id) => statusOf('movie', id)))).toEqual(['pending', 'available', 'pending'])
  })

  it('leaves a message to the others that it is about, and where there are none the sender tries again', async () => {
    const { house, refusing, statusOf } = openRefusing(1)
    for (const tmdbId of [1, 2]) await house.memory.requests.add(aSeriesRequest({ tmdbId }))
    const tell = (kind: MediaEvent['kind']) =>
      house.useCases.receiveEvent('sonarr', { kind: 'event', event: { ...arrival(81189), kind } }, 'x')
    await tell('arrived')
    expect(await Promise.all([1, 2].map((id) => statusOf('tv', id)))).toEqual(['pending', 'partly_available'])
    await tell('file_gone')
    expect(await statusOf('tv', 2)).toBe('picked_up')
    refusing.add(2)
    await expect(tell('arrived')).rejects.toMatchObject({ code: 'row_refused' })
    await expect(tell('gone')).rejects.toMatchObject({ code: 'row_refused' })
  })

  it('ends no daily work', async () => {
    const { house } = openRefusing(1)
    for (const tmdbId of [1, 2]) await house.memory.requests.add(aSeriesRequest({ tmdbId }))
    const told = {
      status: 'available',
      source: 'sonarr',
      at: 1,
      parts: [{ seasonNumber: 1, episodeNumber: 1 }],
    } as const
    await house.memory.requests.advance({ mediaType: 'tv', tmdbId: 2 }, told)
    expect(await house.useCases.runDaily(house.clock.now() + 60_000)).toMatchObject({ cutShort: false })
    expect(house.log.map(({ message }) => message)).toContain('request not worked out')
  })
})

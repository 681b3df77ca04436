import type { ClientRef, MediaEvent, MediaRequest } from '../src/index.ts'
import { aMovieRequest } from '../src/testing/index.ts'
import { openHouse } from './house.ts'

export const hd = { id: 'hd.t', tokens: ['t'] }
export const uhd = { id: '4k.t', tokens: ['t'] }
export const MINUTE = 60_000

/** A house of so many movies that have arrived, whose list Radarr has read. */
export async function readHouse(count: number, given: (n: number) => Partial<MediaRequest> = () => ({})) {
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

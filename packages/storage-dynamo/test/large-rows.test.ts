import { MEDIA_EVENT_SOURCES, type MediaRequest, type SeasonState } from '@stellarr/core'
import { aSeriesRequest, fixedClock } from '@stellarr/core/testing'
import { afterAll, describe, expect, it } from 'vitest'
import { seasonsFrom, storedSeasons } from '../src/repositories/packed-seasons.ts'
import { toRow } from '../src/repositories/request-rows.ts'
import { toItem } from '../src/table/attribute-values.ts'
import { type Engine, startEngine } from '../src/testing/index.ts'

const engine: Engine = await startEngine()
afterAll(() => engine.stop())

/** Numbers from a seed (mulberry32), the same at every run. */
let seed = 7
function next(below: number): number {
  seed = (seed + 0x6d2b79f5) | 0
  const mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  return ((mixed ^ (mixed >>> 14)) >>> 0) % below
}
const name = (n: number) => `${n}${'🎬'.repeat(61)}`

/** The series with the most episodes, each told one by one by three senders in any order, with the largest of all else. */
function theLargest(): MediaRequest {
  let at = 1.7e12
  const seasonState = Array.from({ length: 66 }, (_, season): SeasonState => {
    const episodes = Array.from({ length: 212 }, (_, n) => {
      at += 1 + next(600_000)
      const [source = 'plex', ...also] = [...MEDIA_EVENT_SOURCES].sort(() => next(3) - 1).slice(0, 3)
      return { number: n + 1, source, at: at + next(1e8), first: at, also: also.sort().join(' ') }
    })
    const here = { episodes: 212, source: 'plex' as const, at }
    return {
      seasonNumber: season + 1,
      name: name(season),
      episodeCount: 212,
      airDate: '1999-01-01',
      aired: 212,
      here,
      episodes,
    }
  })
  return aSeriesRequest({
    overview: 'x'.repeat(4_000),
    requestedBy: name(0),
    followers: Array.from({ length: 50 }, (_, n) => name(n + 1)),
    formerAskers: Array.from({ length: 149 }, (_, n) => name(n + 51)),
    seasonState,
  })
}

const bytesOf = (request: MediaRequest) =>
  Object.entries(toItem(toRow(request))).reduce((sum, [key, value]) => {
    const bytes =
      'B' in value ? Buffer.from(value.B, 'base64').length : Buffer.byteLength(String(Object.values(value)[0]))
    return sum + key.length + bytes
  }, 0)

describe('the row of a request', () => {
  it('of 14,000 episodes told one by one by three senders is far below what DynamoDB takes, and comes back whole', async () => {
    const request = theLargest()
    expect(JSON.stringify(request.seasonState).length).toBeGreaterThan(1_000_000)
    const bytes = bytesOf(request)
    console.log(`the largest request: ${Math.round(bytes / 1024)} KB`)
    expect(bytes).toBeLessThan(240 * 1024)
    const store = await engine.openStorage(fixedClock())
    await store.requests.add(request)
    expect(await store.requests.find(request)).toEqual(request)
    const at = 2e12
    const parts = [{ seasonNumber: 66, episodeNumber: 213 }]
    const told = { status: 'available', source: 'sonarr', at, now: at, parts } as const
    const after = await store.requests.advance(request, told)
    expect(await store.requests.find(request)).toEqual(after?.request)
    await store.close()
  })

  it('is text as long as it is usual', () => {
    const usual = theLargest().seasonState.slice(0, 2)
    expect(storedSeasons(usual)).toBe(JSON.stringify(usual))
    const many = theLargest().seasonState.slice(0, 5)
    const stored = storedSeasons(many)
    expect(typeof stored).toBe('object')
    expect(seasonsFrom({ season_state: stored })).toEqual(many)
    expect(() => seasonsFrom({})).toThrow('without its seasons')
  })
})

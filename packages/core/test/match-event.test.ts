import { beforeEach, describe, expect, it } from 'vitest'
import { type MatchPorts, type MediaEvent, matchEvent } from '../src/index.ts'
import { aMovieRequest, aSeriesRequest, fixedClock, memoryStorage } from '../src/testing/index.ts'

const EPISODE = 349_232

let calls: string[]
let ports: MatchPorts
let storage: ReturnType<typeof memoryStorage>

/** Notes each call by its name. */
function noted<Port extends object>(port: Port): Port {
  return new Proxy(port, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name)
      if (typeof value !== 'function') return value
      return (...args: unknown[]) => {
        calls.push(String(name))
        return value.apply(target, args)
      }
    },
  })
}

beforeEach(async () => {
  calls = []
  storage = memoryStorage({ clock: fixedClock() })
  await storage.requests.add(aMovieRequest())
  await storage.requests.add(aSeriesRequest())
  ports = {
    requests: noted(storage.requests),
    plexGuids: noted(storage.plexGuids),
    episodes: noted({ seriesOf: async (id: number) => (id === EPISODE ? 81189 : undefined) }),
  }
})

const show = (given: Partial<MediaEvent> = {}): MediaEvent => ({
  source: 'plex',
  name: 'library.new',
  kind: 'arrived',
  mediaType: 'tv',
  ids: {},
  guid: 'plex://show/abc',
  ...given,
})
const rule = async (event: MediaEvent) => (await matchEvent(event, ports)).rule

describe('the rules in their order', () => {
  it('ends at the request of the TMDB id', async () => {
    const { guid: _, ...event } = show({ ids: { tmdbId: 1396, tvdbId: 1, imdbId: 'tt0000001' } })
    expect(await matchEvent(event, ports)).toMatchObject({ rule: 'tmdb_id', request: { tmdbId: 1396 }, tvdbId: 81189 })
    // Sonarr has one series for all entries of one TVDB id: the others are looked for too.
    expect(calls).toEqual(['find', 'findByTvdbId'])
  })

  it('answers a title that nobody asked for without a request, once its other ids have found none', async () => {
    const { guid: _, ...event } = show({ ids: { tmdbId: 7, tvdbId: 8, imdbId: 'tt0000001' }, episodeTvdbId: EPISODE })
    expect(await matchEvent({ ...event, title: 'Breaking Bad', year: 2008 }, ports)).toEqual({
      rule: 'tmdb_id',
      key: { mediaType: 'tv', tmdbId: 7 },
      tvdbId: 8,
    })
    expect(calls).toEqual(['find', 'findByTvdbId', 'findByImdbId'])
  })

  it('finds what was asked for by TVDB or IMDb id, where the sender holds another of TMDB’s entries', async () => {
    expect(await rule(show({ ids: { tmdbId: 7, tvdbId: 81189 } }))).toBe('tvdb_id')
    const movie = {
      ...show({ ids: { tmdbId: 8, imdbId: 'tt0133093' } }),
      mediaType: 'movie',
      guid: 'plex://movie/1',
    } as const
    expect(await matchEvent(movie, ports)).toMatchObject({ rule: 'imdb_id', request: { tmdbId: 603 } })
  })

  it('goes on to TVDB, IMDb, the name, the episode and the title, each when those before found nothing', async () => {
    expect(await rule(show({ ids: { tvdbId: 81189 } }))).toBe('tvdb_id')
    expect(await rule(show({ ids: { imdbId: 'tt0903747' } }))).toBe('imdb_id')
    expect(await rule(show({ episodeTvdbId: 1 }))).toBe('guid')
    expect(await rule(show({ guid: 'plex://show/other', episodeTvdbId: EPISODE }))).toBe('episode')
    const named = { title: 'Breaking Bad', year: 2008 }
    expect(await rule(show({ guid: 'plex://show/third', episodeTvdbId: 1, ...named }))).toBe('title')
    expect(await rule(show({ guid: 'plex://show/third', ...named, year: 2009 }))).toBe('none')
  })

  it('reads nothing that the event gives no ground for', async () => {
    const { guid: _, ...bare } = show()
    expect(await matchEvent(bare, ports)).toEqual({ rule: 'none', reason: expect.stringContaining('neither an id') })
    expect(calls).toEqual([])
  })

  it('asks TVDB only where the event and the memory do not tell the series', async () => {
    await matchEvent(show({ ids: { tvdbId: 5 }, episodeTvdbId: EPISODE }), ports)
    await storage.plexGuids.save('plex://show/known', { mediaType: 'tv', tmdbId: 1396 })
    await matchEvent(show({ guid: 'plex://show/known', episodeTvdbId: EPISODE }), ports)
    expect(calls).not.toContain('seriesOf')
    const { episodes: _, ...without } = ports
    expect((await matchEvent(show({ episodeTvdbId: EPISODE }), without)).rule).toBe('none')
  })

  it('lets a series that TVDB names keep the title from another one', async () => {
    ports.episodes = { seriesOf: async () => 999 }
    const event = show({ episodeTvdbId: 1, title: 'Breaking Bad', year: 2008 })
    expect(await matchEvent(event, ports)).toMatchObject({ rule: 'none', tvdbId: 999 })
  })
})

describe('what a name of the sender stood for', () => {
  it('is remembered once an id tells it, and written once', async () => {
    for (let n = 0; n < 3; n += 1) await matchEvent(show({ ids: { tvdbId: 81189 } }), ports)
    expect(await storage.plexGuids.find('plex://show/abc')).toEqual({ mediaType: 'tv', tmdbId: 1396, tvdbId: 81189 })
    expect(calls.filter((call) => call === 'save')).toHaveLength(1)
    expect(await matchEvent(show(), ports)).toMatchObject({ rule: 'guid', request: { tmdbId: 1396 } })
  })

  it('is remembered for a title that nobody asked for, too', async () => {
    await matchEvent(show({ ids: { tmdbId: 7 } }), ports)
    expect(await matchEvent(show({ episodeTvdbId: 5 }), ports)).toEqual({
      rule: 'guid',
      key: { mediaType: 'tv', tmdbId: 7 },
    })
  })

  it('is corrected by an id, and keeps the TVDB id that a later event does not tell', async () => {
    await matchEvent(show({ ids: { tmdbId: 7, tvdbId: 8 } }), ports)
    await matchEvent(show({ ids: { tmdbId: 7 } }), ports)
    expect(await storage.plexGuids.find('plex://show/abc')).toEqual({ mediaType: 'tv', tmdbId: 7, tvdbId: 8 })
    await matchEvent(show({ ids: { tmdbId: 9 } }), ports)
    expect(await storage.plexGuids.find('plex://show/abc')).toEqual({ mediaType: 'tv', tmdbId: 9 })
  })

  it('is the series, never the episode: the episode’s own number is found nowhere', async () => {
    await matchEvent(show({ episodeTvdbId: EPISODE }), ports)
    expect(await storage.plexGuids.find('plex://show/abc')).toEqual({ mediaType: 'tv', tmdbId: 1396, tvdbId: 81189 })
  })

  it('is not learnt from a title of Plex: that is no proof', async () => {
    expect(await rule(show({ title: 'Breaking Bad', year: 2008 }))).toBe('title')
    expect(await storage.plexGuids.find('plex://show/abc')).toBeUndefined()
  })

  it.each(['emby', 'jellyfin'] as const)(
    'is learnt from the title of a series of %s, for its episodes',
    async (source) => {
      const guid = `${source}://server/5`
      const episode = show({ source, guid, title: 'Breaking Bad' })
      expect(await rule(episode)).toBe('none')
      expect(await rule(show({ source, guid, title: 'Breaking Bad', year: 2008 }))).toBe('title')
      expect(await matchEvent(episode, ports)).toMatchObject({ rule: 'guid', request: { tmdbId: 1396 } })
      expect(await storage.plexGuids.find(guid)).toEqual({ mediaType: 'tv', tmdbId: 1396, tvdbId: 81189 })
      // An id says better.
      await matchEvent(show({ source, guid, ids: { tmdbId: 7 } }), ports)
      expect(await storage.plexGuids.find(guid)).toEqual({ mediaType: 'tv', tmdbId: 7 })
    },
  )

  it('is not learnt from the title of a movie, whoever sends it', async () => {
    const guid = 'emby://server/6'
    const movie = { ...show({ source: 'emby', guid, title: 'The Matrix', year: 1999 }), mediaType: 'movie' } as const
    expect(await rule(movie)).toBe('title')
    expect(await storage.plexGuids.find(guid)).toBeUndefined()
  })
})

it('never matches by title when two have it', async () => {
  await storage.requests.add(aSeriesRequest({ tmdbId: 2, tvdbId: 3, imdbId: 'tt0000002' }))
  const event = show({ title: 'Breaking Bad', year: 2008 })
  expect(await matchEvent(event, ports)).toMatchObject({
    rule: 'none',
    reason: expect.stringContaining('not exactly one'),
  })
})

it('a store that is down fails, so that the sender tries again', async () => {
  await storage.close()
  await expect(matchEvent(show({ ids: { tmdbId: 1 } }), ports)).rejects.toThrow('closed')
})

it('gives what comes for a request that was canceled to the other of its TVDB id', async () => {
  const [canceled, other] = [aSeriesRequest({ tmdbId: 1, withdrawnAt: 5 }), aSeriesRequest({ tmdbId: 2 })]
  const { requests, plexGuids } = memoryStorage({ clock: fixedClock() })
  for (const request of [canceled, other]) await requests.add(request)
  for (const ids of [{ tmdbId: 1 }, { tvdbId: 81189 }]) {
    const { guid: _, ...event } = show({ ids })
    expect(await matchEvent(event, { requests, plexGuids })).toMatchObject({ request: { tmdbId: 2 } })
  }
})

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { aMovieRequest, aSeriesRequest, fixedClock, memoryStorage } from '../packages/core/src/testing/index.ts'
import {
  type RadarrListSettings,
  type SonarrListSettings,
  type SonarrVersion,
  simulatedRadarr,
  simulatedSonarr,
} from './clients/index.ts'
import { type SimulatedServer, simulatedServer, TOKEN } from './simulation/server.ts'
import { catalogueOf, movieLookup, showLookup, someMovies, someSeries, tvdbIdOf } from './simulation/titles.ts'

const HOUR = 3_600_000
const movies = someMovies(6)
/** The fourth has no TVDB id. */
const series = someSeries(4)

let clock: ReturnType<typeof fixedClock>
let server: SimulatedServer
beforeEach(async () => {
  clock = fixedClock()
  const storage = memoryStorage({ clock })
  const catalog = catalogueOf([...movies, ...series])
  server = simulatedServer({ clock, catalog, random: () => 0.5, keepAnswers: true })
  for (const { tmdbId, title, imdbId } of movies) {
    const { imdbId: _, ...movie } = aMovieRequest({ tmdbId, title })
    await storage.requests.add(imdbId === undefined ? movie : { ...movie, imdbId })
  }
  for (const { tmdbId, title, tvdbId, imdbId } of series) {
    const { tvdbId: _, imdbId: __, ...show } = aSeriesRequest({ tmdbId, title })
    await storage.requests.add({
      ...show,
      ...(tvdbId !== undefined && { tvdbId }),
      ...(imdbId !== undefined && { imdbId }),
    })
  }
  await server.start(storage)
})
afterEach(() => server.close())

const aRadarr = (...lists: RadarrListSettings[]) =>
  simulatedRadarr({
    transport: server.transport,
    clock,
    lookup: movieLookup(movies),
    lists,
    cleanLevel: 'removeAndDelete',
  })
const aSonarr = (lists: SonarrListSettings[], version: SonarrVersion = 5) =>
  simulatedSonarr({
    transport: server.transport,
    clock,
    lookup: showLookup(series),
    lists,
    cleanLevel: 'keepAndUnmonitor',
    version,
  })

/** Two days of ticks, long enough for every list to be read again. */
async function twoDays(client: { tick(): Promise<void> }): Promise<void> {
  for (let hour = 0; hour < 48; hour += 1) {
    await client.tick()
    clock.advance(HOUR)
  }
}

const plain = (path: string) => `${path}${path.includes('?') ? '&' : '?'}token=${TOKEN}`

describe('a client whose list is at a wrong address', () => {
  it.each<[RadarrListSettings['type'], string]>([
    ['program', ''],
    ['program', '/sonarr'],
    ['program', '/lidarr'],
    ['program', '/radarr/api/v3'],
    ['program', '/list/radarr'],
    ['program', '/elsewhere'],
    ['custom', '/list/sonarr'],
    ['custom', '/rss/movies'],
    ['stevenlu', '/list/sonarr'],
    ['stevenlu', '/list/radarr?by=tmdb'],
    ['plexRss', '/rss/tv'],
    ['plexRss', '/list/radarr'],
    ['rss', '/rss/tv'],
  ])('as Radarr, with the type %s at %j, adds nothing and removes nothing', async (type, path) => {
    const url = type === 'program' ? path : plain(path)
    const radarr = aRadarr({ name: 'wrong', type, url, apiKey: TOKEN })
    radarr.addByHand({ tmdbId: 1, title: 'By hand' })
    await twoDays(radarr)
    expect(radarr.answers.length).toBeGreaterThan(0)
    expect(radarr.answers.every(({ failure }) => failure !== undefined)).toBe(true)
    expect([radarr.history.length, radarr.library.size]).toEqual([1, 1])
  })

  it.each<[SonarrListSettings['type'], string]>([
    ['program', ''],
    ['program', '/radarr'],
    ['program', '/sonarr/sonarr'],
    ['custom', '/list/radarr'],
    ['custom', '/list/radarr?by=tmdb'],
    ['plexRss', '/rss/movies'],
  ])('as Sonarr, with the type %s at %j, adds nothing and unmonitors nothing', async (type, path) => {
    const right: SonarrListSettings = { name: 'list', type: 'program', url: '/sonarr', apiKey: TOKEN }
    const before = aSonarr([right])
    await before.tick()
    expect(before.library.size).toBe(3)
    const sonarr = aSonarr([{ name: 'wrong', type, url: type === 'program' ? path : plain(path), apiKey: TOKEN }])
    for (const show of before.library.values()) sonarr.addByHand(show)
    await twoDays(sonarr)
    expect(sonarr.answers.length).toBeGreaterThan(0)
    expect(sonarr.answers.every(({ failure }) => failure !== undefined)).toBe(true)
    expect([...sonarr.library.values()].map(({ monitored }) => monitored)).toEqual([true, true, true])
  })
})

describe('a client whose list is at its own address', () => {
  it('takes every movie by each type, and guesses none', async () => {
    for (const [type, url, taken] of [
      ['program', '/radarr', 6],
      ['custom', plain('/list/radarr?by=tmdb'), 6],
      ['stevenlu', plain('/list/radarr'), 5],
      ['plexRss', plain('/rss/all'), 6],
    ] as const) {
      const radarr = aRadarr({ name: type, type, url, apiKey: TOKEN })
      await radarr.tick()
      expect([type, radarr.library.size]).toEqual([type, taken])
      expect([...radarr.library.values()].some(({ guessed }) => guessed)).toBe(false)
    }
  })

  it.each([
    [4, 3],
    [5, 4],
  ] as const)(
    'as Sonarr %i, takes %i of four series from Custom List, where one has no TVDB id',
    async (version, taken) => {
      const sonarr = aSonarr([{ name: 'custom', type: 'custom', url: plain('/list/sonarr') }], version)
      await sonarr.tick()
      const unnamed = series.find(({ tvdbId }) => tvdbId === undefined)
      expect([sonarr.library.size, sonarr.library.has(tvdbIdOf(unnamed?.tmdbId ?? 0))]).toEqual([taken, version === 5])
      expect(
        await server.useCases().previewFeed({ feed: 'sonarr' }, await server.useCases().feedVersion()),
      ).toMatchObject({
        takes: { length: 4 },
        leaves: [],
      })
    },
  )
})

import { beforeEach, describe, expect, it } from 'vitest'
import { fixedClock } from '../packages/core/src/testing/index.ts'
import {
  BACK_OFF_MS,
  type FeedAnswer,
  listStatus,
  type Movie,
  RADARR_USER_AGENT,
  type RadarrCleanLevel,
  type RadarrListSettings,
  type Show,
  SONARR_USER_AGENT,
  type SonarrCleanLevel,
  type SonarrListSettings,
  simulatedRadarr,
  simulatedSonarr,
} from './clients/index.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

const movies: Movie[] = [1, 2, 3].map((n) => ({ tmdbId: n, imdbId: `tt000000${n}`, title: `Movie ${n}` }))
const shows: Show[] = [1, 2, 3].map((n) => ({
  tvdbId: 100 + n,
  tmdbId: n,
  imdbId: `tt000010${n}`,
  title: `Show ${n}`,
  seasons: [0, 1, 2, 3],
}))
const movieLookup = {
  byTmdbId: (id: number) => movies.find((movie) => movie.tmdbId === id),
  byImdbId: (id: string) => movies.find((movie) => movie.imdbId === id),
  byTitle: () => movies[2],
}
const showLookup = {
  byTvdbId: (id: number) => shows.find((show) => show.tvdbId === id),
  byImdbId: (id: string) => shows.find((show) => show.imdbId === id),
  byTmdbId: (id: number) => shows.find((show) => show.tmdbId === id),
}

let clock: ReturnType<typeof fixedClock>
/** What the server answers at each path; an Error refuses the connection. */
let served: Record<string, unknown>
let asked: { path: string; headers: Record<string, string> }[]
beforeEach(() => {
  clock = fixedClock()
  served = {}
  asked = []
})

async function transport(path: string, headers: Record<string, string>): Promise<FeedAnswer> {
  asked.push({ path, headers })
  const body = served[path.split('?')[0] ?? '']
  if (body instanceof Error) throw body
  if (typeof body === 'number') return { status: body, headers: new Headers(), text: '' }
  if (body instanceof Headers) return { status: 302, headers: body, text: '' }
  return { status: 200, headers: new Headers({ 'content-type': 'application/json' }), text: JSON.stringify(body) }
}

const radarr = (lists: RadarrListSettings[], cleanLevel: RadarrCleanLevel = 'disabled') =>
  simulatedRadarr({ transport, clock, lookup: movieLookup, lists, cleanLevel })
const sonarr = (lists: SonarrListSettings[], cleanLevel: SonarrCleanLevel = 'disabled') =>
  simulatedSonarr({ transport, clock, lookup: showLookup, lists, cleanLevel })

/** Ticks every 5 minutes for a while; the first one at once. */
async function run(client: { tick(): Promise<void> }, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 5 * MINUTE) {
    await client.tick()
    clock.advance(5 * MINUTE)
  }
}

const program: RadarrListSettings = { name: 'program', type: 'program', url: '/radarr/', apiKey: 'key' }
const steven: RadarrListSettings = { name: 'steven', type: 'stevenlu', url: '/steven?token=t' }
const custom: RadarrListSettings = { name: 'custom', type: 'custom', url: '/custom' }
const tvProgram: SonarrListSettings = { name: 'program', type: 'program', url: '/sonarr', apiKey: 'key' }
const tvCustom: SonarrListSettings = { name: 'custom', type: 'custom', url: '/tv/' }

const movie = (n: number) => ({ tmdbId: n, title: `Movie ${n}`, tags: [] })
const row = (n: number) => ({ id: n, title: `Movie ${n}`, imdb_id: `tt000000${n}` })
const show = (n: number) => ({
  tvdbId: 100 + n,
  title: `Show ${n}`,
  seasons: [
    { seasonNumber: 1, monitored: false },
    { seasonNumber: 2, monitored: true },
  ],
})
const PROGRAM = '/radarr/api/v3/movie'
const SERIES = '/sonarr/api/v3/series'

describe('when lists are read', () => {
  it('asks as the clients do', async () => {
    served = { [PROGRAM]: [], '/steven': [], [SERIES]: [], '/tv': [] }
    await radarr([program, steven]).tick()
    await sonarr([tvProgram, tvCustom]).tick()
    expect(asked).toEqual([
      {
        path: '/radarr/api/v3/movie?excludeLocalCovers=True',
        headers: { 'User-Agent': RADARR_USER_AGENT, Accept: 'application/json', 'X-Api-Key': 'key' },
      },
      { path: '/steven?token=t', headers: { 'User-Agent': RADARR_USER_AGENT, Accept: 'application/json' } },
      {
        path: '/sonarr/api/v3/series',
        headers: { 'User-Agent': SONARR_USER_AGENT, Accept: 'application/json', 'X-Api-Key': 'key' },
      },
      { path: '/tv', headers: { 'User-Agent': SONARR_USER_AGENT, Accept: 'application/json' } },
    ])
  })

  it('keeps to each type’s minimum, whatever tick comes', async () => {
    served = { [PROGRAM]: [], '/steven': [], '/custom': [], [SERIES]: [], '/tv': [] }
    await run(radarr([program, steven, custom]), 48 * HOUR)
    const count = (path: string) => asked.filter((one) => one.path.startsWith(path)).length
    expect([count(PROGRAM), count('/steven'), count('/custom')]).toEqual([192, 2, 4])
    await run(sonarr([tvProgram, tvCustom]), 24 * HOUR)
    expect([count(SERIES), count('/tv')]).toEqual([288, 4])
  })

  it('takes a program list without a key for empty and asks nobody', async () => {
    const client = radarr([{ ...program, apiKey: '' }])
    await client.tick()
    expect([asked, client.lists[0]?.stored, client.lists[0]?.stampedAt]).toEqual([[], [], clock.now()])
  })

  it('follows redirects of plain lists alone', async () => {
    const elsewhere = new Headers({ location: '/custom' })
    served = { '/steven': elsewhere, [PROGRAM]: elsewhere, '/custom': [row(1)] }
    const client = radarr([steven, program])
    await client.tick()
    expect(client.answers).toEqual([
      { list: 'steven', at: clock.now(), status: 200 },
      { list: 'program', at: clock.now(), status: 302, failure: 'Error: HTTP 302' },
    ])
  })
})

describe('after a failure', () => {
  it('Radarr stamps the list all the same: one 503 costs a StevenLu list a day', async () => {
    served = { '/steven': 503 }
    const client = radarr([steven])
    await client.tick()
    served = { '/steven': [row(1)] }
    await run(client, 24 * HOUR)
    expect([asked.length, client.library.size]).toEqual([1, 0])
    await client.tick()
    expect([asked.length, client.library.size]).toEqual([2, 1])
  })

  it('Sonarr does not stamp: it asks again once the back-off is over', async () => {
    served = { '/tv': 503 }
    const client = sonarr([tvCustom])
    await client.tick()
    served = { '/tv': [{ tvdbId: 101 }] }
    clock.advance(5 * MINUTE)
    await client.tick()
    expect([asked.length, client.library.size]).toEqual([2, 1])
  })

  it('backs off 1, 5, 15, 30 minutes, 1, 3, 6, 12 and 24 hours, and steps down one at a success', () => {
    const status = listStatus(clock)
    clock.advance(HOUR)
    const waits = Array.from({ length: 10 }, () => {
      status.failed()
      let waited = 0
      while (status.blocked()) {
        clock.advance(MINUTE)
        waited += MINUTE
      }
      return waited
    })
    expect(waits).toEqual([...BACK_OFF_MS.slice(1), 24 * HOUR])
    expect(waits.slice(0, 4)).toEqual([1, 5, 15, 30].map((minutes) => minutes * MINUTE))
    expect(status.failedLast()).toBe(true)
    status.succeeded()
    expect([status.level(), status.blocked(), status.failedLast()]).toEqual([8, false, false])
  })

  it('does not escalate just after a start, nor for a dead server where the client does not', async () => {
    const status = listStatus(clock)
    for (let n = 0; n < 5; n += 1) status.failed()
    expect(status.level()).toBe(1)
    clock.advance(HOUR)
    status.failed({ escalate: false })
    expect(status.level()).toBe(1)
    status.failed({ atLeastMs: 2 * HOUR })
    expect(BACK_OFF_MS[status.level()]).toBe(3 * HOUR)

    served = { [PROGRAM]: new Error('refused'), '/steven': new Error('refused') }
    const client = radarr([program, steven])
    clock.advance(HOUR)
    for (let n = 0; n < 4; n += 1) {
      await client.syncList('program')
      await client.syncList('steven')
    }
    expect(client.lists.map((list) => list.status.level())).toEqual([4, 1])
    expect(client.answers[0]).toMatchObject({ status: undefined, failure: 'Error: refused' })
  })

  it('heeds a 429 of a plain list of Radarr', async () => {
    served = { '/custom': 429 }
    const client = radarr([custom])
    clock.advance(HOUR)
    await client.tick()
    clock.advance(59 * MINUTE)
    expect(client.lists[0]?.status.blocked()).toBe(true)
  })
})

describe('what is added', () => {
  it('adds what is new, once, and keeps the rows of the last good read', async () => {
    served = { [PROGRAM]: [movie(1)], '/custom': [row(1), row(2)] }
    const client = radarr([program, custom])
    await client.tick()
    expect(client.history.map((movie) => [movie.tmdbId, movie.list, movie.guessed])).toEqual([
      [1, 'program', false],
      [2, 'custom', false],
    ])
    served = { [PROGRAM]: 503 }
    await run(client, HOUR)
    expect(client.lists[0]?.stored).toHaveLength(1)
    served = { [PROGRAM]: [movie(2)] }
    await run(client, HOUR)
    expect(client.lists[0]?.stored.map((item) => item.tmdbId)).toEqual([2])
    expect(client.history).toHaveLength(2)
  })

  it('guesses a movie for a StevenLu row without an id', async () => {
    served = { '/steven': [{ title: 'Movie 1' }] }
    const client = radarr([steven])
    await client.tick()
    expect(client.history).toMatchObject([{ tmdbId: 3, guessed: true }])
  })

  it('leaves out what the metadata server does not know, and lists that do not add', async () => {
    served = { [PROGRAM]: [movie(9), movie(1)], '/tv': [{ tvdbId: 999 }, { imdbId: 'tt0000102' }, { tmdbId: 3 }] }
    const client = radarr([{ ...program, adds: false }])
    await client.tick()
    expect([client.lists[0]?.stored.length, client.library.size]).toEqual([1, 0])
    const tv = sonarr([tvCustom])
    await tv.tick()
    expect([...tv.library.keys()]).toEqual([102, 103])
  })

  it('copies seasons with Sync Season Monitoring alone, and at the first add alone', async () => {
    served = { [SERIES]: [show(1)] }
    const plain = sonarr([{ ...tvProgram, monitor: 'firstSeason' }])
    const copying = sonarr([{ ...tvProgram, filters: { syncSeasonMonitoring: true } }])
    const strict = sonarr([{ ...tvProgram, filters: { syncSeasonMonitoring: true }, monitorNewItems: 'none' }])
    const chosen = (client: typeof plain) =>
      client.library.get(101)?.chosen.flatMap((season) => (season.monitored ? season.seasonNumber : []))
    for (const client of [plain, copying, strict]) await client.tick()
    // Season 3 was not listed: Sonarr's own rule for new seasons takes it.
    expect([chosen(plain), chosen(copying), chosen(strict)]).toEqual([[1], [2, 3], [2]])
    served = { [SERIES]: [{ ...show(1), seasons: [{ seasonNumber: 1, monitored: true }] }] }
    await run(copying, HOUR)
    expect(chosen(copying)).toEqual([2, 3])
  })
})

describe('Radarr’s clean step', () => {
  it.each([
    ['disabled', { monitored: true }],
    ['logOnly', { monitored: true }],
    ['keepAndUnmonitor', { monitored: false }],
    ['removeAndKeep', { filesDeleted: false }],
    ['removeAndDelete', { filesDeleted: true }],
  ] as const)('at %s does to movies on no list, hand-added ones too, what it says', async (level, expected) => {
    served = { [PROGRAM]: [movie(1), movie(2)] }
    const client = radarr([program], level)
    await client.tick()
    client.addByHand({ tmdbId: 3, title: 'Movie 3' })
    served = { [PROGRAM]: [movie(1)] }
    await run(client, HOUR)
    const [kept, left, byHand] = client.history
    expect(kept).toMatchObject({ tmdbId: 1, monitored: true })
    for (const movie of [left, byHand]) expect(movie).toMatchObject(expected)
    const isGone = level.startsWith('remove')
    expect([client.library.size, left?.removedAt !== undefined]).toEqual([isGone ? 1 : 3, isGone])
    expect(left?.unmonitoredAt !== undefined).toBe(level === 'keepAndUnmonitor')
    expect([...client.logged]).toEqual(level === 'logOnly' ? [2, 3] : [])
  })

  it('takes an empty success for an empty list', async () => {
    served = { '/custom': [row(1)] }
    const client = radarr([custom], 'removeAndDelete')
    await client.tick()
    served = { '/custom': null }
    await run(client, 13 * HOUR)
    expect(client.history).toMatchObject([{ filesDeleted: true }])
  })

  it('stands still after a failure, and while a due list is blocked', async () => {
    served = { [PROGRAM]: [movie(1)], '/custom': [row(1)] }
    const client = radarr([program, custom], 'removeAndDelete')
    await client.tick()
    client.addByHand({ tmdbId: 2, title: 'Movie 2' })
    served = { [PROGRAM]: 503, '/custom': [row(1)] }
    clock.advance(12 * HOUR)
    await client.tick()
    expect(client.answers.slice(-2).map((one) => one.status)).toEqual([503, 200])
    expect(client.library.size).toBe(2)
    // Blocked for 24 h in the end, so that it is due and blocked at once when the other list is read.
    for (let n = 0; n < 9; n += 1) await client.syncList('program')
    clock.advance(12 * HOUR)
    await client.tick()
    expect([client.answers.at(-1)?.status, client.library.size]).toEqual([200, 2])
  })

  it('goes by the kept rows of a list that is not due, though its last read failed', async () => {
    served = { [PROGRAM]: [movie(1)], '/custom': [row(2)] }
    const client = radarr([program, custom], 'removeAndDelete')
    await client.tick()
    served = { [PROGRAM]: [movie(1)], '/custom': 503 }
    await run(client, 13 * HOUR)
    client.addByHand({ tmdbId: 3, title: 'Movie 3' })
    await run(client, HOUR)
    expect([...client.library.keys()]).toEqual([1, 2])
  })
})

describe('Sonarr’s clean step', () => {
  it.each([
    ['disabled', {}],
    ['logOnly', {}],
    ['keepAndUnmonitor', { monitored: false, unmonitoredAt: expect.any(Number) }],
    ['keepAndTag', { monitored: true, taggedAt: expect.any(Number) }],
  ] as const)('at %s, once a row has left', async (level, expected) => {
    served = { [SERIES]: [show(1), show(2)] }
    const client = sonarr([tvProgram], level)
    await client.tick()
    const byHand = shows[2]
    if (byHand) client.addByHand(byHand)
    await run(client, HOUR)
    // Nothing has left a list: even the series added by hand is left alone.
    expect(client.library.get(103)).toMatchObject({ monitored: true })
    served = { [SERIES]: [show(1)] }
    await run(client, HOUR)
    expect(client.library.get(101)).toMatchObject({ monitored: true })
    for (const id of [102, 103]) expect(client.library.get(id)).toMatchObject({ monitored: true, ...expected })
    expect([...client.logged]).toEqual(level === 'logOnly' ? [102, 103] : [])
    expect(client.library.size).toBe(3)
  })

  it('waits until every list has been read', async () => {
    served = { [SERIES]: [show(1), show(2)] }
    const client = sonarr([tvProgram, tvCustom], 'keepAndUnmonitor')
    await client.syncList('program')
    served = { [SERIES]: [show(1)] }
    await client.syncList('program')
    expect(client.library.get(102)?.monitored).toBe(true)
    served = { [SERIES]: [show(1)], '/tv': [] }
    await client.syncList('custom')
    expect(client.library.get(102)?.monitored).toBe(false)
  })

  it('waits until the last read of every list was good, and then cleans', async () => {
    served = { [SERIES]: [show(1), show(2)], '/tv': 503 }
    const client = sonarr([tvProgram, tvCustom], 'keepAndUnmonitor')
    const isMonitored = () => client.library.get(102)?.monitored
    await run(client, HOUR)
    // The other list has never been read.
    served = { [SERIES]: [show(1)], '/tv': 503 }
    await run(client, HOUR)
    expect(isMonitored()).toBe(true)
    served = { [SERIES]: [show(1), show(2)], '/tv': [] }
    await run(client, 6 * HOUR)
    // It was read, and its latest read failed.
    served = { [SERIES]: [show(1)], '/tv': 503 }
    clock.advance(6 * HOUR)
    await run(client, HOUR)
    expect(isMonitored()).toBe(true)
    served = { [SERIES]: [show(1)], '/tv': [] }
    await run(client, 3 * HOUR)
    expect(isMonitored()).toBe(false)
  })
})

import { describe, expect, it } from 'vitest'
import {
  applyEvent,
  hasArrived,
  isSeasonWanted,
  learnFacts,
  markWithdrawn,
  mergeSeasonChoice,
  normaliseSeasonChoice,
  type RequestEvent,
  renewRequest,
  type StatusStatement,
  seasonsAfter,
  withoutFollower,
} from '../src/index.ts'
import { aMovieRequest, aSeriesRequest } from '../src/testing/builders.ts'

const said = (
  status: StatusStatement['status'],
  at: number,
  source: StatusStatement['source'] = 'plex',
): StatusStatement => ({ status, source, at })

describe('a statement about a movie', () => {
  it('is kept as the latest of its source, in the order of the sources’ names', () => {
    const told = [said('picked_up', 20, 'radarr'), said('downloading', 30, 'radarr'), said('available', 25, 'plex')]
    const request = told.reduce((before, one) => applyEvent(before, one).request, aMovieRequest({ statusAt: 10 }))
    expect(request.statements).toEqual([said('available', 25, 'plex'), said('downloading', 30, 'radarr')])
    const older = applyEvent(request, said('picked_up', 29, 'radarr'))
    expect([older.changed, older.request.statements]).toEqual([false, request.statements])
    const same = applyEvent(request, said('picked_up', 30, 'radarr'))
    expect(same.request.statements).toEqual(request.statements)
  })

  it('moves it up, never down and never twice', () => {
    const here = applyEvent(aMovieRequest(), said('available', 5)).request
    expect([here.status, here.statusAt, here.addedAt]).toEqual(['available', 5, 5])
    const again = applyEvent(here, said('available', 9, 'emby'))
    expect([again.changed, again.request.statusAt, again.request.addedAt]).toEqual([false, 5, 5])
    expect(applyEvent(here, said('partly_available', 9, 'emby')).changed).toBe(false)
    const downloading = applyEvent(aMovieRequest(), said('downloading', 5, 'radarr')).request
    expect(downloading).not.toHaveProperty('addedAt')
    expect(hasArrived('partly_available')).toBe(true)
    expect(hasArrived('downloading')).toBe(false)
  })

  it('that it is gone counts when it is later than what is known, and so does one after it', () => {
    const here = aMovieRequest({ status: 'available', statusAt: 100, addedAt: 100 })
    expect(applyEvent(here, said('gone', 100, 'radarr')).changed).toBe(false)
    const gone = applyEvent(here, said('gone', 101, 'radarr')).request
    expect([gone.status, gone.addedAt]).toEqual(['gone', 100])
    expect(applyEvent(gone, said('picked_up', 101)).changed).toBe(false)
    expect(applyEvent(gone, said('picked_up', 102)).request.status).toBe('picked_up')
    const back = applyEvent(gone, said('available', 102)).request
    expect([back.status, back.addedAt]).toEqual(['available', 102])
  })
})

describe('a statement about a series', () => {
  const counted = (at: number, ...episodes: [season: number, count: number][]) => ({
    ...said('available', at),
    counted: episodes.map(([seasonNumber, count]) => ({ seasonNumber, episodes: count })),
  })

  it('without parts says that it is there in part, and downloads move no season', () => {
    // It says that the series is there, and not which episodes.
    expect(applyEvent(aSeriesRequest(), said('available', 5)).request.status).toBe('partly_available')
    expect(applyEvent(aSeriesRequest({ seasons: [2] }), said('available', 5)).request.status).toBe('pending')
    const part = { ...said('downloading', 5, 'sonarr'), parts: [{ seasonNumber: 1, episodeNumber: 1 }] }
    const { request, changed } = applyEvent(aSeriesRequest(), part)
    expect([changed, request.status, request.seasonState]).toEqual([true, 'downloading', aSeriesRequest().seasonState])
  })

  it('that says nothing is here changes nothing, unless the whole series is gone', () => {
    const empty = applyEvent(aSeriesRequest(), counted(5, [1, 0]))
    expect([empty.changed, empty.request.status]).toEqual([false, 'pending'])
    const parts = [{ seasonNumber: 1, episodeNumber: 1 }]
    const left = applyEvent(aSeriesRequest({ statusAt: 1 }), {
      ...said('gone', 5, 'sonarr'),
      status: 'lost' as const,
      parts,
    })
    expect([left.changed, left.request.status]).toEqual([false, 'pending'])
    const gone = applyEvent(aSeriesRequest({ statusAt: 1 }), said('gone', 5, 'sonarr'))
    expect([gone.changed, gone.request.status]).toEqual([true, 'gone'])
  })

  it('that it is gone takes all of it, unless its files stay', () => {
    const here = applyEvent(aSeriesRequest({ statusAt: 1 }), counted(4, [1, 7])).request
    const gone = applyEvent(here, said('gone', 5, 'sonarr')).request
    expect(gone.seasonState.some((season) => season.here)).toBe(false)
    expect(renewRequest(gone, { by: 'Bob', at: 9 }).request.status).toBe('pending')
    const forgotten = applyEvent(here, { ...said('gone', 5, 'sonarr'), filesKept: true }).request
    expect(forgotten.status).toBe('gone')
    expect(renewRequest(forgotten, { by: 'Bob', at: 9 }).request.status).toBe('partly_available')
  })

  it('of people says nothing of what is here', () => {
    const person = { ...said('available', 5, 'person'), parts: [{ seasonNumber: 1, episodeNumber: 1 }] }
    expect(seasonsAfter(aSeriesRequest(), person)).toEqual(aSeriesRequest().seasonState)
  })

  it('adds seasons that no list has when they hold something, in their order', () => {
    const after = seasonsAfter(aSeriesRequest(), counted(5, [9, 3], [4, 0], [1, 7]))
    expect(after.map(({ seasonNumber, here }) => [seasonNumber, here?.episodes])).toEqual([
      [0, undefined],
      [1, 7],
      [2, undefined],
      [9, 3],
    ])
  })

  it('by two sources at one moment ends the same in either order', () => {
    const plex = { ...said('available', 5, 'plex'), parts: [{ seasonNumber: 1, episodeNumber: 1 }] }
    const sonarr = {
      ...said('gone', 5, 'sonarr'),
      status: 'lost' as const,
      parts: [{ seasonNumber: 1, episodeNumber: 1 }],
    }
    const end = (first: RequestEvent, second: RequestEvent) =>
      seasonsAfter({ ...aSeriesRequest(), seasonState: seasonsAfter(aSeriesRequest(), first) }, second)
    expect(end(plex, sonarr)).toEqual(end(sonarr, plex))
    // The source whose name comes first counts as the later.
    expect(end(sonarr, plex)[1]?.here?.episodes).toBe(1)
  })

  it('counts an episode that is not named as one at least, and a season that left as none', () => {
    const unnamed = { ...said('available', 5), parts: [{ seasonNumber: 1, episodeNumber: 0 }] }
    const one = { ...aSeriesRequest(), seasonState: seasonsAfter(aSeriesRequest(), unnamed) }
    expect(one.seasonState[1]?.here?.episodes).toBe(1)
    const left = seasonsAfter(one, { ...said('gone', 6), status: 'lost', parts: [{ seasonNumber: 1 }] })
    expect(left[1]).not.toHaveProperty('here')
  })
})

describe('asking again', () => {
  it('makes the new asker the one who is told, and keeps the other followers', () => {
    const withdrawn = aMovieRequest({ withdrawnAt: 5, followers: ['Bob', 'Cid'] })
    const { request, changed } = renewRequest(withdrawn, { by: 'Bob', at: 9 })
    expect([changed, request.requestedBy, request.followers]).toEqual([true, 'Bob', ['Cid']])
    expect([request.status, request.statusAt]).toEqual(['pending', withdrawn.statusAt])
    expect(request).not.toHaveProperty('withdrawnAt')
  })

  it('begins anew what was gone, with a statement of the person', () => {
    const gone = aMovieRequest({ status: 'gone', statusAt: 5, addedAt: 3 })
    const { request } = renewRequest(gone, { by: 'Bob', at: 9, qualityProfileId: 2 })
    expect([request.status, request.statusAt, request.qualityProfileId]).toEqual(['pending', 9, 2])
    expect(request.statements).toEqual([said('pending', 9, 'person')])
    expect(request).not.toHaveProperty('addedAt')
  })

  it('changes nothing of a request that stands', () => {
    const request = aMovieRequest()
    expect(renewRequest(request, { by: 'Bob', at: 9 })).toEqual({ request, changed: false })
  })
})

describe('people of a request', () => {
  it('stop following alone', () => {
    const request = aMovieRequest({ followers: ['Bob', 'Cid'] })
    const left = { ...request, followers: ['Cid'], formerAskers: ['Bob'] }
    expect(withoutFollower(request, 'Bob')).toEqual({ request: left, changed: true })
    expect(mergeSeasonChoice(left, { seasons: [] }, 'Bob').request.followers).toEqual(['Cid', 'Bob'])
    // Of what is not listed nobody has read a tag.
    const gone = withoutFollower({ ...request, status: 'gone' }, 'Bob').request
    expect(gone).not.toHaveProperty('formerAskers')
    expect(withoutFollower(request, 'Dan')).toEqual({ request, changed: false })
  })

  it('withdraw once', () => {
    const first = markWithdrawn(aMovieRequest(), 5)
    expect([first.changed, first.request.withdrawnAt]).toEqual([true, 5])
    expect(markWithdrawn(first.request, 9)).toEqual({ request: first.request, changed: false })
  })
})

describe('facts of the catalogue', () => {
  const { imdbId: _, posterPath: __, ...bare } = aMovieRequest()

  it('fill what is not known, and keep what they lack', () => {
    const ids = { imdbId: 'tt0000001', posterPath: '/new.jpg' }
    const facts = { at: 1, ...ids }
    expect(learnFacts(bare, facts)).toEqual({ request: { ...bare, ...ids }, changed: true, reached: [] })
    const known = { ...bare, imdbId: 'tt0000002', posterPath: '/old.jpg' }
    expect(learnFacts(known, { at: 1, posterPath: '/new.jpg' })).toEqual({
      request: known,
      changed: false,
      reached: [],
    })
    expect(learnFacts(bare, { at: 1 })).toEqual({ request: bare, changed: false, reached: [] })
    const drawn = { ...bare, posterPath: '/posters/movie-603.svg' }
    expect(learnFacts(drawn, facts).request.posterPath).toBe('/new.jpg')
    expect(learnFacts(drawn, { at: 1 }).request.posterPath).toBe(drawn.posterPath)
  })

  it('that list no season leave the list as it is; a season that comes later says so', () => {
    const series = learnFacts(aSeriesRequest(), { at: 1 }).request
    expect(learnFacts(series, { at: 1, seasons: [] }).changed).toBe(false)
    const third = { seasonNumber: 3, episodeCount: 5 }
    const grown = learnFacts(series, { at: 1, seasons: [third, ...series.seasonState] }).request
    expect(grown.seasonState.map(({ seasonNumber, later }) => [seasonNumber, later])).toEqual([
      [0, undefined],
      [1, undefined],
      [2, undefined],
      [3, true],
    ])
    const asked = aSeriesRequest({ seasonState: [{ seasonNumber: 0, episodeCount: 2, asked: true }] })
    expect(learnFacts(asked, { at: 1, seasons: [third] }).request.seasonState[1]?.later).toBe(true)
  })
})

describe('wanted seasons', () => {
  const began = Date.parse('2026-01-01')
  const wish = { seasons: [1, 3], futureSeasons: true, createdAt: began }

  it.each([
    ['one that was named', { seasonNumber: 1, airDate: '2020-01-01' }, true],
    ['one between the named', { seasonNumber: 2 }, false],
    ['one behind them that aired before', { seasonNumber: 4, airDate: '2025-12-31' }, false],
    ['one that began that very moment', { seasonNumber: 4, airDate: '2026-01-01' }, false],
    ['one that begins afterwards', { seasonNumber: 4, airDate: '2026-01-02' }, true],
    ['one without a date', { seasonNumber: 4 }, true],
    ['one announced later', { seasonNumber: 2, later: true }, true],
    ['specials announced later', { seasonNumber: 0, later: true }, false],
  ])('are, with those to come: %s', (_, season, wanted) => {
    expect(isSeasonWanted(wish, season)).toBe(wanted)
    const { futureSeasons: __, ...without } = wish
    expect(isSeasonWanted(without, season)).toBe(wish.seasons.includes(season.seasonNumber))
  })

  it('are none of those to come where none was named', () => {
    expect(isSeasonWanted({ ...wish, seasons: [] }, { seasonNumber: 1, airDate: '2026-01-02' })).toBe(true)
    expect(isSeasonWanted({ ...wish, seasons: [] }, { seasonNumber: 1, airDate: '2025-01-02' })).toBe(false)
  })

  it('have one form', () => {
    expect(normaliseSeasonChoice('all')).toBe('all')
    expect(normaliseSeasonChoice([3, 1, 3])).toEqual([1, 3])
  })
})

describe('merging a choice', () => {
  it('adds those to come when either wants them', () => {
    const future = (before: boolean | undefined, wanted: boolean | undefined) => {
      const { futureSeasons: _, ...bare } = aSeriesRequest()
      const request = before === undefined ? bare : { ...bare, futureSeasons: before }
      const choice = { seasons: [1], ...(wanted !== undefined && { futureSeasons: wanted }) }
      return mergeSeasonChoice(request, choice).request.futureSeasons
    }
    expect([future(true, false), future(false, true), future(true, true)]).toEqual([true, true, true])
    expect([future(false, false), future(undefined, undefined), future(false, undefined)]).toEqual([
      false,
      false,
      false,
    ])
  })

  it('gives a movie a follower and no season', () => {
    const { request, changed } = mergeSeasonChoice(aMovieRequest(), { seasons: 'all' }, 'Bob')
    expect([changed, request.followers]).toEqual([true, ['Bob']])
    expect(request).not.toHaveProperty('seasons')
    expect(request).not.toHaveProperty('futureSeasons')
    expect(mergeSeasonChoice(request, { seasons: 'all' }, 'Bob').changed).toBe(false)
    expect(mergeSeasonChoice(request, { seasons: 'all' }, 'Ann').changed).toBe(false)
  })

  it('puts specials that no list has at their place', () => {
    const unlisted = aSeriesRequest({ seasonState: [{ seasonNumber: 1, episodeCount: 7 }] })
    const { request } = mergeSeasonChoice(unlisted, { seasons: [0] })
    expect(request.seasonState.map(({ seasonNumber, asked }) => [seasonNumber, asked])).toEqual([
      [0, true],
      [1, undefined],
    ])
  })
})

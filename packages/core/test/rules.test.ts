import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  applyEvent,
  isListed,
  isPrivateHost,
  isSeasonWanted,
  learnFacts,
  mergeSeasonChoice,
  normaliseTitle,
  pickLanguage,
  radarrRows,
  renewRequest,
  shrinksTooMuch,
  sonarrRows,
} from '../src/rules/index.ts'
import { aFilmRequest, aSeriesRequest } from '../src/testing/builders.ts'

describe('a request’s life', () => {
  const event = fc.record({
    status: fc.constantFrom(
      'picked_up' as const,
      'downloading' as const,
      'partly_available' as const,
      'available' as const,
    ),
    source: fc.constantFrom('radarr' as const, 'plex' as const),
    at: fc.integer({ min: 1.8e12, max: 1.9e12 }),
  })

  it('ends the same whatever the order of events, and changes once for the same event', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 8 }), (events) => {
        const end = (list: typeof events) =>
          list.reduce((request, one) => applyEvent(request, one).request, aFilmRequest()).status
        expect(end(events)).toBe(end([...events].reverse()))
        const last = events.at(-1)
        if (last) expect(applyEvent(applyEvent(aFilmRequest(), last).request, last).changed).toBe(false)
      }),
    )
  })

  it('lets gone win by time only', () => {
    const here = applyEvent(aFilmRequest(), { status: 'available', source: 'plex', at: 2e12 }).request
    expect(applyEvent(here, { status: 'gone', source: 'plex', at: 1.9e12 }).changed).toBe(false)
    expect(applyEvent(here, { status: 'gone', source: 'plex', at: 2.1e12 }).request.status).toBe('gone')
  })

  it('lists what has arrived even when it was withdrawn, and nothing that is gone', () => {
    expect(isListed({ status: 'pending', withdrawnAt: 1 })).toBe(false)
    expect(isListed({ status: 'available', withdrawnAt: 1 })).toBe(true)
    expect(isListed({ status: 'gone' })).toBe(false)
  })

  it('returns a gone title to pending when it is asked for again', () => {
    const again = renewRequest(aFilmRequest({ status: 'gone', addedAt: 5 }), 'Bob', 9)
    expect(again).toMatchObject({ changed: true, request: { status: 'pending', requestedBy: 'Bob', statusAt: 9 } })
    expect(again.request.addedAt).toBeUndefined()
    expect(renewRequest(aFilmRequest(), 'Bob', 9).changed).toBe(false)
  })

  it('never drops an external id', () => {
    const { request } = learnFacts(aSeriesRequest(), { seasonState: [{ seasonNumber: 3, episodeCount: 1 }] })
    expect(request).toMatchObject({ imdbId: 'tt0903747', tvdbId: 81189 })
    expect(request.seasonState.map((season) => season.seasonNumber)).toEqual([0, 1, 2, 3])
  })
})

describe('seasons', () => {
  it('merge and never shrink', () => {
    const request = aSeriesRequest({ seasons: [2] })
    expect(mergeSeasonChoice(request, { seasons: [1, 2] }).request.seasons).toEqual([1, 2])
    expect(mergeSeasonChoice(request, { seasons: [2] }, 'Ann').changed).toBe(false)
    expect(mergeSeasonChoice(request, { seasons: 'all' }).request.seasons).toBe('all')
  })

  it('leave specials out unless they are named', () => {
    expect(isSeasonWanted(aSeriesRequest(), { seasonNumber: 0 })).toBe(false)
    expect(isSeasonWanted(aSeriesRequest({ seasons: [0] }), { seasonNumber: 0 })).toBe(true)
    expect(
      isSeasonWanted(aSeriesRequest({ seasons: [1], futureSeasons: true }), { seasonNumber: 9, airDate: '2030-01-01' }),
    ).toBe(true)
  })
})

describe('titles', () => {
  it('match over accents and punctuation, never to nothing, never across scripts', () => {
    expect(normaliseTitle('Amélie!')).toBe(normaliseTitle('amelie'))
    expect(normaliseTitle('Tom & Jerry')).toBe(normaliseTitle('Tom and Jerry'))
    expect(
      new Set(['千と千尋の神隠し', 'もののけ姫', 'Солярис', 'Сталкер', '???', '!!!'].map(normaliseTitle)).size,
    ).toBe(6)
  })
})

describe('feeds', () => {
  it('leave a film without a valid IMDb id to the list that needs none, and never send null', () => {
    const { imdbId: _, ...bare } = aFilmRequest()
    expect(radarrRows([bare, aFilmRequest({ imdbId: 'tt12' }), aFilmRequest()])).toHaveLength(1)
    expect(JSON.stringify(sonarrRows([aSeriesRequest(), aSeriesRequest({ tmdbId: 5 })]))).not.toContain('null')
  })
})

describe('sign-in and language', () => {
  it('knows names that mean something at home only', () => {
    for (const host of [
      'nas',
      'localhost',
      '192.168.1.5',
      '10.0.0.1',
      '172.31.0.1',
      '100.64.1.1',
      '[::1]',
      '[fd00::1]',
      'tv.local',
      'a.home.arpa',
    ]) {
      expect(isPrivateHost(host), host).toBe(true)
    }
    for (const host of ['example.org', '8.8.8.8', '172.32.0.1', '[2001:db8::1]', 'local.example.com', '']) {
      expect(isPrivateHost(host), host).toBe(false)
    }
  })

  it('picks the best language we speak', () => {
    expect(pickLanguage('pt-BR, de;q=0.7, fr;q=0.9')).toBe('fr')
    expect(pickLanguage(undefined)).toBe('en')
  })
})

it('a sync that halves a library needs a person', () => {
  expect(shrinksTooMuch(10, 5)).toBe(false)
  expect(shrinksTooMuch(10, 4)).toBe(true)
  expect(shrinksTooMuch(0, 0)).toBe(false)
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  applyEvent,
  isListed,
  isPrivateHost,
  learnFacts,
  normaliseTitle,
  pickLanguage,
  renewRequest,
  shrinksTooMuch,
} from '../src/rules.ts'
import { aMovieRequest, aSeriesRequest } from '../src/testing/builders.ts'

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
          list.reduce((request, one) => applyEvent(request, one).request, aMovieRequest()).status
        expect(end(events)).toBe(end([...events].reverse()))
        const last = events.at(-1)
        if (last) expect(applyEvent(applyEvent(aMovieRequest(), last).request, last).changed).toBe(false)
      }),
    )
  })

  it('lets gone win by time among several senders, and by the order in which one sender told', () => {
    const here = applyEvent(aMovieRequest(), { status: 'available', source: 'plex', at: 2e12 }).request
    expect(applyEvent(here, { status: 'gone', source: 'radarr', at: 1.9e12 }).changed).toBe(false)
    expect(applyEvent(here, { status: 'gone', source: 'radarr', at: 2.1e12 }).request.status).toBe('gone')
    const gone = applyEvent(here, { status: 'gone', source: 'plex', at: 1.9e12 }).request
    expect(gone.status).toBe('gone')
    expect(applyEvent(gone, { status: 'available', source: 'plex', at: 1.8e12 }).request.status).toBe('available')
  })

  it.each(['radarr', 'plex'] as const)(
    'counts what a clock stamped that was ahead as said just before now (%s)',
    (source) => {
      const ahead = { status: 'available' as const, source: 'radarr' as const, at: 2e12, now: 2e12 }
      const here = applyEvent(aMovieRequest(), ahead).request
      const gone = applyEvent(here, { status: 'gone', source, at: 1.9e12, now: 1.9e12 })
      expect([gone.changed, gone.request.status, gone.request.statusAt]).toEqual([true, 'gone', 1.9e12])
    },
  )

  it('lists what has arrived even when it was withdrawn, and nothing that is gone', () => {
    expect(isListed({ status: 'pending', withdrawnAt: 1 })).toBe(false)
    expect(isListed({ status: 'available', withdrawnAt: 1 })).toBe(true)
    expect(isListed({ status: 'gone' })).toBe(false)
  })

  it('returns a gone title to pending when it is asked for again', () => {
    const again = renewRequest(aMovieRequest({ status: 'gone', addedAt: 5 }), { by: 'Bob', at: 9 })
    expect(again).toMatchObject({ changed: true, request: { status: 'pending', requestedBy: 'Bob', statusAt: 9 } })
    expect(again.request.addedAt).toBeUndefined()
    expect(renewRequest(aMovieRequest(), { by: 'Bob', at: 9 }).changed).toBe(false)
  })

  it('never drops an external id', () => {
    const { request } = learnFacts(aSeriesRequest(), { at: 1, seasons: [{ seasonNumber: 3, episodeCount: 1 }] })
    expect(request).toMatchObject({ imdbId: 'tt0903747', tvdbId: 81189 })
    expect(request.seasonState.map((season) => season.seasonNumber)).toEqual([0, 1, 2, 3])
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

describe('sign-in and language', () => {
  it('knows names that mean something at home only', () => {
    for (const host of [
      'nas',
      'localhost',
      '192.168.1.5',
      '10.0.0.1',
      '127.0.0.1',
      '172.16.0.1',
      '172.31.0.1',
      '100.64.1.1',
      '100.127.255.255',
      '[::1]',
      '[fd00::1]',
      'tv.local',
      'a.home.arpa',
    ]) {
      expect(isPrivateHost(host), host).toBe(true)
    }
    for (const host of [
      'example.org',
      '8.8.8.8',
      '172.15.0.1',
      '172.32.0.1',
      '171.20.0.1',
      '192.167.0.1',
      '193.168.0.1',
      '100.63.0.1',
      '100.128.0.1',
      '101.64.0.1',
      '[2001:db8::1]',
      'local.example.com',
      '',
    ]) {
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
  expect(shrinksTooMuch(0, 9)).toBe(false)
  expect(shrinksTooMuch(1, 0)).toBe(true)
})

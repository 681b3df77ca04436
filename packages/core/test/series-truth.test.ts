import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { MediaRequest, RequestEvent } from '../src/index.ts'
import { applyEvent, mergeSeasonChoice } from '../src/rules.ts'
import { aSeriesRequest } from '../src/testing/builders.ts'

const after = (request: MediaRequest, events: readonly RequestEvent[]) =>
  events.reduce((present, event) => applyEvent(present, event).request, request)
const episode = (
  seasonNumber: number,
  episodeNumber: number,
  at: number,
  status: 'available' | 'gone' = 'available',
) => ({
  status,
  source: 'sonarr' as const,
  at,
  parts: [{ seasonNumber, episodeNumber }],
})
const counted = (at: number, ...seasons: [number, number][]) => ({
  status: 'available' as const,
  source: 'plex' as const,
  at,
  counted: seasons.map(([seasonNumber, episodes]) => ({ seasonNumber, episodes })),
})
const whole = (seasonNumber: number, episodes: number, from = 1) =>
  Array.from({ length: episodes }, (_, n) => episode(seasonNumber, n + 1, from + n))
const here = (request: MediaRequest) =>
  Object.fromEntries(request.seasonState.map((season) => [season.seasonNumber, season.here?.episodes ?? 0]))

describe('a series', () => {
  it('is here in part with its first episode, and whole with its last', () => {
    const request = aSeriesRequest({ seasons: [1] })
    const first = applyEvent(request, episode(1, 1, 5))
    expect([first.changed, first.request.status, first.request.addedAt]).toEqual([true, 'partly_available', 5])
    const last = after(request, whole(1, 7))
    expect([last.status, here(last)]).toEqual(['available', { 0: 0, 1: 7, 2: 0 }])
    expect(applyEvent(last, episode(1, 3, 99)).changed).toBe(false)
  })

  it('is available when the seasons asked for are, whatever there is besides', () => {
    expect(after(aSeriesRequest({ seasons: [1] }), [counted(5, [1, 7], [2, 1])]).status).toBe('available')
    expect(after(aSeriesRequest({ seasons: 'all' }), [counted(5, [1, 7], [2, 1])]).status).toBe('partly_available')
  })

  it('counts what came after a library was counted, and what left', () => {
    const known = after(aSeriesRequest({ seasons: [2] }), [counted(5, [2, 11])])
    expect(after(known, [episode(2, 12, 6)]).status).toBe('partly_available')
    expect(after(known, [episode(2, 12, 6), episode(2, 13, 7)]).status).toBe('available')
    const less = after(known, [episode(2, 3, 8, 'gone')])
    expect([less.status, here(less)[2]]).toEqual(['partly_available', 10])
  })

  it('is gone with its last episode, and here again when one comes', () => {
    const one = after(aSeriesRequest(), [episode(1, 1, 5)])
    const gone = applyEvent(one, episode(1, 1, 6, 'gone'))
    expect([gone.changed, gone.request.status]).toEqual([true, 'gone'])
    expect(after(gone.request, [episode(1, 2, 7)]).status).toBe('partly_available')
  })

  it('is here in part again when more of it is asked for', () => {
    const whole1 = after(aSeriesRequest({ seasons: [1] }), [counted(5, [1, 7])])
    expect(mergeSeasonChoice(whole1, { seasons: [2] }).request.status).toBe('partly_available')
    expect(mergeSeasonChoice(whole1, { seasons: [1] }, 'Bob').request.status).toBe('available')
  })

  it('ends the same whatever the order of events, and changes once for the same one', () => {
    const times = fc.integer({ min: 1, max: 40 })
    const event: fc.Arbitrary<RequestEvent> = fc.oneof(
      fc
        .tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 4 }), times, fc.boolean())
        .map(([season, number, at, comes]) => episode(season, number, at, comes ? 'available' : 'gone')),
      fc.tuple(times, fc.integer({ min: 1, max: 13 })).map(([at, episodes]) => counted(at, [1, episodes])),
    )
    const distinct = fc.uniqueArray(event, { selector: (one) => one.at, maxLength: 8 })
    fc.assert(
      fc.property(distinct, fc.infiniteStream(fc.nat()), (events, draws) => {
        const shuffled = [...events]
          .map((one) => ({ one, by: draws.next().value ?? 0 }))
          .sort((a, b) => a.by - b.by)
          .map(({ one }) => one)
        const request = aSeriesRequest()
        const [end, other] = [after(request, events), after(request, shuffled)]
        expect(other.seasonState).toEqual(end.seasonState)
        const isHere = end.seasonState.some((season) => season.here)
        // What has nothing left is gone by the event that took the last of it, and no sooner.
        if (!isHere) return
        expect(other.status).toBe(end.status)
        for (const one of events) expect(applyEvent(end, one).changed).toBe(false)
      }),
      { numRuns: 500 },
    )
  })
})

import { describe, expect, it } from 'vitest'
import type { RequestEvent } from '../src/index.ts'
import {
  applyEvent,
  isListed,
  isSeasonWanted,
  lastLost,
  learnFacts,
  markWithdrawn,
  mergeSeasonChoice,
  renewRequest,
  seasonRows,
} from '../src/rules.ts'
import { aSeriesRequest } from '../src/testing/builders.ts'
import { after, airing, asked, counted, episodes, seasonOf, stateOf, T } from './series-samples.ts'

describe('a request', () => {
  it('for specials alone is for all of them, and 1 of 4 is a part', () => {
    const specials = [{ seasonNumber: 0, episodeCount: 4, airDate: '2015-01-01' }]
    const request = learnFacts(aSeriesRequest({ seasonState: [] }), { at: T, seasons: specials }).request
    expect(request.seasonState[0]?.asked).toBe(true)
    expect(after(request, episodes(0, 1, 1, T)).status).toBe('partly_available')
    expect(after(request, episodes(0, 1, 4, T)).status).toBe('available')
  })

  it('waits while no season is listed, and is worked out once one is', () => {
    const request = after(asked({ seasonState: [] }), episodes(1, 1, 1, T))
    expect(request.status).toBe('partly_available')
    const learnt = learnFacts(request, { at: T, seasons: [seasonOf(1, 8, { airDate: '2015-01-01' })] }).request
    expect([learnt.status, stateOf(learnt, 1)]).toEqual(['partly_available', 'some'])
    expect(after(learnt, episodes(1, 2, 8, T)).status).toBe('available')
  })

  it('is never available for a season that lists no episode', () => {
    const none = [seasonOf(1, 0, { airDate: '2015-01-01' })]
    const request = after(asked({ seasonState: none }), episodes(1, 1, 1, T))
    expect([request.status, stateOf(request, 1)]).toEqual(['partly_available', 'some'])
    const one = learnFacts(request, { at: T, seasons: [seasonOf(1, 1, { airDate: '2015-01-01' })] }).request
    expect([one.status, stateOf(one, 1)]).toEqual(['available', 'complete'])
    const more = learnFacts(one, { at: T, seasons: [seasonOf(1, 8, { airDate: '2015-01-01' })] }).request
    expect([more.status, stateOf(more, 1)]).toEqual(['partly_available', 'some'])
  })

  it('for an announced season waits for it, whatever else is here or comes', () => {
    const seasons = [seasonOf(1, 10, { airDate: '2015-01-01' }), seasonOf(2, 0)]
    const request = after(asked({ seasons: [2], seasonState: seasons }), counted(T, [1, 10]))
    expect(request.status).toBe('pending')
    expect(after(request, episodes(1, 3, 3, T + 1)).status).toBe('pending')
    const begun = after(request, episodes(2, 1, 1, T + 2))
    expect(begun.status).toBe('partly_available')
    const list = [seasonOf(1, 10, { airDate: '2015-01-01' }), seasonOf(2, 8, { airDate: '2026-06-01' })]
    const known = learnFacts(begun, {
      at: T + 3,
      seasons: list,
      broadcast: { ended: false, last: airing(2, 1, '2026-06-01') },
    })
    expect([known.request.status, stateOf(known.request, 2)]).toEqual(['available', 'up_to_date'])
    expect(known.reached).toEqual([{ seasonNumber: 2, state: 'up_to_date' }])
  })

  it('waits for no season that the catalogue has taken off its list, and Sonarr’s list keeps it', () => {
    const seasons = [seasonOf(1, 7, { airDate: '2015-01-01' }), seasonOf(2, 0)]
    const whole = after(asked({ seasonState: seasons }), counted(T, [1, 7]))
    expect(whole.status).toBe('partly_available')
    const taken = learnFacts(whole, { at: T, seasons: seasons.slice(0, 1) }).request
    expect([taken.status, taken.seasonState[1]?.unlisted]).toEqual(['available', true])
    expect(seasonRows([taken]).map((row) => [row.seasonNumber, row.monitored])).toEqual([
      [0, false],
      [1, true],
      [2, true],
    ])
    const picked = after(asked({ seasons: [1, 2], seasonState: seasons }), counted(T, [1, 7]))
    expect(learnFacts(picked, { at: T, seasons: seasons.slice(0, 1) }).request.status).toBe('partly_available')
    expect(learnFacts(taken, { at: T, seasons }).request.seasonState[1]).toEqual(seasonOf(2, 0))
  })

  it('keeps the date of a season that an answer lacks', () => {
    const dated = [seasonOf(1, 7, { airDate: '2015-01-01' }), seasonOf(2, 7, { airDate: '2016-01-01' })]
    const request = asked({ seasons: [1], futureSeasons: true, seasonState: dated })
    const undated = learnFacts(request, { at: T, seasons: [seasonOf(1, 7), seasonOf(2, 7)] }).request
    expect(isSeasonWanted(undated, undated.seasonState[1] ?? seasonOf(2, 7))).toBe(false)
  })

  it('is moved by no episode that nobody asked for', () => {
    const request = after(asked({ seasons: [2] }), { status: 'downloading', source: 'sonarr', at: T })
    const stray = applyEvent(request, episodes(1, 1, 7, T + 1))
    expect([stray.changed, stray.request.status, stray.reached]).toEqual([false, 'downloading', []])
    expect(applyEvent(stray.request, episodes(0, 1, 1, T + 2)).changed).toBe(false)
  })

  it('is there in part where a source counts no seasons, and a picked season is not moved', () => {
    const uncounted: RequestEvent = { status: 'available', source: 'sync', at: T, now: T, counted: undefined }
    expect(after(asked({}), uncounted).status).toBe('partly_available')
    expect(after(asked({ seasons: [1] }), uncounted).status).toBe('pending')
    // A count that came since takes its place.
    expect(after(asked({}), uncounted, counted(T + 1, [1, 7], [2, 13])).status).toBe('available')
  })

  it('is here in part again when more of it is asked for, and in no other status than before when not', () => {
    const first = after(asked({ seasons: [1] }), counted(T, [1, 7], [2, 13]))
    expect(first.status).toBe('available')
    expect(mergeSeasonChoice(first, { seasons: [2] }).request.status).toBe('available')
    const less = after(asked({ seasons: [1] }), counted(T, [1, 7]))
    expect(mergeSeasonChoice(less, { seasons: [2] }).request.status).toBe('partly_available')
    expect(mergeSeasonChoice(less, { seasons: [1] }, 'Bob').request.status).toBe('available')
  })

  it('is looked for again when its last episode is lost, and here again when one comes', () => {
    const one = after(asked({}), { status: 'downloading', source: 'sonarr', at: T }, episodes(1, 1, 1, T))
    const lost = applyEvent(one, episodes(1, 1, 1, T + 1, true))
    expect([lost.changed, lost.request.status, lastLost(lost.request)?.at]).toEqual([true, 'picked_up', T + 1])
    const back = after(lost.request, episodes(1, 2, 2, T + 2))
    expect([back.status, back.lost]).toEqual(['partly_available', undefined])
  })

  it('knows what was lost of it, until it is back', () => {
    const whole = after(asked({ seasons: [1] }), episodes(1, 1, 7, T))
    expect(lastLost(whole)).toBeUndefined()
    const less = after(whole, episodes(1, 3, 3, T + 5, true))
    expect([less.status, lastLost(less)?.at]).toEqual(['partly_available', T + 5])
    expect(lastLost(after(less, episodes(1, 3, 3, T + 6)))?.at).toBeUndefined()
    // A count has the last word, as long as it is not less than what was here.
    const made = after(
      asked({ seasons: [2] }),
      episodes(2, 1, 12, T),
      episodes(2, 3, 3, T + 1, true),
      counted(T + 2, [2, 12]),
    )
    expect([made.status, lastLost(made)?.at]).toEqual(['partly_available', undefined])
    const fewer = after(asked({ seasons: [1] }), counted(T, [1, 7]), counted(T + 9, [1, 6]))
    expect(lastLost(fewer)?.at).toBe(T + 9)
  })

  it('does not count again an episode that was counted, when a better file of it comes', () => {
    const known = after(asked({ seasons: [2] }), episodes(2, 1, 11, T), counted(T + 1, [2, 11]))
    expect(after(known, episodes(2, 4, 4, T + 2)).seasonState[2]?.here?.episodes).toBe(11)
    expect(after(known, episodes(2, 12, 12, T + 2)).seasonState[2]?.here?.episodes).toBe(12)
    expect(after(known, episodes(2, 12, 13, T + 2)).status).toBe('available')
  })

  it('is here again when it is imported again after all of it was deleted, and those who ask again are told', () => {
    const whole = after(asked({ seasons: [1] }), episodes(1, 1, 7, T))
    const gone = after(whole, { status: 'gone', source: 'sonarr', at: T + 1, now: T + 1 })
    expect(gone.seasonState[1]).not.toHaveProperty('here')
    const again = renewRequest(gone, { by: 'Bob', at: T + 2 }).request
    const back = applyEvent(again, episodes(1, 1, 7, T + 3))
    expect([back.request.status, back.reached]).toEqual(['available', [{ seasonNumber: 1, state: 'complete' }]])
    expect(after(gone, episodes(1, 1, 7, T + 3)).status).toBe('available')
  })

  it('stays listed once it has arrived, also when it was withdrawn and falls back', () => {
    const here = after(asked({ seasons: [1] }), episodes(1, 1, 1, T), episodes(2, 1, 1, T))
    const hidden = markWithdrawn(here, T + 1).request
    const less = after(hidden, episodes(1, 1, 1, T + 2, true))
    expect([less.status, isListed(less)]).toEqual(['picked_up', true])
    const stated = aSeriesRequest({ seasons: [1], status: 'available', addedAt: 5, withdrawnAt: 6, seasonState: [] })
    expect(isListed(learnFacts(stated, { at: T }).request)).toBe(true)
  })

  it('takes the larger count of two libraries of one sender, and a whole count instead of both', () => {
    const library = (name: string, count: number, at: number): RequestEvent => ({
      ...counted(at),
      counted: [{ seasonNumber: 1, episodes: count, library: name }],
    })
    const both = after(asked({ seasons: [1] }), library('2', 7, T), library('5', 2, T + 1))
    expect([both.status, both.seasonState[1]?.here?.episodes]).toEqual(['available', 7])
    expect(after(both, library('2', 6, T + 2)).seasonState[1]?.here?.episodes).toBe(6)
    expect(after(both, counted(T + 3, [1, 2])).seasonState[1]?.here?.episodes).toBe(2)
    // Of what has left since, an older count of all says nothing any more.
    const lost = after(
      asked({ seasons: [1] }),
      counted(T, [1, 7]),
      episodes(1, 1, 5, T + 1, true),
      library('2', 3, T + 2),
    )
    expect(lost.seasonState[1]?.here?.episodes).toBe(3)
  })

  it('of an earlier version is worked out without news of what was here', () => {
    const old = aSeriesRequest({
      seasons: [1],
      status: 'available',
      seasonState: [
        seasonOf(1, 7, {
          here: { episodes: 7, source: 'plex', at: 1 },
          counted: { episodes: 7, source: 'plex', at: 1 },
        }),
      ],
    })
    expect(learnFacts(old, { at: T })).toMatchObject({ reached: [], request: { status: 'available' } })
    expect(mergeSeasonChoice(old, { seasons: [] }, 'Bob').request.status).toBe('available')
    const fresh = { ...old, status: 'partly_available' as const }
    expect(applyEvent(fresh, episodes(1, 1, 1, T)).reached).toEqual([])
    const stated = aSeriesRequest({
      status: 'available',
      seasonState: [],
      statements: [{ status: 'available', source: 'sync', at: 1 }],
    })
    expect(learnFacts(stated, { at: T }).request.status).toBe('partly_available')
  })
})

import { describe, expect, it } from 'vitest'
import type { Broadcast, MediaRequest, RequestEvent, SeasonState } from '../src/index.ts'
import {
  applyEvent,
  isListed,
  isNumberedOtherwise,
  isSeasonWanted,
  learnFacts,
  lostAt,
  markWithdrawn,
  mergeSeasonChoice,
  numberingOf,
  progressOf,
  renewRequest,
  seasonRows,
  settle,
} from '../src/rules.ts'
import { aSeriesRequest } from '../src/testing/builders.ts'

const day = (text: string) => Date.parse(text)
const airing = (seasonNumber: number, episodeNumber: number, airDate: string) => ({
  seasonNumber,
  episodeNumber,
  airDate,
})
const seasonOf = (seasonNumber: number, episodeCount: number, more: Partial<SeasonState> = {}): SeasonState => ({
  seasonNumber,
  episodeCount,
  ...more,
})
/** A request whose seasons have been worked out. */
const asked = (given: Partial<MediaRequest>, now = day('2026-06-01')) => settle(aSeriesRequest(given), now).request
const episodes = (seasonNumber: number, from: number, to: number, at: number, gone = false): RequestEvent => ({
  status: gone ? 'gone' : 'available',
  source: 'sonarr',
  at,
  now: at,
  parts: Array.from({ length: to - from + 1 }, (_, n) => ({ seasonNumber, episodeNumber: from + n })),
})
const counted = (at: number, ...seasons: [number, number][]): RequestEvent => ({
  status: 'available',
  source: 'plex',
  at,
  now: at,
  counted: seasons.map(([seasonNumber, count]) => ({ seasonNumber, episodes: count })),
})
const after = (request: MediaRequest, ...events: RequestEvent[]) =>
  events.reduce((present, event) => applyEvent(present, event).request, request)
const T = day('2026-06-02')
const parts = (seasonNumber: number, count: number) =>
  Array.from({ length: count }, (_, n) => ({ seasonNumber, episodeNumber: n + 1 }))
const stateOf = (request: MediaRequest, number: number) =>
  request.seasonState.find((season) => season.seasonNumber === number)?.state

describe('how many episodes have aired', () => {
  const list = [seasonOf(0, 3), seasonOf(1, 10), seasonOf(2, 10), seasonOf(3, 8)]
  const aired = (seasons: SeasonState[], broadcast: Broadcast | undefined, now = '2026-06-01') =>
    asked({ seasonState: seasons, ...(broadcast && { broadcast }) }, day(now)).seasonState.map(
      (season) => season.aired ?? 0,
    )
  const last = airing(2, 4, '2026-05-25')

  it.each<[string, SeasonState[], Broadcast | undefined, number[]]>([
    ['up to the last one', list, { ended: false, last }, [0, 10, 4, 0]],
    [
      'and the next one, once its day has come',
      list,
      { ended: false, last, next: airing(2, 5, '2026-06-01') },
      [0, 10, 5, 0],
    ],
    ['not the next one before', list, { ended: false, last, next: airing(2, 5, '2026-06-02') }, [0, 10, 4, 0]],
    [
      'a new season with its first',
      list,
      { ended: false, last: airing(2, 10, '2026-01-01'), next: airing(3, 1, '2026-05-31') },
      [0, 10, 10, 1],
    ],
    ['all of an ended series without dates', list, { ended: true }, [3, 10, 10, 8]],
    ['none without dates of one that runs', list, { ended: false }, [0, 0, 0, 0]],
    ['undated ones below a dated one', [seasonOf(1, 5), seasonOf(2, 6, { airDate: '2027-01-01' })], undefined, [5, 0]],
    [
      'whole seasons whose day has passed',
      [seasonOf(1, 5, { airDate: '2026-06-01' }), seasonOf(2, 6, { airDate: '2026-06-02' })],
      undefined,
      [5, 0],
    ],
    [
      'specials by their own date',
      [seasonOf(0, 3, { airDate: '2026-01-01' }), seasonOf(1, 9)],
      { ended: false, last: airing(1, 2, '2026-05-01') },
      [3, 2],
    ],
    [
      'no more than are listed, where numbers go on',
      [seasonOf(1, 12), seasonOf(2, 12)],
      { ended: false, last: airing(2, 20, '2026-05-01') },
      [12, 12],
    ],
    [
      'a special as the last one says nothing of the seasons',
      [seasonOf(0, 4), seasonOf(1, 8, { airDate: '2026-01-01' })],
      { ended: false, last: airing(0, 4, '2026-05-01') },
      [4, 8],
    ],
  ])('%s', (_, seasons, broadcast, expected) => {
    expect(aired(seasons, broadcast)).toEqual(expected)
  })
})

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

  it('is gone with its last episode, and here again when one comes', () => {
    const one = after(asked({}), episodes(1, 1, 1, T))
    const gone = applyEvent(one, episodes(1, 1, 1, T + 1, true))
    expect([gone.changed, gone.request.status]).toEqual([true, 'gone'])
    expect(after(gone.request, episodes(1, 2, 2, T + 2)).status).toBe('partly_available')
  })

  it('knows what was lost of it, until it is back', () => {
    const whole = after(asked({ seasons: [1] }), episodes(1, 1, 7, T))
    expect(lostAt(whole)).toBeUndefined()
    const less = after(whole, episodes(1, 3, 3, T + 5, true))
    expect([less.status, lostAt(less)]).toEqual(['partly_available', T + 5])
    expect(lostAt(after(less, episodes(1, 3, 3, T + 6)))).toBeUndefined()
    // A count has the last word, as long as it is not less than what was here.
    const made = after(
      asked({ seasons: [2] }),
      episodes(2, 1, 12, T),
      episodes(2, 3, 3, T + 1, true),
      counted(T + 2, [2, 12]),
    )
    expect([made.status, lostAt(made)]).toEqual(['partly_available', undefined])
    const fewer = after(asked({ seasons: [1] }), counted(T, [1, 7]), counted(T + 9, [1, 6]))
    expect(lostAt(fewer)).toBe(T + 9)
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
    expect([less.status, isListed(less)]).toEqual(['pending', true])
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

describe('a season on the air', () => {
  const seasons = [seasonOf(1, 10, { airDate: '2026-05-01' })]
  const aired = (count: number, airDate: string): Broadcast => ({ ended: false, last: airing(1, count, airDate) })
  const base = asked({ seasons: [1], seasonState: seasons, broadcast: aired(5, '2026-05-29') })
  const whole = after(base, episodes(1, 1, 5, day('2026-05-30')))
  const onDay = (request: MediaRequest, date: string, broadcast?: Broadcast) =>
    learnFacts(request, { at: day(date), ...(broadcast && { seasons, broadcast }) }).request

  it('stays up to date for a week after an episode aired, and no longer', () => {
    expect([whole.status, stateOf(whole, 1)]).toEqual(['available', 'up_to_date'])
    const sixth = onDay(whole, '2026-06-06', aired(6, '2026-06-05'))
    expect([sixth.status, stateOf(sixth, 1), sixth.seasonState[0]?.aired]).toEqual(['available', 'up_to_date', 6])
    expect(onDay(sixth, '2026-06-11').status).toBe('available')
    const late = onDay(sixth, '2026-06-12')
    expect([late.status, stateOf(late, 1)]).toEqual(['partly_available', 'some'])
    const back = applyEvent(late, episodes(1, 6, 6, day('2026-06-13')))
    expect([back.request.status, back.reached]).toEqual(['available', []])
  })

  it('counts a week from the first episode that is missing', () => {
    const sixth = onDay(whole, '2026-06-06', aired(6, '2026-06-05'))
    expect(onDay(sixth, '2026-06-12', aired(7, '2026-06-12')).status).toBe('partly_available')
  })

  it('falls back at once when something is lost', () => {
    const sixth = onDay(whole, '2026-06-06', aired(6, '2026-06-05'))
    expect(after(sixth, episodes(1, 2, 2, day('2026-06-07'), true)).status).toBe('partly_available')
    expect(after(whole, episodes(1, 2, 2, day('2026-05-31'), true)).status).toBe('partly_available')
  })

  it('is not up to date for having as many as have aired, but others', () => {
    expect(after(base, episodes(1, 1, 4, T), episodes(1, 6, 6, T)).status).toBe('partly_available')
  })

  it('is complete with all that are listed, and not while another is announced', () => {
    expect(stateOf(after(base, episodes(1, 1, 10, T)), 1)).toBe('complete')
    const five = [seasonOf(1, 5, { airDate: '2026-05-01' })]
    const next = { ...aired(5, '2026-05-29'), next: airing(1, 6, '2026-06-05') }
    // The last one that is listed may have come before the catalogue was asked what follows it.
    const four = [seasonOf(1, 4, { airDate: '2026-05-01' })]
    const last = { ended: false, last: airing(1, 3, '2026-05-26'), next: airing(1, 4, '2026-06-02') }
    expect(stateOf(after(asked({ seasons: [1], seasonState: four, broadcast: last }), episodes(1, 1, 4, T)), 1)).toBe(
      'up_to_date',
    )
    expect(stateOf(after(asked({ seasons: [1], seasonState: five, broadcast: next }), episodes(1, 1, 5, T)), 1)).toBe(
      'up_to_date',
    )
  })

  it('tells its progress', () => {
    const next = { ...aired(5, '2026-05-29'), next: airing(1, 6, '2026-06-05') }
    expect(progressOf(onDay(whole, '2026-06-01', next))).toEqual({
      here: 5,
      aired: 5,
      total: 10,
      nextAirDate: '2026-06-05',
    })
    expect(progressOf(onDay(whole, '2026-06-05', next))).toEqual({ here: 5, aired: 6, total: 10 })
  })

  it('starts no days of retention until the series has ended and is complete', () => {
    const all = after(base, episodes(1, 1, 10, T))
    expect(all.completeAt).toBeUndefined()
    const ended = onDay(all, '2026-09-01', { ended: true, last: airing(1, 10, '2026-07-03') })
    expect(ended.completeAt).toBe(day('2026-09-01'))
    expect(onDay(ended, '2026-09-05').completeAt).toBe(day('2026-09-01'))
    expect(after(ended, episodes(1, 2, 2, day('2026-09-06'), true)).completeAt).toBeUndefined()
  })
})

describe('a series that is numbered otherwise', () => {
  const one = [seasonOf(1, 25, { airDate: '2015-01-01' })]
  const split = (seasons: MediaRequest['seasons'] = 'all') => asked({ ...(seasons && { seasons }), seasonState: one })

  it('is judged whole by the number of its episodes', () => {
    const half = after(split(), episodes(1, 1, 12, T), episodes(2, 1, 1, T))
    expect([numberingOf(half), half.status]).toEqual(['differs', 'partly_available'])
    const whole = applyEvent(half, episodes(2, 2, 13, T + 1))
    expect([whole.request.status, whole.reached]).toEqual(['available', [{ state: 'complete' }]])
    expect(progressOf(whole.request)).toEqual({ here: 25, aired: 25, total: 25 })
    const years = [seasonOf(0, 3), seasonOf(1, 2, { airDate: '2015-01-01' }), seasonOf(2, 2, { airDate: '2016-01-01' })]
    expect(after(asked({ seasonState: years }), episodes(2003, 1, 2, T), episodes(2004, 1, 2, T)).status).toBe(
      'available',
    )
  })

  it('is never claimed to be complete where seasons were picked', () => {
    const nine = after(split([1]), episodes(1, 1, 5, T), episodes(2, 1, 4, T))
    expect([nine.status, progressOf(nine)]).toEqual(['partly_available', { here: 9, aired: 25, total: 25 }])
    const all = applyEvent(nine, { ...counted(T + 1, [1, 25], [2, 13]) })
    expect([all.request.status, all.reached]).toEqual(['partly_available', []])
  })

  it('is so as well where a season has more episodes than the list', () => {
    const two = [seasonOf(1, 12, { airDate: '2015-01-01' }), seasonOf(2, 13, { airDate: '2016-01-01' })]
    const request = after(asked({ seasonState: two }), episodes(1, 1, 25, T))
    expect([isNumberedOtherwise(request), request.status]).toEqual([true, 'available'])
    // A list that is an episode behind is no other numbering.
    const running = asked({ seasonState: two, broadcast: { ended: false, last: airing(2, 13, '2026-05-31') } })
    expect(isNumberedOtherwise(after(running, episodes(2, 1, 14, T)))).toBe(false)
    expect(isNumberedOtherwise(after(running, episodes(2, 1, 16, T)))).toBe(true)
  })

  it('is so where a season has higher numbers than all that is listed up to it', () => {
    const two = [seasonOf(1, 12, { airDate: '2015-01-01' }), seasonOf(2, 12, { airDate: '2016-01-01' })]
    const joined = after(asked({ seasons: [1], seasonState: two }), episodes(1, 13, 24, T))
    expect([numberingOf(joined), joined.status, joined.seasonState[0]?.told]).toEqual([
      'differs',
      'partly_available',
      undefined,
    ])
    // Numbers that go on from season to season are TMDB's own.
    const goesOn = after(asked({ seasons: [2], seasonState: two }), episodes(2, 13, 24, T))
    expect([numberingOf(goesOn), goesOn.status]).toEqual(['tmdb', 'available'])
  })

  it('tells nothing again that was told before it was known', () => {
    const running: Broadcast = { ended: false, last: airing(1, 3, '2026-05-31'), next: airing(1, 4, '2026-06-02') }
    const request = asked({ seasonState: [seasonOf(1, 20, { airDate: '2026-05-01' })], broadcast: running })
    const three = applyEvent(request, episodes(1, 1, 3, day('2026-06-01')))
    expect(three.reached).toEqual([{ seasonNumber: 1, state: 'up_to_date' }])
    const fourth = applyEvent(three.request, episodes(2, 1, 1, T))
    expect([numberingOf(fourth.request), fourth.request.status, fourth.reached]).toEqual(['differs', 'available', []])
    // Nor when the list is put right.
    const whole = applyEvent(split(), { ...episodes(1, 1, 12, T), parts: [...parts(1, 12), ...parts(2, 13)] })
    expect(whole.reached).toEqual([{ state: 'complete' }])
    const list = [seasonOf(1, 12, { airDate: '2015-01-01' }), seasonOf(2, 13, { airDate: '2015-07-01' })]
    const right = learnFacts(whole.request, { at: T + 1, seasons: list })
    expect([right.request.status, right.reached]).toEqual(['available', []])
  })

  it('is not so for an episode of a season that has just begun', () => {
    const list = [seasonOf(1, 10, { airDate: '2015-01-01' }), seasonOf(2, 15, { airDate: '2016-01-01' })]
    const broadcast = { ended: false, last: airing(2, 15, '2026-05-31') }
    for (const seasons of [[2], 'all' as const]) {
      const whole = after(
        asked({ seasons, seasonState: list, broadcast }),
        episodes(1, 1, 10, T),
        episodes(2, 1, 15, T),
      )
      const begun = after(whole, episodes(3, 1, 1, T + 1))
      expect([whole.status, begun.status, numberingOf(begun)]).toEqual(['available', 'available', 'tmdb'])
    }
  })

  it('waits for specials that were asked for beside all', () => {
    const list = [seasonOf(0, 5, { airDate: '2015-01-01' }), ...one]
    const request = mergeSeasonChoice(asked({ seasonState: list }), { seasons: [0] }).request
    const all = after(request, episodes(1, 1, 12, T), episodes(2, 1, 13, T))
    expect([all.status, all.completeAt]).toEqual(['partly_available', undefined])
    expect(after(all, episodes(0, 1, 5, T + 1)).status).toBe('available')
  })

  it('believes no more than one source alone tells, since two may number one file differently', () => {
    const sonarr = after(split(), episodes(1, 1, 12, T), episodes(2, 1, 1, T))
    const both = after(sonarr, counted(T + 1, [1, 13]))
    expect(progressOf(both)?.here).toBe(13)
    // Where each tells of all that came, either may be the one.
    const plex = { ...episodes(2, 2, 13, T + 2), source: 'plex' as const }
    expect(after(both, episodes(2, 2, 13, T + 1), plex).status).toBe('available')
  })

  it('is not so with TVDB’s list, nor before any season is listed', () => {
    expect(isNumberedOtherwise(after({ ...split(), numbering: 'tvdb' }, episodes(2, 1, 1, T)))).toBe(false)
    expect(isNumberedOtherwise(after(asked({ seasonState: [] }), episodes(2, 1, 1, T)))).toBe(false)
    expect(isNumberedOtherwise(after(asked({ seasonState: [seasonOf(1, 0)] }), episodes(1, 1, 2, T)))).toBe(false)
  })

  it('takes over TVDB’s list, and what hangs on other numbers stays', () => {
    const request = after(split(), episodes(2, 1, 13, T))
    const tvdb = [seasonOf(1, 12, { airDate: '2015-01-01' }), seasonOf(2, 13, { airDate: '2015-07-01' })]
    const learnt = learnFacts(request, { at: T + 1, seasons: tvdb, numbering: 'tvdb' }).request
    expect([numberingOf(learnt), stateOf(learnt, 2), learnt.altogether]).toEqual(['tvdb', 'complete', undefined])
    expect(learnt.seasonState.map(({ seasonNumber, later, unlisted }) => [seasonNumber, later, unlisted])).toEqual([
      [1, undefined, undefined],
      [2, undefined, undefined],
    ])
    const missed = learnFacts(learnt, {
      at: T + 2,
      seasons: one,
      tvdbMissed: true,
      broadcast: { ended: false },
    }).request
    expect([numberingOf(missed), missed.seasonState.length, missed.broadcast]).toEqual(['tvdb', 2, undefined])
    const back = learnFacts(learnt, { at: T + 3, seasons: one }).request
    expect([numberingOf(back), back.status]).toEqual(['differs', 'partly_available'])
    const strange = learnFacts(split([1]), { at: T, seasons: [seasonOf(2015, 25)], numbering: 'tvdb' }).request
    expect(strange.seasonState.map((season) => [season.seasonNumber, season.unlisted ?? false])).toEqual([
      [1, true],
      [2015, false],
    ])
  })
})

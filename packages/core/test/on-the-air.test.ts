import { describe, expect, it } from 'vitest'
import type { Broadcast, MediaRequest, SeasonState } from '../src/index.ts'
import { applyEvent, learnFacts, progressOf } from '../src/rules.ts'
import { after, airing, asked, day, episodes, seasonOf, stateOf, T } from './series-samples.ts'

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

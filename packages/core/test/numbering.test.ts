import { describe, expect, it } from 'vitest'
import type { Broadcast, MediaRequest } from '../src/index.ts'
import {
  applyEvent,
  isNumberedOtherwise,
  learnFacts,
  mergeSeasonChoice,
  numberingOf,
  progressOf,
} from '../src/rules.ts'
import { after, airing, asked, counted, day, episodes, parts, seasonOf, stateOf, T } from './series-samples.ts'

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

import { describe, expect, it } from 'vitest'
import type { MediaRequest } from '../src/index.ts'
import { alsoSeasons, isSeasonWanted, learnFacts, mergeSeasonChoice, seasonRows } from '../src/rules.ts'
import { aSeriesRequest } from '../src/testing/builders.ts'

const listed = (...numbers: number[]) => numbers.map((seasonNumber) => ({ seasonNumber, episodeCount: 7 }))
const monitored = (request: MediaRequest) =>
  seasonRows([request]).flatMap((season) => (season.monitored ? [season.seasonNumber] : []))

describe('merging seasons', () => {
  it('never shrinks', () => {
    const request = aSeriesRequest({ seasons: [2] })
    expect(mergeSeasonChoice(request, { seasons: [1, 2] }).request.seasons).toEqual([1, 2])
    expect(mergeSeasonChoice(request, { seasons: [2] }, 'Ann').changed).toBe(false)
    expect(mergeSeasonChoice(request, { seasons: 'all' }).request.seasons).toBe('all')
  })

  it.each([
    ['specials, then all', [0] as number[], 'all' as const],
    ['all, then specials', 'all' as const, [0] as number[]],
  ])('keeps %s', (_, first, second) => {
    const { request, changed } = mergeSeasonChoice(aSeriesRequest({ seasons: first }), { seasons: second })
    expect([changed, request.seasons, alsoSeasons(request)]).toEqual([true, 'all', [0]])
    expect(monitored(request)).toEqual([0, 1, 2])
    expect(mergeSeasonChoice(request, { seasons: second }).changed).toBe(false)
  })

  it('takes in what was announced meanwhile when all is asked for again, or the season by its number', () => {
    const grown = learnFacts(aSeriesRequest(), { at: 1, seasons: listed(0, 1, 2, 3, 4) }).request
    expect(monitored(grown)).toEqual([1, 2])
    expect(monitored(mergeSeasonChoice(grown, { seasons: [4] }).request)).toEqual([1, 2, 4])
    expect(monitored(mergeSeasonChoice(grown, { seasons: 'all' }).request)).toEqual([1, 2, 3, 4])
    expect(mergeSeasonChoice(grown, { seasons: [1] }).changed).toBe(false)
    const named = mergeSeasonChoice(grown, { seasons: [4] }).request
    expect(mergeSeasonChoice(named, { seasons: [4] }).changed).toBe(false)
  })

  it('keeps specials that were asked for before any list of seasons was known', () => {
    const unknown = aSeriesRequest({ seasonState: [] })
    const asked = mergeSeasonChoice(unknown, { seasons: [0] }).request
    const learnt = learnFacts(asked, { at: 1, seasons: listed(0, 1, 2) }).request
    expect(monitored(learnt)).toEqual([0, 1, 2])
    expect(monitored(learnFacts(learnt, { at: 1, seasons: listed(3) }).request)).toEqual([0, 1, 2])
  })
})

describe('a wanted season', () => {
  it('is no special unless it is named', () => {
    expect(isSeasonWanted(aSeriesRequest(), { seasonNumber: 0 })).toBe(false)
    expect(isSeasonWanted(aSeriesRequest({ seasons: [0] }), { seasonNumber: 0 })).toBe(true)
    expect(isSeasonWanted({ ...aSeriesRequest(), alsoSeasons: [0] }, { seasonNumber: 0 })).toBe(true)
  })

  it.each([
    ['all', true, [1, 2, 3]],
    ['all', false, [1, 2]],
    [[2], true, [2, 3]],
    [[2], false, [2]],
  ] as const)('of %j, those to come %s, after a third was announced: %j', (seasons, futureSeasons, wanted) => {
    const choice = seasons === 'all' ? seasons : [...seasons]
    const request = aSeriesRequest({ seasons: choice, futureSeasons })
    const grown = learnFacts(request, {
      at: 1,
      seasons: [{ seasonNumber: 3, episodeCount: 0, airDate: '2040-01-01' }],
    })
    expect(monitored(grown.request)).toEqual(wanted)
    // Once it is on the air it is still one that was announced later.
    const aired = learnFacts(grown.request, {
      at: 2,
      seasons: [{ seasonNumber: 3, episodeCount: 8, airDate: '2020-01-01' }],
    })
    expect(monitored(aired.request)).toEqual(wanted)
  })
})

describe('the seasons of a program list', () => {
  it('are all there are, specials among them, and those that were named', () => {
    expect(seasonRows([aSeriesRequest({ seasons: [2, 9], seasonState: listed(1, 2) })])).toEqual([
      { seasonNumber: 0, monitored: false },
      { seasonNumber: 1, monitored: false },
      { seasonNumber: 2, monitored: true },
      { seasonNumber: 9, monitored: true },
    ])
  })
})

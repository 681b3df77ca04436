import { describe, expect, it } from 'vitest'
import { explainError, mayPass } from '../src/logic/explain-error.ts'
import { hueOf, posterSources } from '../src/logic/poster.ts'
import { seasonName } from '../src/logic/season-name.ts'
import { seasonsWith, titleStep } from '../src/logic/title-step.ts'
import { aRow, aSeason, refusal, say } from './rows.ts'

const ann = { name: 'Ann', role: 'household' }
const bob = { name: 'Bob', role: 'household' }
const admin = { name: 'Op', role: 'admin' }
const movie = (in_library = false) => ({ media_type: 'movie' as const, in_library, in_catalog: true })
const series = (in_library = false) => ({ media_type: 'tv' as const, in_library, in_catalog: true })
const [asked, here] = [{ requested: true }, { state: 'complete' } as const]
const wanted = aRow(1, { media_type: 'tv' })

describe('a title’s one button', () => {
  it.each([
    ['a new movie', movie(), undefined, [], 'request'],
    ['a movie that is here', movie(true), undefined, [], undefined],
    ['one’s own request', movie(), aRow(1), [], 'withdraw'],
    ['one’s own request that has arrived', movie(true), aRow(1, { status: 'available' }), [], undefined],
    ['a movie that is gone', movie(), aRow(1, { status: 'gone' }), [], 'again'],
    ['a new series', series(), undefined, [aSeason(1)], 'seasons'],
    ['a series without a list of seasons', series(), undefined, [], 'seasons'],
    ['a series that is all here', series(true), undefined, [aSeason(0), aSeason(1, here)], undefined],
    ['a series that is up to date', series(true), undefined, [aSeason(1, { state: 'up_to_date' })], undefined],
    ['a series of which some is here', series(true), undefined, [aSeason(1, here), aSeason(2)], 'seasons'],
    ['a season of which some is here', series(true), undefined, [aSeason(1, { state: 'some' })], 'seasons'],
    ['a series of specials alone', series(true), undefined, [aSeason(0)], 'seasons'],
    ['specials alone that are requested', series(), wanted, [aSeason(0, asked)], 'withdraw'],
    ['a series with open seasons', series(), wanted, [aSeason(1, asked), aSeason(2)], 'more_seasons'],
    ['a series that is asked for whole', series(), wanted, [aSeason(0), aSeason(1, asked)], 'withdraw'],
    ['what is missing of a series', series(true), wanted, [aSeason(1, here), aSeason(2, asked)], 'withdraw'],
    ['a series that has come', series(true), { ...wanted, status: 'partly_available' }, [aSeason(1, asked)], undefined],
  ] as const)('for %s', (_what, title, row, seasons, step) => {
    expect(titleStep(title, row, seasons, ann)).toBe(step)
  })

  it('takes back one’s own only, unless one is the admin', () => {
    expect(titleStep(movie(), aRow(1), [], bob)).toBeUndefined()
    expect(titleStep(movie(), aRow(1), [], admin)).toBe('withdraw')
    expect(titleStep(movie(), aRow(1), [], undefined)).toBeUndefined()
  })

  it('only takes back what the catalog has no longer', () => {
    const dropped = { ...series(), in_catalog: false }
    expect(titleStep(dropped, wanted, [aSeason(1, asked), aSeason(2)], ann)).toBe('withdraw')
    expect(titleStep(dropped, { ...wanted, status: 'gone' }, [], ann)).toBe('withdraw')
    expect(titleStep(dropped, wanted, [], bob)).toBeUndefined()
    expect(titleStep(dropped, undefined, [], admin)).toBeUndefined()
  })
})

describe('the seasons of a title', () => {
  const numbers = (...given: Parameters<typeof seasonsWith>) =>
    seasonsWith(...given).flatMap((one) => (one.requested ? one.season_number : []))
  const seasons = [aSeason(0), aSeason(1, here), aSeason(2, asked), aSeason(3)]

  it('follow the present request, and what is here stays', () => {
    expect(numbers(undefined, seasons)).toEqual([])
    expect(numbers(aRow(1, { seasons: [3] }), seasons)).toEqual([3])
    expect(numbers(aRow(1, { seasons: 'all', future_seasons: true }), seasons)).toEqual([1, 2, 3])
    expect(numbers(aRow(1, { seasons: 'all', status: 'gone' }), seasons)).toEqual([])
    expect(seasonsWith(undefined, seasons).map((one) => one.state)).toEqual(['none', 'complete', 'none', 'none'])
  })

  it('count those named beside all, and not those that came later unless one wanted them', () => {
    const later = [aSeason(0), aSeason(1), aSeason(2, { announced_later: true })]
    const all = { media_type: 'tv', seasons: 'all', future_seasons: false } as const
    expect(numbers(aRow(1, all), later)).toEqual([1])
    expect(numbers(aRow(1, { ...all, also_seasons: [0, 2] }), later)).toEqual([0, 1, 2])
    expect(numbers(aRow(1, { ...all, future_seasons: true }), later)).toEqual([1, 2])
  })

  it('that have no date are still to come, unless they are over', () => {
    const undated = [aSeason(1), aSeason(2, { air_date: null }), aSeason(3, { air_date: null, past: true })]
    expect(numbers(aRow(1, { seasons: [1], future_seasons: true }), undated)).toEqual([1, 2])
  })

  it('are its specials where there is nothing else', () => {
    expect(numbers(aRow(1, { seasons: 'all' }), [aSeason(0)])).toEqual([0])
    expect(numbers(aRow(1, { seasons: 'all' }), [aSeason(0), aSeason(1)])).toEqual([1])
  })

  it('have names in the person’s language where the catalogue gives none', () => {
    expect(seasonName(aSeason(2), say)).toBe('sheet.season 2')
    expect(seasonName(aSeason(0), say)).toBe('sheet.specials')
    expect(seasonName({ season_number: 2, name: 'Book Two' }, say)).toBe('Book Two')
  })
})

describe('a failure', () => {
  it('has words for its code, and general ones for the rest', () => {
    expect(explainError(refusal(409, 'last_row'), say)).toBe('error.last_row')
    expect(explainError(refusal(500, 'internal'), say)).toBe('error.other')
    expect(explainError(new Error('no'), say)).toBe('error.other')
  })

  it('may pass when the server or the line was at fault', () => {
    expect([refusal(0, 'offline'), refusal(503, 'x'), refusal(429, 'x'), new Error('x')].map(mayPass)).toEqual([
      true,
      true,
      true,
      true,
    ])
    expect([refusal(404, 'x'), refusal(409, 'x')].map(mayPass)).toEqual([false, false])
  })
})

describe('a poster', () => {
  it('comes from TMDB in three widths, or from us as it is', () => {
    expect(posterSources('/posters/movie-1.svg')).toEqual({ src: '/posters/movie-1.svg' })
    expect(posterSources('/a.jpg')).toEqual({
      src: 'https://image.tmdb.org/t/p/w342/a.jpg',
      srcset: [185, 342, 500].map((width) => `https://image.tmdb.org/t/p/w${width}/a.jpg ${width}w`).join(', '),
    })
  })

  it('has the same hue for the same title', () => {
    expect(hueOf('Dune')).toBe(hueOf('Dune'))
    expect(hueOf('名探偵')).toBeLessThan(360)
  })
})

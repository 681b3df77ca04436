import { describe, expect, it } from 'vitest'
import { explainError, mayPass } from '../src/logic/explain-error.ts'
import { hueOf, posterSources } from '../src/logic/poster.ts'
import { seasonName } from '../src/logic/season-name.ts'
import { type Season, seasonsWith, titleStep } from '../src/logic/title-step.ts'
import { aRow, refusal, say } from './rows.ts'

const season = (season_number: number, state: Season['state'] = 'not_requested'): Season => ({
  season_number,
  name: '',
  episode_count: 10,
  air_date: '2001-01-01',
  announced_later: false,
  state,
})
const ann = { name: 'Ann', role: 'household' }
const bob = { name: 'Bob', role: 'household' }
const admin = { name: 'Op', role: 'admin' }
const movie = (in_library = false) => ({ media_type: 'movie' as const, in_library })
const series = (in_library = false) => ({ media_type: 'tv' as const, in_library })

describe('a title’s one button', () => {
  it.each([
    ['a new movie', movie(), undefined, [], 'request'],
    ['a movie that is here', movie(true), undefined, [], undefined],
    ['one’s own request', movie(), aRow(1), [], 'withdraw'],
    ['one’s own request that has arrived', movie(true), aRow(1, { status: 'available' }), [], undefined],
    ['a movie that is gone', movie(), aRow(1, { status: 'gone' }), [], 'again'],
    ['a new series', series(), undefined, [season(1)], 'seasons'],
    ['a series without a list of seasons', series(), undefined, [], 'seasons'],
    ['a series that is all here', series(true), undefined, [season(0), season(1, 'available')], undefined],
    ['a series of which some is here', series(true), undefined, [season(1, 'available'), season(2)], 'seasons'],
    ['a series with open seasons', series(), aRow(1), [season(1, 'requested'), season(2)], 'more_seasons'],
    ['a series that is asked for whole', series(), aRow(1), [season(0), season(1, 'requested')], 'withdraw'],
  ] as const)('for %s', (_what, title, row, seasons, step) => {
    expect(titleStep(title, row, seasons, ann)).toBe(step)
  })

  it('takes back one’s own only, unless one is the admin', () => {
    expect(titleStep(movie(), aRow(1), [], bob)).toBeUndefined()
    expect(titleStep(movie(), aRow(1), [], admin)).toBe('withdraw')
    expect(titleStep(movie(), aRow(1), [], undefined)).toBeUndefined()
  })
})

describe('the seasons of a title', () => {
  const states = (...given: Parameters<typeof seasonsWith>) => seasonsWith(...given).map((one) => one.state)
  const seasons = [season(0), season(1, 'available'), season(2, 'requested'), season(3)]

  it('follow the present request, and what is here stays', () => {
    expect(states(undefined, seasons)).toEqual(['not_requested', 'available', 'not_requested', 'not_requested'])
    expect(states(aRow(1, { seasons: [3] }), seasons)).toEqual([
      'not_requested',
      'available',
      'not_requested',
      'requested',
    ])
    expect(states(aRow(1, { seasons: 'all', future_seasons: true }), seasons)).toEqual([
      'not_requested',
      'available',
      'requested',
      'requested',
    ])
    expect(states(aRow(1, { seasons: 'all', status: 'gone' }), seasons)[3]).toBe('not_requested')
  })

  it('count those named beside all, and not those that came later unless one wanted them', () => {
    const later = [season(0), season(1), { ...season(2), announced_later: true }]
    const all = { media_type: 'tv', seasons: 'all', future_seasons: false } as const
    expect(states(aRow(1, all), later)).toEqual(['not_requested', 'requested', 'not_requested'])
    expect(states(aRow(1, { ...all, also_seasons: [0, 2] }), later)).toEqual(['requested', 'requested', 'requested'])
    expect(states(aRow(1, { ...all, future_seasons: true }), later)[2]).toBe('requested')
  })

  it('have names in the person’s language where the catalogue gives none', () => {
    expect(seasonName(season(2), say)).toBe('sheet.season 2')
    expect(seasonName(season(0), say)).toBe('sheet.specials')
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

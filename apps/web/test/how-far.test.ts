import type { TitleAnswer } from '@stellarr/http/wire'
import { describe, expect, it } from 'vitest'
import { dayOf, nextDay } from '../src/logic/air-date.ts'
import { howFar, howFarWords, isUpToDate, type Series, seasonLook, seasonWords } from '../src/logic/how-far.ts'
import { aSeason, counts, say } from './rows.ts'

const now = Date.parse('2025-12-01T12:00:00Z')
const speaker = { t: say, locale: 'en', now }

describe('a day', () => {
  it.each([
    ['en', 'Fri, Dec 5'],
    ['de', 'Fr., 5. Dez.'],
    ['es', 'vie, 5 dic'],
    ['fr', 'ven. 5 déc.'],
  ])('of the next episode is short in %s: %s', (locale, words) => {
    expect(nextDay('2025-12-05', locale, now)).toBe(words)
  })

  it('of the next episode is none when it is unknown or over', () => {
    expect(nextDay(null, 'en', now)).toBeUndefined()
    expect(nextDay('2025-11-30', 'en', now)).toBeUndefined()
    expect(nextDay('2025-12-01', 'en', now)).toBe('Mon, Dec 1')
  })

  it('in a sentence has its year when that is another', () => {
    expect(dayOf('2025-12-01T23:30:00Z', 'en', now)).toBe('December 1')
    expect(dayOf('2024-12-01T23:30:00Z', 'de', now)).toBe('1. Dezember 2024')
  })
})

describe('the chip of a season', () => {
  const chip = (season: Parameters<typeof aSeason>[1], numbering: TitleAnswer['numbering'] = 'tmdb') => {
    const one = aSeason(1, season)
    const look = seasonLook(one, numbering)
    return look && seasonWords(one, look, speaker)
  }

  it.each([
    [{}, 'season.none'],
    [{ requested: true }, 'season.requested'],
    [{ state: 'some', progress: counts(3, 10, 10) }, 'season.some 3 10'],
    [
      { state: 'some', requested: true, progress: counts(5, 6, 10, '2025-12-05') },
      'season.next season.some 5 10 Fri, Dec 5',
    ],
    [{ state: 'some', progress: counts(5, 6, 10, '2025-11-28') }, 'season.some 5 10'],
    [{ state: 'some', progress: counts(3, 0, 0) }, 'sheet.episodes 3'],
    [{ state: 'up_to_date', progress: counts(6, 6, 10) }, 'season.up_to_date'],
    [{ state: 'up_to_date', progress: counts(6, 6, 10, '2025-12-05') }, 'season.next season.up_to_date Fri, Dec 5'],
    [{ state: 'complete', progress: counts(10, 10, 10) }, 'season.complete'],
  ] as const)('of %j says %s', (season, words) => {
    expect(chip(season)).toBe(words)
  })

  it('says nothing of what is here where that is numbered otherwise', () => {
    expect(chip({ state: 'some', progress: counts(12, 25, 25) }, 'differs')).toBeUndefined()
    expect(chip({ state: 'some', requested: true }, 'differs')).toBe('season.requested')
    expect(chip({ state: 'complete' }, 'tvdb')).toBe('season.complete')
  })
})

describe('how far a series is here', () => {
  const says = (series: Partial<Series>, short = false) => {
    const whole: Series = { progress: null, numbering: 'tmdb', ...series }
    const far = howFar(whole)
    return far && howFarWords(whole, far, speaker, short)
  }
  const next = '2025-12-05'

  it.each<[Partial<Series>, string | undefined]>([
    [{}, undefined],
    [{ status: 'pending', progress: counts(0, 10, 10) }, undefined],
    [{ status: 'partly_available', progress: counts(0, 10, 10) }, undefined],
    [{ status: 'partly_available', progress: counts(3, 0, 0) }, undefined],
    [{ status: 'gone', progress: counts(7, 10, 10) }, undefined],
    [{ status: 'partly_available', progress: counts(7, 10, 10, next) }, 'progress.some 7 10'],
    [{ status: 'partly_available', progress: counts(10, 10, 10) }, 'progress.soFar 10'],
    [{ status: 'downloading', progress: counts(7, 10, 10) }, 'progress.some 7 10'],
    [{ status: 'available', progress: counts(7, 7, 10) }, 'season.up_to_date'],
    [{ status: 'available', progress: counts(7, 7, 10, next) }, 'season.next season.up_to_date Fri, Dec 5'],
    [{ status: 'available', progress: counts(10, 10, 10) }, undefined],
    [{ status: 'partly_available', numbering: 'differs', progress: counts(9, 25, 25) }, 'progress.differs 9 25'],
    [{ status: 'available', numbering: 'differs', progress: counts(26, 25, 25) }, 'progress.differs 25 25'],
    [{ progress: counts(7, 10, 10) }, 'progress.some 7 10'],
    [{ progress: counts(7, 7, 10) }, 'season.up_to_date'],
    [{ progress: counts(7, 0, 10) }, 'progress.some 7 10'],
    [{ progress: counts(10, 10, 10) }, undefined],
  ])('%j: %s', (series, words) => {
    expect(says(series)).toBe(words)
  })

  it('is said shorter on a card', () => {
    expect(says({ status: 'available', progress: counts(7, 7, 10, next) }, true)).toBe('season.up_to_date')
    expect(says({ status: 'available', numbering: 'differs', progress: counts(9, 25, 25) }, true)).toBe(
      'progress.some 9 25',
    )
  })

  it('is up to date as long as more is to come', () => {
    const series = (status: Series['status'], progress: Series['progress']) =>
      isUpToDate({ ...(status && { status }), progress, numbering: null })
    expect(series('available', counts(10, 10, 10, next))).toBe(true)
    expect(series('available', counts(0, 0, 10))).toBe(false)
    expect(series('partly_available', counts(7, 10, 10))).toBe(false)
    expect(series('available', null)).toBe(false)
  })
})

import type { RequestRow } from '@stellarr/http/wire'
import { describe, expect, it } from 'vitest'
import { filterQuery, fitsFilter, NO_FILTER, type RequestFilter } from '../src/logic/filter-requests.ts'
import { firstMode, manyEpisodes, SEASON_MODES, seasonsOf, wantsFuture } from '../src/logic/pick-seasons.ts'
import { ago } from '../src/logic/relative-time.ts'
import { aRow, aSeason, say } from './rows.ts'

const NOW = Date.parse('2026-06-15T12:00:00Z')

describe('how long ago', () => {
  it.each([
    ['2026-06-15T11:59:01Z', 'en', 'ago.now'],
    ['2026-06-15T12:05:00Z', 'en', 'ago.now'],
    ['2026-06-15T11:59:00Z', 'en', 'ago.minutes 1'],
    ['2026-06-15T11:00:01Z', 'de', 'ago.minutes 59'],
    ['2026-06-15T10:00:00Z', 'es', 'hace 2 horas'],
    ['2026-06-14T11:00:00Z', 'en', 'yesterday'],
    ['2026-06-12T11:00:00Z', 'de', 'vor 3 Tagen'],
    ['2024-06-01T11:00:00Z', 'fr', 'il y a 2 ans'],
  ])('%s is %s: %s', (time, locale, words) => expect(ago(time, { t: say, locale, now: NOW })).toBe(words))
})

describe('the filters of requests', () => {
  const row = (tmdb_id: number, title: string, more: Partial<RequestRow> = {}) => aRow(tmdb_id, { title, ...more })
  const rows = [
    row(1, 'Zodiac'),
    row(2, 'Élite', { media_type: 'tv', requested_by: 'Bob' }),
    row(3, 'Amélie', { status: 'available', original_title: 'Le Fabuleux Destin' }),
  ]
  const ids = (given: Partial<RequestFilter>) =>
    rows.filter((one) => fitsFilter(one, { ...NO_FILTER, ...given }, 'Ann')).map((one) => one.tmdb_id)

  it('hold at once', () => {
    expect(ids({})).toEqual([1, 2, 3])
    expect(ids({ type: 'tv' })).toEqual([2])
    expect(ids({ mine: true, status: 'available' })).toEqual([3])
    expect(ids({ query: ' FABULEUX ' })).toEqual([3])
  })

  it('are asked of the server by what is chosen alone', () => {
    expect(filterQuery(NO_FILTER, 'Ann')).toEqual({ sort: 'newest' })
    const chosen = { type: 'tv', status: 'gone', mine: true, query: ' dune ', sort: 'title' } as const
    expect(filterQuery(chosen, 'Ann')).toEqual({
      sort: 'title',
      media_type: 'tv',
      status: 'gone',
      by: 'Ann',
      q: 'dune',
    })
  })
})

describe('the choice of seasons', () => {
  const season = (number: number, episode_count: number) => aSeason(number, { episode_count })
  const seasons = [season(0, 3), season(1, 100), season(2, 60), season(3, 0)]
  const numbers = (...given: Parameters<typeof seasonsOf>) => seasonsOf(...given).map((one) => one.season_number)

  it('leaves specials and seasons without episodes out unless they are picked', () => {
    expect(numbers('all', seasons, [])).toEqual([1, 2])
    expect(numbers('first', seasons, [])).toEqual([1])
    expect(numbers('latest', seasons, [])).toEqual([2])
    expect(numbers('pick', seasons, [3, 0])).toEqual([0, 3])
    expect(numbers('first', [], [])).toEqual([])
  })

  it('is the specials where there is nothing else', () => {
    expect(numbers('all', [season(0, 3)], [])).toEqual([0])
    expect(numbers('first', [season(0, 3)], [])).toEqual([])
    expect(numbers('latest', [season(0, 3)], [])).toEqual([])
  })

  it('begins with all, with a choice for more, and with all again where Sonarr numbers otherwise', () => {
    expect(firstMode(false, 'tmdb')).toBe('all')
    expect(firstMode(true, 'tvdb')).toBe('pick')
    expect(firstMode(true, 'differs')).toBe('all')
  })

  it('brings seasons announced later along with all and the latest, and where a request wants them already', () => {
    const modes = (row?: RequestRow) => SEASON_MODES.filter((mode) => wantsFuture(mode, row))
    expect(modes()).toEqual(['all', 'latest'])
    expect(modes(aRow(1, { seasons: [1], future_seasons: false }))).toEqual(['all', 'latest'])
    expect(modes(aRow(1, { seasons: [1], future_seasons: true }))).toEqual([...SEASON_MODES])
  })

  it('warns of many episodes', () => {
    expect(manyEpisodes(seasons)).toBe(163)
    expect(manyEpisodes(seasons.slice(2))).toBe(0)
  })
})

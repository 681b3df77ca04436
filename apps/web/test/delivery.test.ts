import { describe, expect, it } from 'vitest'
import { delayOf } from '../src/logic/delay.ts'
import { deliveryOf, missingFrom } from '../src/logic/delivery.ts'
import { GUIDES, LIST_NAMES, rowsOf, takesType, withProfile } from '../src/logic/feed-lists.ts'
import { aReader, aRow } from './rows.ts'

const series = (more: Parameters<typeof aRow>[1] = {}) => aRow(1, { media_type: 'tv', seasons: 'all', ...more })
const sonarr = (more: Parameters<typeof aReader>[0] = {}) =>
  aReader({ app: 'Sonarr', version: '4.0.9.1', list: 'sonarr-program', ...more })

describe('who takes what', () => {
  it.each([
    [aReader(), true, false, 'movies'],
    [aReader({ list: 'radarr', app: 'other' }), true, false, 'movies'],
    [sonarr(), false, true, 'series'],
    [sonarr({ list: 'rss-tv' }), false, true, 'series'],
    [aReader({ list: 'rss-all' }), true, false, 'movies'],
    [sonarr({ list: 'rss-all' }), false, true, 'series'],
    [aReader({ list: 'rss-all', app: 'other' }), true, true, 'titles'],
  ] as const)('is told by list, and by client where a list holds both: %#', (reader, movies, shows, rows) => {
    expect(takesType(reader, 'movie')).toBe(movies)
    expect(takesType(reader, 'tv')).toBe(shows)
    expect(rowsOf(reader)).toBe(rows)
  })

  it('has a way to set up each list, the one with a key beside its address first', () => {
    const guides = [...GUIDES.Radarr, ...GUIDES.Sonarr]
    const lists = guides.map((guide) => guide.list)
    expect([...lists, 'rss-all'].sort()).toEqual(Object.keys(LIST_NAMES).sort())
    expect(guides.filter((guide) => guide.both === 'rss_all')).toHaveLength(2)
    for (const { key, list } of guides) expect(key).toBe(list.replaceAll('-', '_'))
    expect([GUIDES.Radarr[0]?.keyField, GUIDES.Sonarr[0]?.keyField]).toEqual(['API Key', 'API Key'])
  })
})

describe('where a waiting request stands', () => {
  const asked = '2026-01-02T12:00:00.000Z'
  const before = '2026-01-02T11:00:00.000Z'
  const after = '2026-01-02T13:00:00.000Z'

  it('is read once somebody has looked since', () => {
    const row = aRow(1, { created_at: asked })
    expect(deliveryOf(row, [aReader({ last_read_at: after })], undefined)).toMatchObject({ kind: 'read' })
    expect(deliveryOf(row, [aReader({ last_read_at: asked })], undefined)).toMatchObject({ kind: 'read' })
    expect(deliveryOf(row, [aReader({ last_read_at: before })], undefined)).toMatchObject({ kind: 'not_yet' })
  })

  it('goes by the reader that looked last and can carry it', () => {
    const readers = [
      aReader({ last_read_at: before }),
      aReader({ list: 'radarr', last_read_at: after }),
      sonarr({ last_read_at: after }),
    ]
    expect(deliveryOf(aRow(1, { created_at: asked }), readers, undefined)).toEqual({ kind: 'read', reader: readers[1] })
    const unnamed = aRow(1, { created_at: asked, undeliverable_by: ['radarr'] })
    expect(deliveryOf(unnamed, readers, undefined)).toEqual({ kind: 'not_yet', reader: readers[0] })
  })

  it('says that nobody reads its type', () => {
    expect(deliveryOf(series(), [], undefined)).toEqual({ kind: 'nobody' })
    expect(deliveryOf(series(), [aReader()], undefined)).toEqual({ kind: 'nobody' })
    expect(deliveryOf(series(), [aReader({ list: 'rss-all' })], undefined)).toEqual({ kind: 'nobody' })
    expect(deliveryOf(series(), [sonarr({ list: 'rss-all' })], undefined)).toMatchObject({ kind: 'read' })
  })

  it('does not count those who read another profile', () => {
    const readers = [aReader({ profile: 'HD', last_read_at: after })]
    expect(deliveryOf(aRow(1), readers, '4K')).toEqual({ kind: 'other_profile' })
    expect(deliveryOf(aRow(1), readers, 'HD')).toMatchObject({ kind: 'read' })
    expect(deliveryOf(aRow(1), readers, undefined)).toMatchObject({ kind: 'read' })
    expect(deliveryOf(aRow(1), [...readers, aReader()], '4K')).toMatchObject({ reader: { profile: null } })
  })

  it('is no matter once it was picked up, nor where no list that is read can carry it', () => {
    expect(deliveryOf(aRow(1, { status: 'picked_up' }), [aReader()], undefined)).toBeUndefined()
    const unnamed = series({ undeliverable_by: ['sonarr-program', 'sonarr', 'rss-tv', 'rss-all'] })
    expect(deliveryOf(unnamed, [sonarr()], undefined)).toBeUndefined()
    expect(deliveryOf(unnamed, [sonarr({ list: 'sonarr' })], undefined)).toBeUndefined()
    expect(deliveryOf(unnamed, [sonarr({ list: 'sonarr', version: '5.0.0.1' })], undefined)).toMatchObject({
      kind: 'read',
    })
  })
})

describe('lists that cannot carry a request', () => {
  const movie = aRow(1, { undeliverable_by: ['radarr'] })
  const show = series({ undeliverable_by: ['sonarr-program', 'sonarr', 'rss-tv', 'rss-all'] })

  it('are named when somebody reads them', () => {
    expect(missingFrom(movie, [aReader({ list: 'radarr' })])).toEqual(['radarr'])
    expect(missingFrom(movie, [aReader()])).toEqual([])
    expect(missingFrom(show, [sonarr()])).toEqual(['sonarr-program'])
  })

  it('name Sonarr’s Custom List, but for a Sonarr that takes any id', () => {
    const newer = sonarr({ list: 'sonarr', version: '5.0.0.1' })
    expect(missingFrom(show, [newer])).toEqual([])
    expect(missingFrom(show, [newer, sonarr()])).toEqual(['sonarr-program'])
    expect(missingFrom(show, [newer, sonarr({ list: 'sonarr' })])).toEqual(['sonarr'])
    expect(missingFrom(show, [sonarr({ list: 'sonarr', app: 'other', version: null })])).toEqual(['sonarr'])
  })

  it('are all named while nobody reads any of its type', () => {
    expect(missingFrom(movie, [sonarr()])).toEqual(['radarr'])
    expect(missingFrom(show, [aReader(), aReader({ list: 'rss-all' })])).toEqual(show.undeliverable_by)
    expect(missingFrom(aRow(1), [])).toEqual([])
  })
})

describe('the wait for a client', () => {
  it.each([
    [15, 'en', '15 minutes', '20 minutes'],
    [5, 'de', '5 Minuten', '10 Minuten'],
    [720, 'en', '12 hours', undefined],
    [1440, 'es', '24 horas', undefined],
  ])('of %s minutes, in %s', (minutes, locale, every, within) => {
    expect(delayOf(minutes, locale)).toEqual({ every, within })
  })
})

describe('an address for one profile', () => {
  it('names it beside what it carries already', () => {
    expect(withProfile('http://nas:8080/list/radarr?by=tmdb&token=a-b', 2)).toBe(
      'http://nas:8080/list/radarr?by=tmdb&token=a-b&profile=2',
    )
    expect(withProfile('http://nas/list/sonarr', 2)).toBe('http://nas/list/sonarr?profile=2')
    expect(withProfile('http://nas/list/sonarr?token=x', undefined)).toBe('http://nas/list/sonarr?token=x')
  })
})

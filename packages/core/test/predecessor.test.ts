import { describe, expect, it } from 'vitest'
import { fromPredecessor, type PredecessorRow } from '../src/index.ts'

const movie = {
  tmdb_id: 603,
  media_type: 'movie',
  title: 'The Matrix',
  year: 1999,
  overview: 'Green.',
  poster_path: '/p.jpg',
  imdb_id: 'tt0133093',
  created_at: '2024-03-01 12:30:00',
}
const request = (given: Record<string, unknown>): PredecessorRow => ({
  kind: 'request',
  place: 'requests, row 1',
  fields: { ...movie, ...given },
})
const library = (given: Record<string, unknown>): PredecessorRow => ({
  kind: 'library',
  place: 'library, row 1',
  fields: given,
})

describe('a request of the predecessor', () => {
  it('is pending, its time UTC, and whose it was where that is known', () => {
    expect(fromPredecessor(request({ requested_by: ' Zoë ' }))).toEqual({
      row: {
        kind: 'request',
        row: {
          mediaType: 'movie',
          tmdbId: 603,
          imdbId: 'tt0133093',
          title: 'The Matrix',
          year: 1999,
          overview: 'Green.',
          posterPath: '/p.jpg',
          qualityProfileId: 1,
          status: 'pending',
          statusAt: Date.UTC(2024, 2, 1, 12, 30),
          statements: [],
          requestedBy: 'Zoë',
          followers: [],
          createdAt: Date.UTC(2024, 2, 1, 12, 30),
          seasonState: [],
        },
      },
    })
  })

  it('is available when it was added, by the word of a sync; a series is wanted whole, and here in part', () => {
    expect(fromPredecessor(request({ added_at: '2024-03-02T10:00:00Z' }))).toMatchObject({
      row: { row: { status: 'available', statements: [{ status: 'available', source: 'sync' }] } },
    })
    const added = fromPredecessor(
      request({ media_type: 'tv', tvdb_id: '81189', imdb_id: null, added_at: '2024-03-02T10:00:00+02:00', year: '' }),
    )
    const at = Date.UTC(2024, 2, 2, 8)
    expect(added).toMatchObject({
      row: {
        row: {
          mediaType: 'tv',
          tvdbId: 81_189,
          status: 'partly_available',
          statusAt: at,
          addedAt: at,
          statements: [{ status: 'partly_available', source: 'sync', at, uncounted: true }],
          seasons: 'all',
          futureSeasons: true,
          requestedBy: 'Household',
        },
      },
    })
    expect(JSON.stringify(added)).not.toMatch(/imdbId|year/)
  })

  it.each([
    [{ tmdb_id: 'abc' }, 'tmdb_id is "abc"'],
    [{ tmdb_id: 0 }, 'tmdb_id is 0'],
    [{ tmdb_id: 2 ** 31 }, 'tmdb_id is 2147483648'],
    [{ tmdb_id: 1.5 }, 'tmdb_id is 1.5'],
    [{ tmdb_id: undefined }, 'tmdb_id is missing'],
    [{ media_type: 'PUSH#Ann' }, 'media_type is "PUSH#Ann"'],
    [{ tvdb_id: '-4' }, 'tvdb_id is "-4"'],
    [{ title: ' ' }, 'title is " "'],
    [{ created_at: null }, 'created_at is missing'],
    [{ created_at: 'yesterday' }, 'created_at is "yesterday"'],
    [{ created_at: '2024-13-01 00:00:00' }, 'created_at is "2024-13-01 00:00:00"'],
    [{ added_at: 12 }, 'added_at is 12'],
  ])('with %j is told: %s', (given, said) => {
    expect(fromPredecessor(request(given))).toEqual({ bad: said })
  })

  it.each(['tt123', 'None', 'nm0000206', 'tt01330930000', 133_093])('leaves the IMDb id %j out', (imdb_id) => {
    expect(fromPredecessor(request({ imdb_id }))).toEqual(fromPredecessor(request({ imdb_id: null })))
  })

  it.each(['//evil.example/a.jpg', '/../a.jpg', 'https://image.tmdb.org/t/p/w500/a.jpg', 'p.jpg', '/', '/a b.jpg'])(
    'leaves the poster %s out',
    (poster_path) => {
      expect(fromPredecessor(request({ poster_path }))).toEqual(fromPredecessor(request({ poster_path: null })))
    },
  )

  it.each([
    [`${'x'.repeat(63)}🎬🎬`, `${'x'.repeat(63)}🎬`],
    ['🎬'.repeat(70), '🎬'.repeat(64)],
    ['Zoe\u0308  Ann', 'Zoë Ann'],
    ['\u0000', 'Household'],
  ])('has the name %j as somebody who signs in has it', (requested_by, requestedBy) => {
    expect(fromPredecessor(request({ requested_by }))).toMatchObject({ row: { row: { requestedBy } } })
  })

  it('is told by a text that is cut between characters', () => {
    const said = `tmdb_id is "${'🎬'.repeat(39)}`
    expect(fromPredecessor(request({ tmdb_id: '🎬'.repeat(60) }))).toEqual({ bad: said })
  })

  it.each([
    ['2024-03-01 12:30:00', Date.UTC(2024, 2, 1, 12, 30)],
    ['2024-03-01T12:30:00.123456+00:00', Date.UTC(2024, 2, 1, 12, 30, 0, 123)],
    ['2024-03-01T12:30:00.5Z', Date.UTC(2024, 2, 1, 12, 30, 0, 500)],
    ['2024-03-01T12:30', Date.UTC(2024, 2, 1, 12, 30)],
  ])('was made at %s', (text, at) => {
    expect(fromPredecessor(request({ created_at: text }))).toMatchObject({ row: { row: { createdAt: at } } })
  })
})

it('a library row of the predecessor is a sync’s', () => {
  const fields = { tmdb_id: '5', media_type: 'tv', tvdb_id: 7, title: '', synced_at: '2024-03-01 00:00:00' }
  expect(fromPredecessor(library(fields))).toEqual({
    row: {
      kind: 'library',
      row: { mediaType: 'tv', tmdbId: 5, tvdbId: 7, source: 'sync', addedAt: Date.UTC(2024, 2, 1) },
    },
  })
  expect(fromPredecessor(library({ ...fields, imdb_id: 'None' }))).toEqual(fromPredecessor(library(fields)))
  expect(fromPredecessor(library({ tmdb_id: 5, media_type: 'movie' }))).toMatchObject({ row: { row: { addedAt: 0 } } })
})

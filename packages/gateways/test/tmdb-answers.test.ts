import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { isImdbId } from '@stellarr/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readItem, readPage, readTitle } from '../src/tmdb-answers.ts'

const movie = { id: 603, title: 'The Matrix', release_date: '1999-03-31', overview: 'Green.', vote_average: 8.2 }

describe('reading what TMDB answers', () => {
  it('keeps the page when single items or fields are odd', () => {
    const page = readPage(
      {
        page: 2,
        total_pages: 3,
        total_results: 'many',
        results: [
          null,
          7,
          { ...movie, id: 'x' },
          { ...movie, id: 2 ** 31 },
          { id: 5 },
          { ...movie, title: '   ' },
          {
            ...movie,
            id: 1,
            release_date: '',
            overview: null,
            poster_path: 'https://elsewhere/x.jpg',
            vote_average: '8',
          },
          { ...movie, id: 2, poster_path: '/ok.jpg', release_date: '1999-13-99', vote_average: 11 },
        ],
      },
      'movie',
    )
    expect(page).toEqual({
      page: 2,
      totalPages: 3,
      totalResults: 0,
      results: [
        { mediaType: 'movie', tmdbId: 1, title: 'The Matrix', overview: '', voteAverage: 0 },
        {
          mediaType: 'movie',
          tmdbId: 2,
          title: 'The Matrix',
          overview: 'Green.',
          voteAverage: 10,
          year: 1999,
          posterPath: '/ok.jpg',
        },
      ],
    })
  })

  it('falls back to the original title and leaves people out of mixed lists', () => {
    expect(readItem({ id: 1, original_name: '進撃', media_type: 'tv' }, undefined)?.title).toBe('進撃')
    expect(readItem({ id: 1, name: 'Somebody', media_type: 'person' }, undefined)).toBeUndefined()
  })

  it('drops an external id that is none, and sorts seasons', () => {
    const title = readTitle(
      {
        ...movie,
        name: 'x',
        external_ids: { imdb_id: 'nm0000206', tvdb_id: '81189' },
        seasons: [{ season_number: 2 }, { season_number: 'x' }, null, { season_number: 0, episode_count: -1 }],
      },
      'tv',
    )
    expect(title).not.toHaveProperty('imdbId')
    expect(title).not.toHaveProperty('tvdbId')
    expect(title.seasons).toEqual([
      { seasonNumber: 0, episodeCount: 0 },
      { seasonNumber: 2, episodeCount: 0 },
    ])
    expect(title.numberOfSeasons).toBe(1)
  })

  describe('of how far a series has run', () => {
    const broadcast = (fields: object) => readTitle({ id: 1, name: 'x', ...fields }, 'tv').broadcast
    const aired = { season_number: 3, episode_number: 8, air_date: '2024-05-01' }
    const last = { seasonNumber: 3, episodeNumber: 8, airDate: '2024-05-01' }

    it('takes status, last and next episode', () => {
      const soon = { season_number: 99_999_999, episode_number: 0, air_date: '2024-06-01' }
      const next = { seasonNumber: 99_999_999, episodeNumber: 0, airDate: '2024-06-01' }
      expect(broadcast({ status: 'Returning Series', last_episode_to_air: aired, next_episode_to_air: soon })).toEqual({
        ended: false,
        last,
        next,
      })
      expect(broadcast({ last_episode_to_air: aired })).toEqual({ ended: false, last })
    })

    it.each([
      ['Ended', true],
      ['ENDED', true],
      ['Canceled', true],
      ['cancelled ', true],
      ['In Production', false],
      ['Planned', false],
      ['Not Ended', false],
    ])('%j is an end: %s', (status, ended) => {
      expect(broadcast({ status, last_episode_to_air: null, next_episode_to_air: null })).toEqual({ ended })
    })

    it.each([
      { ...aired, season_number: -1 },
      { ...aired, season_number: 100_000_000 },
      { ...aired, episode_number: '8' },
      { ...aired, air_date: null },
      { ...aired, air_date: 'soon' },
      'S03E08',
      [aired],
    ])('leaves an odd episode out: %j', (odd) => {
      expect(broadcast({ status: 'Ended', last_episode_to_air: odd, next_episode_to_air: odd })).toEqual({
        ended: true,
      })
      expect(broadcast({ last_episode_to_air: odd })).toBeUndefined()
    })

    it('says nothing where TMDB does not, and nothing of a movie', () => {
      expect(readTitle({ id: 1, name: 'x', status: ' ' }, 'tv')).not.toHaveProperty('broadcast')
      expect(readTitle({ ...movie, status: 'Released' }, 'movie')).not.toHaveProperty('broadcast')
    })
  })

  it('takes seasons that are numbered by a date', () => {
    const seasons = [20_240_501, 99_999_999, 100_000_000].map((season_number) => ({ season_number }))
    const title = readTitle({ id: 1, name: 'x', seasons }, 'tv')
    expect(title.seasons.map((season) => season.seasonNumber)).toEqual([20_240_501, 99_999_999])
  })

  it('reads any JSON at all or throws a fault, never anything else', () => {
    const field = fc.oneof(fc.jsonValue(), fc.constantFrom('2020-01-01', '/a.jpg', 'tt0133093', 603))
    const item = fc.dictionary(
      fc.constantFrom('id', 'title', 'name', 'release_date', 'overview', 'poster_path', 'media_type', 'vote_average'),
      field,
    )
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.record({ results: fc.array(item) })), (answer) => {
        try {
          for (const one of readPage(answer, undefined).results) {
            expect(one.title).not.toBe('')
            expect(Number.isInteger(one.tmdbId)).toBe(true)
          }
        } catch (error) {
          expect(error).toHaveProperty('code', 'catalog_bad_answer')
        }
      }),
    )
  })
})

const RECORDED = new URL('../../../../shared/fixtures/', import.meta.url)

describe.runIf(existsSync(RECORDED))('recorded answers, where they are at hand', () => {
  const answers = (folder: string) =>
    readdirSync(new URL(folder, RECORDED))
      .filter((name) => name.endsWith('.json'))
      .map((name) => ({ name, body: JSON.parse(readFileSync(new URL(`${folder}/${name}`, RECORDED), 'utf8')) }))

  it('reads every recorded movie and series', () => {
    for (const [folder, type] of [
      ['tmdb_movie', 'movie'],
      ['tmdb_tv', 'tv'],
    ] as const) {
      for (const { name, body } of answers(folder)) {
        if (body.id === undefined || (body.title ?? body.name) === undefined) continue
        const title = readTitle(body, type)
        expect(title.tmdbId, name).toBe(body.id)
        if (title.imdbId !== undefined) expect(isImdbId(title.imdbId)).toBe(true)
        if (type === 'tv') {
          expect(title.seasons.length, name).toBe(body.seasons?.length ?? 0)
          expect(title.broadcast?.last?.airDate, name).toBe(body.last_episode_to_air?.air_date)
          expect(title.broadcast?.ended, name).toBe(body.status && ['Ended', 'Canceled'].includes(body.status))
        }
      }
    }
  })

  it('reads every movie and series of the recorded lists', () => {
    for (const folder of ['tmdb_search', 'tmdb_trending']) {
      for (const { name, body } of answers(folder)) {
        const type = /_movie/.test(name) ? 'movie' : /_tv/.test(name) ? 'tv' : undefined
        const wanted = body.results.filter(
          (item: { media_type?: string }) => type !== undefined || ['movie', 'tv'].includes(item.media_type ?? ''),
        )
        if (name.includes('person')) continue
        expect(readPage(body, type).results, name).toHaveLength(wanted.length)
      }
    }
  })
})

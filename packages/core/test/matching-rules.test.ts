import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { MediaEvent } from '../src/index.ts'
import {
  contradictsRequest,
  describeEvent,
  matchByEpisode,
  matchByGuid,
  matchByImdbId,
  matchByTitle,
  matchByTmdbId,
  matchByTvdbId,
  normaliseTitle,
  titleAndYear,
  titleSought,
} from '../src/rules.ts'
import { aMovieRequest, aSeriesRequest } from '../src/testing/builders.ts'

const movie = (given: Partial<MediaEvent> = {}): MediaEvent => ({
  source: 'plex',
  name: 'library.new',
  kind: 'arrived',
  mediaType: 'movie',
  ids: {},
  ...given,
})
const series = (given: Partial<MediaEvent> = {}) => movie({ mediaType: 'tv', ...given })

describe('by TMDB id', () => {
  it('names the title with or without a request', () => {
    const request = aMovieRequest()
    const key = { mediaType: 'movie', tmdbId: 603 }
    expect(matchByTmdbId(movie({ ids: { tmdbId: 603 } }), request)).toEqual({ rule: 'tmdb_id', key, request })
    expect(matchByTmdbId(movie({ ids: { tmdbId: 603 } }), undefined)).toEqual({ rule: 'tmdb_id', key })
    expect(matchByTmdbId(movie({ ids: { imdbId: 'tt0133093' } }), request)).toBeUndefined()
  })

  it('never takes a movie for a series of the same number, nor another id', () => {
    const key = { mediaType: 'tv', tmdbId: 603 }
    expect(matchByTmdbId(series({ ids: { tmdbId: 603 } }), aMovieRequest())).toEqual({ rule: 'tmdb_id', key })
    expect(matchByTmdbId(movie({ ids: { tmdbId: 604 } }), aMovieRequest())).not.toHaveProperty('request')
  })

  it('tells the TVDB id of the event where no request tells it', () => {
    expect(matchByTmdbId(series({ ids: { tmdbId: 5, tvdbId: 6 } }), undefined)).toMatchObject({ tvdbId: 6 })
  })
})

describe('by TVDB id', () => {
  it('finds the series', () => {
    const request = aSeriesRequest()
    expect(matchByTvdbId(series({ ids: { tvdbId: 81189 } }), request)).toEqual({
      rule: 'tvdb_id',
      key: { mediaType: 'tv', tmdbId: 1396 },
      request,
      tvdbId: 81189,
    })
    expect(matchByTvdbId(series({ ids: { tvdbId: 1 } }), request)).toBeUndefined()
  })

  it('is for series alone', () => {
    expect(matchByTvdbId(movie({ ids: { tvdbId: 81189 } }), aMovieRequest({ tvdbId: 81189 }))).toBeUndefined()
    expect(matchByTvdbId(series({ ids: { tvdbId: 81189 } }), aMovieRequest({ tvdbId: 81189 }))).toBeUndefined()
  })

  it('finds what Sonarr was asked for, also under another of TMDB’s entries', () => {
    const match = matchByTvdbId(series({ ids: { tvdbId: 81189, tmdbId: 7, imdbId: 'tt0000009' } }), aSeriesRequest())
    expect(match?.key.tmdbId).toBe(1396)
  })
})

describe('by IMDb id', () => {
  it('finds movie and series, never one for the other', () => {
    expect(matchByImdbId(movie({ ids: { imdbId: 'tt0133093' } }), aMovieRequest())?.rule).toBe('imdb_id')
    expect(matchByImdbId(series({ ids: { imdbId: 'tt0903747' } }), aSeriesRequest())?.key.tmdbId).toBe(1396)
    expect(matchByImdbId(series({ ids: { imdbId: 'tt0133093' } }), aMovieRequest())).toBeUndefined()
  })

  it('not against the id of a series at TVDB', () => {
    const ids = { imdbId: 'tt0903747', tvdbId: 1 }
    expect(matchByImdbId(series({ ids }), aSeriesRequest())).toBeUndefined()
    const { tvdbId: _, ...without } = aSeriesRequest()
    expect(matchByImdbId(series({ ids }), without)).toMatchObject({ rule: 'imdb_id', tvdbId: 1 })
  })
})

describe('by what the sender’s name of a title stood for', () => {
  const event = series({ guid: 'plex://show/1' })
  const known = { mediaType: 'tv', tmdbId: 1396, tvdbId: 81189 } as const

  it('names the title with or without a request', () => {
    expect(matchByGuid(event, known, aSeriesRequest())).toMatchObject({ rule: 'guid', request: { tmdbId: 1396 } })
    expect(matchByGuid(event, known, undefined)).toEqual({
      rule: 'guid',
      key: { mediaType: 'tv', tmdbId: 1396 },
      tvdbId: 81189,
    })
  })

  it('not against an id of the event, not of another kind, not without a name', () => {
    expect(matchByGuid({ ...event, ids: { tvdbId: 5 } }, known, aSeriesRequest())).toBeUndefined()
    expect(matchByGuid({ ...event, ids: { imdbId: 'tt0000001' } }, known, aSeriesRequest())).toBeUndefined()
    expect(matchByGuid({ ...event, mediaType: 'movie' }, known, undefined)).toBeUndefined()
    expect(matchByGuid(series(), known, aSeriesRequest())).toBeUndefined()
    expect(matchByGuid(event, undefined, aSeriesRequest())).toBeUndefined()
    expect(matchByGuid(event, known, aSeriesRequest({ tmdbId: 9 }))).not.toHaveProperty('request')
  })
})

describe('by the series of an episode', () => {
  it('finds the series that TVDB names, and no movie', () => {
    const event = series({ episodeTvdbId: 349232 })
    expect(matchByEpisode(event, 81189, aSeriesRequest())?.rule).toBe('episode')
    expect(matchByEpisode(event, 81190, aSeriesRequest())).toBeUndefined()
    expect(matchByEpisode(event, undefined, aSeriesRequest())).toBeUndefined()
    expect(matchByEpisode(movie(), 81189, aMovieRequest({ tvdbId: 81189 }))).toBeUndefined()
  })

  it('never takes the episode’s own number for a series', () => {
    expect(matchByEpisode(series({ episodeTvdbId: 81189 }), undefined, aSeriesRequest())).toBeUndefined()
    expect(matchByTvdbId(series({ episodeTvdbId: 81189 }), aSeriesRequest())).toBeUndefined()
  })
})

describe('an id that neither side has', () => {
  const { tvdbId: _, imdbId: __, ...nameless } = aSeriesRequest()

  it('matches nothing', () => {
    expect(matchByTvdbId(series(), nameless)).toBeUndefined()
    expect(matchByImdbId(series(), nameless)).toBeUndefined()
    expect(matchByEpisode(series({ episodeTvdbId: 5 }), undefined, nameless)).toBeUndefined()
  })

  it('is no id of another value', () => {
    expect(matchByImdbId(series({ ids: { imdbId: 'tt0000009' } }), aSeriesRequest())).toBeUndefined()
    expect(matchByImdbId(series({ ids: { imdbId: 'tt0000009' } }), nameless)).toBeUndefined()
    expect(matchByTmdbId(series({ ids: { tmdbId: 1396 } }), nameless)).not.toHaveProperty('tvdbId')
  })

  it('leaves a title without year, or a year without title, unsought', () => {
    expect(titleSought(series({ title: 'Bluey' }))).toBeUndefined()
    expect(titleSought(series({ title: ' ', year: 2018 }))).toBeUndefined()
    expect(titleSought(series({ title: 'Bluey', year: 2018 }))).toEqual({ normalised: 'bluey', year: 2018 })
  })

  it('lets a title without an original one match by its title', () => {
    const { originalTitle: _, ...single } = aSeriesRequest()
    const event = series({ title: 'Breaking Bad', year: 2008 })
    expect(matchByTitle(event, [single], 81189)?.rule).toBe('title')
    expect(matchByTitle({ ...event, title: 'undefined' }, [single])).toBeUndefined()
  })
})

describe('by title and year', () => {
  it('finds the one of that title and year, in any script', () => {
    const request = aMovieRequest({
      title: 'Le Fabuleux Destin d’Amélie Poulain',
      originalTitle: '天使爱美丽',
      year: 2001,
    })
    for (const title of [
      'Le fabuleux destin d’Amelie Poulain',
      '天使爱美丽',
      'LE FABULEUX DESTIN D AMÉLIE POULAIN (2001)',
    ]) {
      expect(matchByTitle(movie({ title, year: 2001 }), [request]), title).toMatchObject({ rule: 'title', request })
    }
    expect(matchByTitle(movie({ title: '天使', year: 2001 }), [request])).toBeUndefined()
  })

  it('reads the year that tells namesakes apart, where no other contradicts it', () => {
    const request = aSeriesRequest({ title: 'Bluey', originalTitle: 'Bluey', year: 2018 })
    expect(matchByTitle(series({ title: 'Bluey (2018)' }), [request])?.rule).toBe('title')
    expect(matchByTitle(series({ title: 'Bluey (2018)', year: 2023 }), [request])).toBeUndefined()
    expect(matchByTitle(series({ title: 'Bluey' }), [request])).toBeUndefined()
  })

  it('not of another kind, not without a year on either side, not against an id', () => {
    const { year: _, ...undated } = aMovieRequest()
    const event = movie({ title: 'The Matrix', year: 1999 })
    expect(matchByTitle({ ...event, mediaType: 'tv' }, [aMovieRequest()])).toBeUndefined()
    expect(matchByTitle(event, [undated])).toBeUndefined()
    expect(matchByTitle({ ...event, ids: { tmdbId: 1 } }, [aMovieRequest()])).toBeUndefined()
    expect(matchByTitle({ ...event, ids: { imdbId: 'tt0000001' } }, [aMovieRequest()])).toBeUndefined()
    const show = series({ title: 'Breaking Bad', year: 2008 })
    expect(matchByTitle(show, [aSeriesRequest()], 5)).toBeUndefined()
    expect(matchByTitle(show, [aSeriesRequest()], 81189)).toMatchObject({ rule: 'title', tvdbId: 81189 })
  })

  it('of symbols alone are not all the same', () => {
    expect(
      matchByTitle(movie({ title: '???', year: 1999 }), [aMovieRequest({ title: '!!!', originalTitle: '' })]),
    ).toBe(undefined)
  })

  const title = fc.oneof(fc.constantFrom('The Matrix', 'マトリックス', 'Матрица', '?!'), fc.string({ minLength: 1 }))
  const year = fc.integer({ min: 1900, max: 2100 })

  it('never matches another year, whatever the titles', () => {
    fc.assert(
      fc.property(title, title, year, year, (asked, told, askedYear, toldYear) => {
        fc.pre(askedYear !== toldYear)
        const request = aMovieRequest({ title: asked, originalTitle: told, year: askedYear })
        expect(matchByTitle(movie({ title: told, year: toldYear }), [request])).toBeUndefined()
      }),
      { numRuns: 500 },
    )
  })

  it('never matches when two fit', () => {
    fc.assert(
      fc.property(title, year, fc.integer({ min: 2, max: 4 }), (told, toldYear, count) => {
        const two = Array.from({ length: count }, (_, n) =>
          aMovieRequest({ tmdbId: n + 1, title: told, originalTitle: told, year: toldYear }),
        )
        const event = movie({ title: told, year: toldYear })
        expect(matchByTitle(event, two)).toBeUndefined()
        const one = matchByTitle(event, two.slice(0, 1))
        const { title: bare } = titleAndYear(told, toldYear)
        expect(one !== undefined).toBe(normaliseTitle(bare) === normaliseTitle(told) && normaliseTitle(told) !== '')
      }),
      { numRuns: 500 },
    )
  })
})

it('two sides contradict each other only where both know an id', () => {
  expect(contradictsRequest({ tmdbId: 1 }, { tmdbId: 2 })).toBe(true)
  expect(contradictsRequest({ tmdbId: 1, imdbId: 'tt0000001' }, { tmdbId: 1, imdbId: 'tt0000002' })).toBe(true)
  expect(contradictsRequest({ tmdbId: 1 }, { tvdbId: 2 })).toBe(false)
  // An id that the title had before is none against it.
  const renamed = { tmdbId: 1, tvdbId: 3, imdbId: 'tt0000003', formerIds: [{ tvdbId: 2, until: 9 }] }
  expect(contradictsRequest(renamed, { tvdbId: 2 })).toBe(false)
  expect(contradictsRequest(renamed, { tvdbId: 4 })).toBe(true)
})

describe('an event in two lines', () => {
  it('names the title and the parts, and cuts what is long', () => {
    const parts = Array.from({ length: 8 }, (_, n) => ({ seasonNumber: 2, episodeNumber: n + 9 }))
    expect(describeEvent(series({ source: 'sonarr', name: 'Download', title: 'Bluey', year: 2018, parts }))).toEqual({
      title: 'Bluey (2018)',
      detail: 'Download · S02E09, S02E10, S02E11, S02E12, S02E13, S02E14 …',
    })
    expect(describeEvent(series({ ids: { tvdbId: 5 }, parts: [{ seasonNumber: 0 }] }))).toEqual({
      title: 'TVDB 5',
      detail: 'library.new · S00',
    })
    expect(describeEvent(movie({ title: 'x'.repeat(1_000) })).title).toHaveLength(200)
    expect(describeEvent(movie({ ids: { imdbId: 'tt0000001' } })).title).toBe('tt0000001')
    expect(describeEvent(movie()).title).toBe('?')
  })
})

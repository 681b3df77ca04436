import { describe, expect, it } from 'vitest'
import { readRadarrEvent, readSonarrEvent } from '../src/senders/index.ts'
import { anEvent, eventOf, expectAll, haveSamples, isIgnored } from './sender-samples.ts'

const series = {
  id: 3,
  title: 'Dallas (1978)',
  path: '/tv/Dallas',
  tvdbId: 77092,
  tmdbId: 40,
  imdbId: 'tt0077000',
  year: 1978,
}
const episodes = [
  { id: 1, seasonNumber: 0, episodeNumber: 1, tvdbId: 5 },
  { id: 2, seasonNumber: 2, episodeNumber: 4 },
  { id: 2, seasonNumber: 2, episodeNumber: 4 },
]
const parts = [
  { seasonNumber: 0, episodeNumber: 1 },
  { seasonNumber: 2, episodeNumber: 4 },
]
const movie = { id: 3, title: 'M', folderPath: '/movies/M', tmdbId: 832, imdbId: 'tt0022100', year: 1931 }

describe('what Sonarr sends', () => {
  it.each([
    ['SeriesAdd', {}, { kind: 'picked_up' }],
    ['Grab', { episodes }, { kind: 'downloading', parts }],
    ['Grab', {}, { kind: 'downloading', parts: [] }],
    ['Download', { episodes }, { kind: 'arrived', parts }],
    ['Download', { episodes, isUpgrade: true }, { kind: 'arrived', parts }],
    ['SeriesDelete', { deletedFiles: true }, { kind: 'gone' }],
    ['SeriesDelete', { deletedFiles: false }, { kind: 'gone', filesKept: true }],
    ['EpisodeFileDelete', { episodes, deleteReason: 'manual' }, { kind: 'file_gone', parts }],
    ['EpisodeFileDelete', { episodes, deleteReason: 'missingFromDisk' }, { kind: 'file_gone', parts }],
    ['EpisodeFileDelete', { episodes }, { kind: 'file_gone', parts }],
  ])('%s with %j', (eventType, rest, expected) => {
    for (const written of [eventType, eventType.toLowerCase(), eventType.toUpperCase()]) {
      expect(eventOf(readSonarrEvent({ eventType: written, series, ...rest }))).toEqual({
        source: 'sonarr',
        name: eventType,
        mediaType: 'tv',
        ids: { tmdbId: 40, tvdbId: 77092, imdbId: 'tt0077000' },
        title: 'Dallas',
        year: 1978,
        ...expected,
      })
    }
  })

  it.each(['upgrade', 'Upgrade', 'manualOverride'])('a file deleted for %s is no delete', (deleteReason) => {
    expect(readSonarrEvent({ eventType: 'EpisodeFileDelete', series, episodes, deleteReason })).toEqual(
      isIgnored('nothing is gone'),
    )
  })

  it.each(['Rename', 'Health', 'HealthRestored', 'ApplicationUpdate', 'ManualInteractionRequired', 'constructor'])(
    '%s is ignored with the reason',
    (eventType) => {
      expect(readSonarrEvent({ eventType, series })).toEqual(isIgnored(`"${eventType}"`))
    },
  )

  it('a test is one, what lacks series, ids or episodes is ignored, and only what is no message is invalid', () => {
    expect(readSonarrEvent({ eventType: 'Test', series: 'x' })).toEqual({ kind: 'test' })
    expect(readSonarrEvent({ eventType: 'Download' })).toEqual(isIgnored('series: expected the series'))
    expect(
      readSonarrEvent({ eventType: 'SeriesAdd', series: { ...series, tvdbId: 0, tmdbId: 0, imdbId: '' } }),
    ).toEqual({ kind: 'ignored', reason: 'series.tvdbId: expected the id of a series.' })
    for (const odd of [undefined, [], 'x', [null, 5, { seasonNumber: -1, episodeNumber: 2 }]]) {
      expect(readSonarrEvent({ eventType: 'Download', series, episodes: odd })).toEqual(
        isIgnored('episodes: expected the episodes'),
      )
    }
    for (const body of [null, 5, [], 'x']) expect(readSonarrEvent(body)).toMatchObject({ kind: 'invalid', field: '' })
    expect(readSonarrEvent({ series })).toMatchObject({ field: 'eventType' })
  })
})

it('Sonarr: seasons and episodes numbered by the day are read, and each once, however many there are', () => {
  const numbered = (seasonNumber: number, episodeNumber: number) =>
    eventOf(
      readSonarrEvent({ eventType: 'Download', series, episodes: [{ seasonNumber, episodeNumber }, ...episodes] }),
    )
  expect(numbered(99_999_999, 99_999_999).parts).toHaveLength(3)
  expect(numbered(100_000_000, 1).parts).toEqual(parts)
  expect(numbered(1, 100_000_000).parts).toEqual(parts)
  const many = Array.from({ length: 200_000 }, (_, n) => ({ seasonNumber: n % 50, episodeNumber: n >> 1 }))
  const began = performance.now()
  expect(eventOf(readSonarrEvent({ eventType: 'Download', series, episodes: many })).parts).toHaveLength(200_000)
  const took = performance.now() - began
  expect(took).toBeLessThan(2_000)
})

describe('what Radarr sends', () => {
  it.each([
    ['MovieAdded', { addMethod: 'list' }, { kind: 'picked_up' }],
    ['Grab', {}, { kind: 'downloading' }],
    ['Download', { isUpgrade: true }, { kind: 'arrived' }],
    ['MovieDelete', { deletedFiles: true }, { kind: 'gone' }],
    ['MovieDelete', { deletedFiles: false }, { kind: 'gone', filesKept: true }],
    ['MovieFileDelete', { deleteReason: 'manual' }, { kind: 'file_gone' }],
  ])('%s with %j', (eventType, rest, expected) => {
    expect(eventOf(readRadarrEvent({ eventType: eventType.toLowerCase(), movie, ...rest }))).toEqual({
      source: 'radarr',
      name: eventType,
      mediaType: 'movie',
      ids: { tmdbId: 832, imdbId: 'tt0022100' },
      title: 'M',
      year: 1931,
      ...expected,
    })
  })

  it('takes the year of version 3 from the download, when it is of the same movie', () => {
    const { year: _, ...undated } = movie
    const grab = (tmdbId: number) => ({ eventType: 'Grab', movie: undated, remoteMovie: { tmdbId, year: 1931 } })
    expect(eventOf(readRadarrEvent(grab(832))).year).toBe(1931)
    expect(eventOf(readRadarrEvent(grab(833)))).not.toHaveProperty('year')
  })

  it('an upgrade is no delete, a test is one, and the rest is ignored or no message', () => {
    expect(readRadarrEvent({ eventType: 'MovieFileDelete', movie, deleteReason: 'upgrade' })).toEqual(
      isIgnored('nothing is gone'),
    )
    expect(readRadarrEvent({ eventType: 'test' })).toEqual({ kind: 'test' })
    expect(readRadarrEvent({ eventType: 'Rename', movie })).toEqual(isIgnored('"Rename"'))
    for (const none of [undefined, null, 'x']) {
      expect(readRadarrEvent({ eventType: 'Grab', movie: none })).toEqual(isIgnored('movie: expected the movie'))
    }
    expect(readRadarrEvent({ eventType: 'Download', movie: { tmdbId: 0 } })).toEqual({
      kind: 'ignored',
      reason: 'movie.tmdbId: expected the id of a movie.',
    })
    expect(readRadarrEvent(undefined)).toMatchObject({ kind: 'invalid', field: '' })
    expect(readRadarrEvent({})).toMatchObject({ field: 'eventType' })
  })
})

it.runIf(haveSamples)('reads every sample of Sonarr at hand', () => {
  const of = (name: string, kind: string, ids: object, title: string, rest: object = {}) =>
    anEvent({ source: 'sonarr', name, kind, mediaType: 'tv', ids, title, ...rest } as object)
  const severance = { tmdbId: 95396, tvdbId: 371980, imdbId: 'tt11280740' }
  expectAll('sonarr_webhook', readSonarrEvent, {
    v3_download: of('Download', 'arrived', { tvdbId: 73762, imdbId: 'tt0413573' }, "Grey's Anatomy", {
      parts: [{ seasonNumber: 17, episodeNumber: 9 }],
    }),
    v3_download_vinland_saga: of('Download', 'arrived', { tvdbId: 359274, imdbId: 'tt10233448' }, 'Vinland Saga', {
      parts: [{ seasonNumber: 2, episodeNumber: 2 }],
    }),
    v3_grab: of('Grab', 'downloading', { tvdbId: 72108, imdbId: 'tt0364845' }, 'NCIS', {
      parts: [{ seasonNumber: 18, episodeNumber: 10 }],
    }),
    v3_series_delete: of('SeriesDelete', 'gone', { tvdbId: 81189, imdbId: 'tt0903747' }, 'Breaking Bad'),
    v3_test: { kind: 'test' },
    v4_series_add: of('SeriesAdd', 'picked_up', severance, 'Severance', { year: 2022 }),
    v4_series_delete: of('SeriesDelete', 'gone', severance, 'Severance', { year: 2022, filesKept: true }),
    v4_test: { kind: 'test' },
  })
})

it.runIf(haveSamples)('reads every sample of Radarr at hand', () => {
  const of = (name: string, kind: string, ids: object, title: string, rest: object = {}) =>
    anEvent({ source: 'radarr', name, kind, mediaType: 'movie', ids, title, ...rest } as object)
  const dawn = { tmdbId: 209112, imdbId: 'tt2975590' }
  const dune = { tmdbId: 693134, imdbId: 'tt15239678' }
  expectAll('radarr_webhook', readRadarrEvent, {
    v3_download: of('Download', 'arrived', dawn, 'Batman v Superman: Dawn of Justice', { year: 2016 }),
    v3_grab: of('Grab', 'downloading', { tmdbId: 524047, imdbId: 'tt7737786' }, 'Greenland', { year: 2020 }),
    v3_movie_added: of('MovieAdded', 'picked_up', dawn, 'Batman v Superman: Dawn of Justice'),
    v3_movie_delete: of('MovieDelete', 'gone', dawn, 'Batman v Superman: Dawn of Justice'),
    v3_test: { kind: 'test' },
    v4_download: of('Download', 'arrived', { tmdbId: 210577, imdbId: 'tt2267998' }, 'Gone Girl', { year: 2014 }),
    v5_movie_added: of('MovieAdded', 'picked_up', dune, 'Dune: Part Two', { year: 2024 }),
    v5_movie_delete: of('MovieDelete', 'gone', dune, 'Dune: Part Two', { year: 2024 }),
  })
})

import {
  FEED_NAMES,
  type FeedName,
  type FeedSettings,
  isAt,
  MAX_ID,
  type MediaRequest,
  seasonRows,
} from '@stellarr/core'
import { aMovieRequest, aSeriesRequest, fixedClock, memoryStorage, textOf } from '@stellarr/core/testing'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bareUseCases } from '../packages/http/test/bare-use-cases.ts'
import {
  type FeedAnswer,
  isSafeImdbId,
  readAsRadarrCustom,
  readAsRadarrPlexRss,
  readAsRadarrProgram,
  readAsRadarrRssList,
  readAsSonarrCustom,
  readAsSonarrPlexRss,
  readAsSonarrProgram,
  readAsStevenLu,
} from './clients/index.ts'

const id = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: MAX_ID }))
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom(
    'Face/Off',
    '千と千尋の神隠し',
    '<b>&amp;"',
    ']]>',
    '../..',
    'a\u0000b',
    '\ud800',
    '1984',
    'WALL·E',
    '',
  ),
)
const at = fc.integer({ min: 0, max: 1.9e12 })
const season = fc.record({
  seasonNumber: fc.integer({ min: 0, max: 60 }),
  episodeCount: fc.integer({ min: 0, max: 400 }),
  airDate: fc.constantFrom('2001-01-01', '2040-12-31'),
})
const statement = fc.record({
  status: fc.constantFrom('available' as const, 'picked_up' as const, 'gone' as const),
  source: fc.constantFrom('plex' as const, 'sync' as const, 'person' as const),
  at,
})

/** A request as one version or another could have stored it; `undefined` stands for what is not known. */
const request: fc.Arbitrary<MediaRequest> = fc
  .record({
    isMovie: fc.boolean(),
    tmdbId: id,
    title: text,
    overview: text,
    year: fc.option(fc.integer({ min: 1870, max: 2100 }), { nil: undefined }),
    imdbId: fc.option(
      fc.oneof(
        fc.stringMatching(/^tt\d{7,10}$/),
        fc.constantFrom('tt12', 'tt', '', 'nm0000001', 'tt12345678901', 'TT0133093'),
      ),
      { nil: undefined },
    ),
    tvdbId: fc.option(id, { nil: undefined }),
    posterPath: fc.option(fc.constantFrom('/a.jpg', '/posters/movie-1.svg'), { nil: undefined }),
    seasons: fc.oneof(fc.constant('all' as const), fc.uniqueArray(fc.integer({ min: 0, max: 60 }), { maxLength: 4 })),
    futureSeasons: fc.option(fc.boolean(), { nil: undefined }),
    seasonState: fc.uniqueArray(season, { selector: (one) => one.seasonNumber, maxLength: 8 }),
    status: fc.constantFrom('pending' as const, 'downloading' as const, 'available' as const, 'gone' as const),
    statements: fc.array(statement, { maxLength: 3 }),
    withdrawnAt: fc.option(at, { nil: undefined }),
    addedAt: fc.option(at, { nil: undefined }),
    createdAt: at,
    requestedBy: fc.oneof(fc.constantFrom('Ann', 'Zoë', '李'), fc.string({ minLength: 1, maxLength: 12 })),
    followers: fc.uniqueArray(fc.constantFrom('Bob', 'Cid', 'Ann'), { maxLength: 3 }),
    qualityProfileId: fc.integer({ min: 1, max: 5 }),
  })
  .map(({ isMovie, seasons, futureSeasons, seasonState, ...facts }) => {
    const known = Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined))
    const { imdbId: _, tvdbId: __, year: ___, posterPath: ____, ...bare } = isMovie ? aMovieRequest() : aSeriesRequest()
    const own = isMovie ? {} : { seasons, seasonState, ...(futureSeasons === undefined ? {} : { futureSeasons }) }
    return { ...bare, ...known, ...own }
  })

const folder = fc.constantFrom('/movies', '/movies-4k', 'D:\\Movies', '/tv', '/', '/a b/ç')
const settings: fc.Arbitrary<FeedSettings> = fc
  .record({
    profiles: fc.array(fc.record({ name: text, rootFolders: fc.record({ movie: folder, tv: folder }) }), {
      minLength: 1,
      maxLength: 4,
    }),
    tagsHidden: fc.boolean(),
    keepArrivedDays: fc.option(fc.integer({ min: 1, max: 400 }), { nil: undefined }),
  })
  .map(({ keepArrivedDays, ...rest }) => ({
    ...rest,
    ...(keepArrivedDays === undefined ? {} : { keepArrivedDays }),
    defaultProfileId: 1,
    rootFolders: [],
    tags: [],
    read: [],
  }))

/** A house whose store holds these requests and settings. */
async function houseOf(requests: readonly MediaRequest[], stored: FeedSettings) {
  const clock = fixedClock()
  const storage = memoryStorage({ clock })
  for (const one of requests) await storage.requests.add(one)
  await storage.settings.set('feeds', JSON.stringify(stored))
  return bareUseCases({ storage, clock })
}

type Reader = (answer: FeedAnswer) => readonly object[]
/** Every list type of every client that reads a list; each throws where the client would fail it. */
const READERS: Record<FeedName, readonly Reader[]> = {
  'radarr-program': [
    (answer) => readAsRadarrProgram(answer),
    (answer) => readAsRadarrProgram(answer, { profileIds: [1, 2, 3, 4, 5], rootFolderPaths: ['/', '\\'] }),
  ],
  'radarr-tmdb': [readAsRadarrCustom],
  radarr: [readAsStevenLu, readAsRadarrCustom],
  'rss-movies': [readAsRadarrPlexRss, (answer) => readAsRadarrRssList(answer)],
  'sonarr-program': [
    (answer) => readAsSonarrProgram(answer),
    (answer) =>
      readAsSonarrProgram(answer, {
        syncSeasonMonitoring: true,
        languageProfileIds: [1],
        rootFolderPaths: ['/', '\\'],
      }),
  ],
  sonarr: [readAsSonarrCustom],
  'rss-tv': [readAsSonarrPlexRss],
  'rss-all': [(answer) => [...readAsRadarrPlexRss(answer), ...readAsSonarrPlexRss(answer)]],
}

/** Names the row of a request: Sonarr has one series for all entries of one TVDB id. */
const rowOf = ({ mediaType, tmdbId, tvdbId, qualityProfileId }: MediaRequest) =>
  mediaType === 'tv' && tvdbId !== undefined ? `tvdb ${tvdbId} ${qualityProfileId}` : `${mediaType} ${tmdbId}`

it('every client reads every list, whatever was requested, and no row is lost on the way', async () => {
  const distinct = { selector: (one: MediaRequest) => `${one.mediaType}/${one.tmdbId}`, maxLength: 12 }
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(request, distinct), settings, async (requests, stored) => {
      const useCases = await houseOf(requests, stored)
      for (const feed of FEED_NAMES) {
        const version = await useCases.feedVersion()
        const body = await useCases.readFeed({ feed }, version)
        const { type, rows } = body
        const answer = { status: 200, headers: new Headers({ 'content-type': type }), text: textOf(body) }
        const listed = new Set(requests.filter((one) => isAt({ feed }, one)).map(rowOf)).size
        if (stored.keepArrivedDays === undefined) expect(rows).toBe(listed)
        else expect([rows <= listed, rows > 0]).toEqual([true, listed > 0])
        for (const read of READERS[feed]) {
          // A release name may say that it is television; that list type leaves it out by itself.
          const isPlainRss = feed === 'rss-movies' && read !== readAsRadarrPlexRss
          const taken = read(answer).length
          expect([feed, isPlainRss ? taken <= rows : taken]).toEqual([feed, isPlainRss ? true : rows])
        }
      }
    }),
    { numRuns: 300 },
  )
})

it('a client never takes another title for the one that was asked for', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(request, { selector: (one) => one.tmdbId, maxLength: 6 }),
      settings,
      async (requests, stored) => {
        const useCases = await houseOf(requests, stored)
        const answerOf = async (feed: FeedName): Promise<FeedAnswer> => {
          const body = await useCases.readFeed({ feed }, await useCases.feedVersion())
          return { status: 200, headers: new Headers({ 'content-type': body.type }), text: textOf(body) }
        }
        const movies = requests.filter((one) => one.mediaType === 'movie')
        const imdbIds = new Set(movies.map((one) => one.imdbId))
        for (const { imdbId } of readAsStevenLu(await answerOf('radarr'))) {
          expect([isSafeImdbId(imdbId), imdbIds.has(imdbId)]).toEqual([true, true])
        }
        for (const { tmdbId, imdbId } of readAsRadarrPlexRss(await answerOf('rss-movies'))) {
          if (imdbId === undefined) expect(movies.some((one) => one.tmdbId === tmdbId)).toBe(true)
          else expect(imdbIds.has(imdbId)).toBe(true)
        }
        for (const row of readAsSonarrProgram(await answerOf('sonarr-program'), { syncSeasonMonitoring: true })) {
          const asked = requests.filter((one) => isAt({ feed: 'sonarr-program' }, one) && one.tvdbId === row.tvdbId)
          const profiles = [...new Set(asked.map((one) => one.qualityProfileId))]
          const joined = profiles.map((profile) => seasonRows(asked.filter((one) => one.qualityProfileId === profile)))
          expect(joined.map((seasons) => seasons.length)).toContain(row.seasons?.length)
        }
      },
    ),
    { numRuns: 200 },
  )
})

import {
  type EpisodeMark,
  type LibraryItem,
  MAX_ID,
  MAX_SEASON_NUMBER,
  type MediaRequest,
  type PushSubscription,
  type SeasonState,
} from '../index.ts'

/** A movie request with sensible values; give what matters to the test. */
export function aMovieRequest(given: Partial<MediaRequest> = {}): MediaRequest {
  return {
    mediaType: 'movie',
    tmdbId: 603,
    title: 'The Matrix',
    originalTitle: 'The Matrix',
    year: 1999,
    overview: 'A hacker learns what his world is made of.',
    posterPath: '/poster.jpg',
    imdbId: 'tt0133093',
    qualityProfileId: 1,
    status: 'pending',
    statusAt: Date.UTC(2026, 0, 1),
    statements: [],
    requestedBy: 'Ann',
    followers: [],
    createdAt: Date.UTC(2026, 0, 1),
    seasonState: [],
    ...given,
  }
}

/** A series request of two seasons and specials. */
export function aSeriesRequest(given: Partial<MediaRequest> = {}): MediaRequest {
  return aMovieRequest({
    mediaType: 'tv',
    tmdbId: 1396,
    title: 'Breaking Bad',
    originalTitle: 'Breaking Bad',
    year: 2008,
    overview: 'A chemistry teacher turns to crime.',
    imdbId: 'tt0903747',
    tvdbId: 81189,
    seasons: 'all',
    futureSeasons: false,
    seasonState: [
      { seasonNumber: 0, episodeCount: 9 },
      { seasonNumber: 1, name: 'Season 1', episodeCount: 7, airDate: '2008-01-20' },
      { seasonNumber: 2, name: 'Season 2', episodeCount: 13, airDate: '2009-03-08' },
    ],
    ...given,
  })
}

/** A request with every field that one can have: whatever carries requests must carry these. */
export function aFullRequest(): Required<MediaRequest> {
  const airing = { seasonNumber: 1, episodeNumber: 2, airDate: '2026-01-01' }
  const standing = { state: 'up_to_date', held: 2, awaitedSince: 8, told: 'up_to_date' } as const
  const mark: Required<EpisodeMark> = {
    ...{ number: 1, to: 2, source: 'plex', at: 4, gone: true },
    ...{ first: 2, lost: 3, also: 'emby sonarr' },
  }
  const season: Required<SeasonState> = {
    ...{ seasonNumber: MAX_SEASON_NUMBER, name: 'Season', episodeCount: 3, airDate: '2026-01-01' },
    ...{ unlisted: true, past: true, later: true, asked: true, aired: 2 },
    here: { episodes: 2, source: 'plex', at: 4 },
    counted: { episodes: 1, source: 'plex', at: 3, libraries: { '': 0, '2': 1 } },
    episodes: [mark],
    ...standing,
  }
  return {
    ...{ mediaType: 'tv', tmdbId: MAX_ID, tvdbId: MAX_ID, imdbId: 'tt1234567890', qualityProfileId: 3 },
    ...{
      title: '千と千尋の神隠し 👩‍👩‍👧 é é עברית',
      originalTitle: 'א',
      year: 2001,
      overview: '',
      posterPath: '/p.jpg',
    },
    ...{ seasons: [0, 2], futureSeasons: true, requestedBy: 'Ann', followers: ['Zoë', '李'] },
    ...{ status: 'partly_available', statusAt: 9, createdAt: 1, addedAt: 6, withdrawnAt: 5 },
    statements: [{ status: 'partly_available', source: 'sonarr', at: 9, uncounted: true }],
    seasonState: [season],
    broadcast: { ended: true, last: airing, next: airing },
    ...{ numbering: 'tvdb', altogether: standing, way: 'downloading', completeAt: 7, unlistedAt: 8 },
    ...{ rootFolderId: 4, formerAskers: ['Ann', 'Änne'], lost: { source: 'radarr', at: 9 }, kept: 'last_row' },
    clients: [{ client: 'a1.b2', said: 'has', at: 3 }],
    formerIds: [{ tvdbId: 5, imdbId: 'tt0000005', until: 9, listed: true, bySonarr: true }],
  }
}

export function aLibraryItem(given: Partial<LibraryItem> = {}): LibraryItem {
  return { mediaType: 'movie', tmdbId: 603, title: 'The Matrix', ...given }
}

/** Ann's device. */
export function aDevice(given: Partial<PushSubscription> = {}): PushSubscription {
  return {
    endpoint: 'https://push.example/1',
    user: 'Ann',
    keys: { p256dh: 'p', auth: 'a' },
    language: 'de',
    createdAt: Date.UTC(2026, 0, 1),
    ...given,
  }
}

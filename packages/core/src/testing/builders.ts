import type { LibraryItem, MediaRequest, PushSubscription } from '../index.ts'

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

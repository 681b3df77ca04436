import { isImdbId, MAX_ID, MAX_SEASON_NUMBER, MEDIA_EVENT_SOURCES, type MediaEventSource } from '@stellarr/core'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { SENDERS } from '../src/senders/index.ts'

/** Values that a field may have, most of them odd. */
const value = fc.oneof(
  { weight: 3, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
  fc.constantFrom(
    'movie',
    'episode',
    'Movie',
    'Episode',
    'tt0133093',
    '603',
    603,
    -1,
    1e300,
    '',
    null,
    'x'.repeat(2_000),
  ),
  fc.constantFrom<unknown>([{ id: 'tmdb://603' }], { tmdbId: '5', tvdbId: 1.5, title: {} }, [{ seasonNumber: '1' }]),
)
const object = (...names: string[]) =>
  fc.record(Object.fromEntries(names.map((name) => [name, value])), { requiredKeys: [] })
const one = (...words: string[]) => fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...words) }, value)

/** Messages that are nearly those of each sender. */
const BODIES: Record<MediaEventSource, fc.Arbitrary<unknown>> = {
  plex: fc.record({
    event: one('library.new'),
    Metadata: object('type', 'guid', 'grandparentGuid', 'title', 'year', 'index', 'parentIndex', 'leafCount', 'Guid'),
  }),
  jellyfin: fc.record({
    NotificationType: one('ItemAdded'),
    ItemType: one('Movie', 'Series', 'Season', 'Episode'),
    Provider_tmdb: value,
    SeasonNumber: value,
    EpisodeNumber: value,
    EpisodeNumberEnd: value,
    SeriesPremiereDate: value,
    Name: value,
  }),
  emby: fc.record({
    Event: one('library.new'),
    Item: object('Type', 'ProviderIds', 'Name', 'IndexNumber', 'IndexNumberEnd', 'ParentIndexNumber', 'SeriesId'),
  }),
  sonarr: fc.record({
    eventType: one('Download', 'Grab', 'SeriesAdd', 'EpisodeFileDelete'),
    series: object('tvdbId', 'tmdbId', 'imdbId', 'title', 'year'),
    episodes: value,
    deleteReason: value,
  }),
  radarr: fc.record({
    eventType: one('Download', 'MovieDelete'),
    movie: object('tmdbId', 'imdbId', 'title', 'year'),
  }),
}

it.each(MEDIA_EVENT_SOURCES)(
  '%s: odd bodies are ignored or invalid, and what is read is within its bounds',
  (source) => {
    fc.assert(
      fc.property(fc.oneof({ weight: 5, arbitrary: BODIES[source] }, fc.jsonValue()), (given) => {
        const result = SENDERS[source].read(given)
        if (result.kind !== 'event') return
        const { ids, title = '', year = 2000, parts = [], episodeTvdbId = 1 } = result.event
        for (const id of [ids.tmdbId ?? 1, ids.tvdbId ?? 1, episodeTvdbId]) expect(id > 0 && id <= MAX_ID).toBe(true)
        expect(ids.imdbId === undefined || isImdbId(ids.imdbId)).toBe(true)
        expect(title.length).toBeLessThanOrEqual(1_000)
        expect(year >= 1870 && year <= 2200 && parts.length <= 100).toBe(true)
        for (const { seasonNumber, episodeNumber = 0 } of parts) {
          expect(Math.max(seasonNumber, episodeNumber) <= MAX_SEASON_NUMBER + 99).toBe(true)
        }
      }),
      { numRuns: 1_000 },
    )
  },
)

it.each(MEDIA_EVENT_SOURCES)('%s: names that every object has are no names', (source) => {
  const { read, nameField } = SENDERS[source]
  for (const word of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
    expect(read({ [nameField]: word }).kind).toBe('ignored')
  }
})

import { isImdbId, MAX_ID, type ReadEvent } from '@stellarr/core'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  readEmbyEvent,
  readJellyfinEvent,
  readPlexEvent,
  readRadarrEvent,
  readSonarrEvent,
} from '../src/senders/index.ts'

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

const SENDERS: [string, (body: unknown) => ReadEvent, fc.Arbitrary<unknown>][] = [
  [
    'Plex',
    (body) => readPlexEvent(body),
    fc.record({
      event: one('library.new'),
      Metadata: object('type', 'guid', 'grandparentGuid', 'title', 'year', 'index', 'parentIndex', 'leafCount', 'Guid'),
    }),
  ],
  [
    'Jellyfin',
    readJellyfinEvent,
    fc.record({
      NotificationType: one('ItemAdded'),
      ItemType: one('Movie', 'Series', 'Season', 'Episode'),
      Provider_tmdb: value,
      SeasonNumber: value,
      EpisodeNumber: value,
      EpisodeNumberEnd: value,
      SeriesPremiereDate: value,
      Name: value,
    }),
  ],
  [
    'Emby',
    readEmbyEvent,
    fc.record({
      Event: one('library.new'),
      Item: object('Type', 'ProviderIds', 'Name', 'IndexNumber', 'IndexNumberEnd', 'ParentIndexNumber', 'SeriesId'),
    }),
  ],
  [
    'Sonarr',
    readSonarrEvent,
    fc.record({
      eventType: one('Download', 'Grab', 'SeriesAdd', 'EpisodeFileDelete'),
      series: object('tvdbId', 'tmdbId', 'imdbId', 'title', 'year'),
      episodes: value,
      deleteReason: value,
    }),
  ],
  [
    'Radarr',
    readRadarrEvent,
    fc.record({ eventType: one('Download', 'MovieDelete'), movie: object('tmdbId', 'imdbId', 'title', 'year') }),
  ],
]

it.each(SENDERS)(
  '%s: odd bodies are ignored or invalid, and what is read is within its bounds',
  (_name, read, body) => {
    fc.assert(
      fc.property(fc.oneof({ weight: 5, arbitrary: body }, fc.jsonValue()), (given) => {
        const result = read(given)
        if (result.kind !== 'event') return
        const { ids, title = '', year = 2000, parts = [], episodeTvdbId = 1 } = result.event
        for (const id of [ids.tmdbId ?? 1, ids.tvdbId ?? 1, episodeTvdbId]) expect(id > 0 && id <= MAX_ID).toBe(true)
        expect(ids.imdbId === undefined || isImdbId(ids.imdbId)).toBe(true)
        expect(title.length).toBeLessThanOrEqual(1_000)
        expect(year >= 1870 && year <= 2200 && parts.length <= 100).toBe(true)
      }),
      { numRuns: 1_000 },
    )
  },
)

it.each(SENDERS)('%s: names that every object has are no names', (_name, read) => {
  for (const word of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
    const body = JSON.parse(`{"event":"${word}","Event":"${word}","eventType":"${word}","NotificationType":"${word}"}`)
    expect(read(body).kind).toBe('ignored')
  }
})

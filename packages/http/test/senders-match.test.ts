import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type MatchPorts, matchEvent } from '@stellarr/core'
import { aSeriesRequest, fixedClock, memoryStorage } from '@stellarr/core/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createApp } from '../src/index.ts'
import { readEmbyEvent, readJellyfinEvent, readPlexEvent } from '../src/senders/index.ts'
import { bareUseCases, quiet } from './bare-use-cases.ts'
import { eventOf, haveSamples, samples } from './sender-samples.ts'

const SERVER = 'a'.repeat(32)
const SHOW = 'b'.repeat(32)

let ports: MatchPorts
beforeEach(async () => {
  const { requests, plexGuids } = memoryStorage({ clock: fixedClock() })
  await requests.add(aSeriesRequest())
  ports = { requests, plexGuids }
})

const ids = { tmdb: '1396', tvdb: '81189', imdb: 'tt0903747' }
/** How each server announces a series, and one of its episodes, whose own ids are those of nothing we know. */
const SERVERS = [
  [
    'Plex',
    readPlexEvent,
    {
      event: 'library.new',
      Metadata: {
        type: 'show',
        guid: 'plex://show/1',
        Guid: Object.entries(ids).map(([name, id]) => ({ id: `${name}://${id}` })),
      },
    },
    {
      event: 'library.new',
      Metadata: {
        type: 'episode',
        guid: 'plex://episode/9',
        grandparentGuid: 'plex://show/1',
        parentIndex: 1,
        index: 2,
        Guid: [{ id: 'tmdb://62092' }, { id: 'tvdb://349232' }],
      },
    },
  ],
  [
    'Jellyfin',
    readJellyfinEvent,
    { NotificationType: 'ItemAdded', ServerId: SERVER, ItemType: 'Series', ItemId: SHOW, Provider_tmdb: '1396' },
    {
      NotificationType: 'ItemAdded',
      ServerId: SERVER,
      ItemType: 'Episode',
      ItemId: 'c'.repeat(32),
      SeriesId: SHOW,
      SeasonNumber: '1',
      EpisodeNumber: '2',
      Provider_tmdb: '62092',
    },
  ],
  [
    'Emby',
    readEmbyEvent,
    { Event: 'library.new', Server: { Id: SERVER }, Item: { Type: 'Series', Id: '5', ProviderIds: { Tvdb: '81189' } } },
    {
      Event: 'library.new',
      Server: { Id: SERVER },
      Item: {
        Type: 'Episode',
        Id: '7',
        SeriesId: '5',
        ParentIndexNumber: 1,
        IndexNumber: 2,
        ProviderIds: { Tmdb: '62092' },
      },
    },
  ],
] as const

it.each(SERVERS)(
  '%s: an episode is known by its series once that has arrived, and not before',
  async (_name, read, series, episode) => {
    expect((await matchEvent(eventOf(read(episode)), ports)).rule).toBe('none')
    expect(await matchEvent(eventOf(read(series)), ports)).toMatchObject({ request: { tmdbId: 1396 } })
    const event = eventOf(read(episode))
    expect(event.parts).toEqual([{ seasonNumber: 1, episodeNumber: 2 }])
    expect(await matchEvent(event, ports)).toMatchObject({ rule: 'guid', request: { tmdbId: 1396 } })
  },
)

it('Plex: an episode is known by TVDB’s word, and teaches the name of its show', async () => {
  const [, read, , episode] = SERVERS[0]
  ports.episodes = { seriesOf: async (id) => (id === 349_232 ? 81_189 : undefined) }
  expect((await matchEvent(eventOf(read(episode)), ports)).rule).toBe('episode')
  delete ports.episodes
  expect((await matchEvent(eventOf(read(episode)), ports)).rule).toBe('guid')
})

describe('by HTTP', () => {
  const clock = fixedClock()
  const storage = memoryStorage({ clock })
  const useCases = bareUseCases({ storage, clock })
  const server = createServer(
    createApp(useCases, {
      version: '0.0.0',
      logger: quiet,
      store: 'memory',
      tokens: {
        feed: ['f'],
        sync: ['s'],
        plex: ['t'],
        jellyfin: ['t'],
        emby: ['t'],
        sonarr: ['t'],
        radarr: ['t'],
      },
      baseUrls: [],
      allowPrivateOrigins: true,
      trustedProxies: [],
      keepAnswers: true,
    }),
  )
  beforeAll(async () => {
    await storage.requests.add(aSeriesRequest())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  })
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })

  async function post(source: string, message: unknown) {
    const { port } = server.address() as AddressInfo
    const answer = await fetch(`http://127.0.0.1:${port}/webhook/${source}?token=t`, {
      method: 'POST',
      body: JSON.stringify(message),
      headers: { 'content-type': 'application/json' },
    })
    return { http: answer.status, ...((await answer.json()) as Record<string, unknown>) }
  }
  const noted = async () => (await useCases.recentActivity(1))[0]

  it.each([
    ['emby', { Type: 'Series', Id: '5', Name: 'Breaking Bad', ProductionYear: 2008 }],
    ['jellyfin', { ItemType: 'Series', ItemId: SHOW, Name: 'Breaking Bad', Year: '2008' }],
  ])('%s: a series without ids is known by its title, and so are its seasons and episodes', async (source, series) => {
    const whole = (item: object) =>
      source === 'emby'
        ? { Event: 'library.new', Server: { Id: SERVER }, Item: item }
        : { NotificationType: 'ItemAdded', ServerId: SERVER, ...item }
    const parts =
      source === 'emby'
        ? [
            { Type: 'Season', Id: '6', SeriesId: '5', SeriesName: 'Breaking Bad', IndexNumber: 1 },
            { Type: 'Episode', Id: '7', SeriesId: '5', ParentIndexNumber: 1, IndexNumber: 2 },
          ]
        : [
            { ItemType: 'Season', ItemId: 'c'.repeat(32), SeriesId: SHOW, SeasonNumber: '1' },
            { ItemType: 'Episode', ItemId: 'd'.repeat(32), SeriesId: SHOW, SeasonNumber: '1', EpisodeNumber: '2' },
          ]
    for (const part of parts) expect(await post(source, whole(part))).toMatchObject({ matched_request: false })
    expect(await post(source, whole(series))).toMatchObject({ matched_request: true, tmdb_id: 1396 })
    expect(await noted()).toMatchObject({ outcome: 'matched', rule: 'title' })
    for (const part of parts) {
      expect(await post(source, whole(part))).toMatchObject({ matched_request: true, tmdb_id: 1396 })
      expect(await noted()).toMatchObject({ outcome: 'matched', rule: 'guid' })
    }
  })

  it.each([
    [
      'sonarr',
      { eventType: 'SeriesAdd', series: { tvdbId: 0, tmdbId: 0, title: 'Zero' } },
      'SeriesAdd',
      'series.tvdbId',
    ],
    ['sonarr', { eventType: 'Download', series: { tvdbId: 1 }, episodes: [] }, 'Download', 'episodes'],
    ['radarr', { eventType: 'Grab', movie: null }, 'Grab', 'movie'],
    ['plex', { event: 'library.new' }, 'library.new', 'Metadata'],
    ['jellyfin', { NotificationType: 'ItemAdded' }, 'ItemAdded', 'ItemType'],
    ['emby', { Event: 'library.new' }, 'library.new', 'Item'],
  ])('%s: %j is answered with 200 and noted with the reason', async (source, message, name, field) => {
    const reason = expect.stringMatching(new RegExp(`^${field}: expected .*\\.$`))
    expect(await post(source, message)).toEqual({ http: 200, status: 'ignored', reason })
    expect(await noted()).toMatchObject({ source, name, outcome: 'ignored', reason })
  })

  it.each(['plex', 'jellyfin', 'emby', 'sonarr', 'radarr'])(
    '%s: what names no event is answered with 422',
    async (source) => {
      for (const [message, field] of [
        [[], ''],
        ['x', ''],
        [{ movie: {} }, expect.stringMatching(/./)],
      ] as const) {
        expect(await post(source, message)).toMatchObject({ http: 422, field })
      }
    },
  )
})

it.runIf(haveSamples)(
  'of the samples at hand, an episode is known by title and year, by its show’s guid, and by nothing else',
  async () => {
    const plex = samples('plex_webhook')
    await ports.requests.add(
      aSeriesRequest({ tmdbId: 82728, tvdbId: 353546, imdbId: 'tt7678620', title: 'Bluey', year: 2018 }),
    )
    const ruleOf = async (name: string) => (await matchEvent(eventOf(readPlexEvent(plex[name])), ports)).rule
    expect(await ruleOf('library_new_episode')).toBe('title')
    expect(await ruleOf('library_new_show')).toBe('tmdb_id')
    expect(await ruleOf('library_new_episode')).toBe('guid')
    expect(await ruleOf('library_new_season')).toBe('guid')
    const jellyfin = samples('jellyfin_webhook')
    await ports.requests.add(
      aSeriesRequest({ tmdbId: 95396, tvdbId: 371980, imdbId: 'tt11280740', title: 'Severance', year: 2022 }),
    )
    for (const [name, rule] of [
      ['item_added_season', 'none'],
      ['item_added_episode', 'title'],
      ['item_added_series', 'tmdb_id'],
      ['item_added_season', 'guid'],
      ['item_added_series_no_ids', 'none'],
    ] as const) {
      expect((await matchEvent(eventOf(readJellyfinEvent(jellyfin[name])), ports)).rule, name).toBe(rule)
    }
  },
)

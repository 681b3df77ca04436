import { describe, expect, it } from 'vitest'
import { JELLYFIN_TEMPLATE, readEmbyEvent, readJellyfinEvent } from '../src/senders/index.ts'
import { anEvent, eventOf, expectAll, haveSamples, isIgnored } from './sender-samples.ts'

const SERVER = '0123456789abcdef0123456789abcdef'
const SHOW = 'aaaaaaaabbbbccccddddeeeeeeeeeeee'
const DASHED = 'AAAAAAAA-bbbb-cccc-dddd-eeeeeeeeeeee'

/** What the plugin makes of the template, for a value as it fills it in. */
function filledIn(values: Record<string, string>): unknown {
  return JSON.parse(JELLYFIN_TEMPLATE.replace(/\{\{\{(\w+)\}\}\}/g, (_whole, name: string) => values[name] ?? ''))
}

describe('what Jellyfin’s webhook plugin sends', () => {
  it('a movie by our template, everything as text', () => {
    const body = filledIn({
      NotificationType: 'ItemAdded',
      ServerId: SERVER,
      ItemType: 'Movie',
      ItemId: DASHED,
      Name: '\\"Crocodile\\" Dundee & Co',
      Year: '1986',
      Provider_tmdb: '9671',
      Provider_tvdb: '5',
      Provider_imdb: 'tt0090555',
    })
    expect(eventOf(readJellyfinEvent(body))).toEqual({
      source: 'jellyfin',
      name: 'ItemAdded',
      kind: 'arrived',
      mediaType: 'movie',
      ids: { tmdbId: 9671, imdbId: 'tt0090555' },
      guid: `jellyfin://${SERVER}/${SHOW}`,
      title: '"Crocodile" Dundee & Co',
      year: 1986,
    })
  })

  it('an episode by its series alone, with all episodes of its file, and the same name of the series', () => {
    const episode = {
      NotificationType: 'ItemAdded',
      ServerId: SERVER,
      ItemType: 'Episode',
      ItemId: 'f'.repeat(32),
      SeriesId: SHOW,
      SeriesName: 'Dallas',
      SeriesPremiereDate: '1978-04-02',
      Year: 1980,
      SeasonNumber: 2,
      EpisodeNumber: 4,
      EpisodeNumberEnd: 5,
      Provider_tvdb: '77',
      Provider_tmdb: '78',
      Provider_imdb: 'tt0000079',
    }
    const event = eventOf(readJellyfinEvent(episode))
    expect(event).toMatchObject({
      mediaType: 'tv',
      ids: {},
      guid: `jellyfin://${SERVER}/${SHOW}`,
      episodeTvdbId: 77,
      title: 'Dallas',
      year: 1978,
      parts: [
        { seasonNumber: 2, episodeNumber: 4 },
        { seasonNumber: 2, episodeNumber: 5 },
      ],
    })
    const series = {
      ...episode,
      ItemType: 'Series',
      ItemId: DASHED,
      Name: 'Dallas',
      Year: 1978,
      Provider_tvdb: '77092',
    }
    expect(eventOf(readJellyfinEvent(series))).toMatchObject({
      ids: { tmdbId: 78, tvdbId: 77092, imdbId: 'tt0000079' },
      guid: event.guid,
      year: 1978,
    })
    const { SeriesPremiereDate: _, EpisodeNumber: __, ...less } = episode
    expect(eventOf(readJellyfinEvent(less))).toMatchObject({ parts: [] })
    expect(eventOf(readJellyfinEvent(less))).not.toHaveProperty('year')
  })

  it('names nothing of a server or an item that it does not tell', () => {
    const body = { NotificationType: 'ItemAdded', ItemType: 'Movie', ItemId: SHOW, Name: 'M' }
    for (const ServerId of [undefined, '', 'x', '0'.repeat(32)]) {
      expect(eventOf(readJellyfinEvent({ ...body, ServerId })), ServerId).not.toHaveProperty('guid')
    }
  })

  it('asks for what the template sends, no more', () => {
    expect(JELLYFIN_TEMPLATE).not.toMatch(/User|Path|Url|Device|RemoteEndPoint|ServerName/)
    expect(Object.keys(filledIn({}) as object)).toHaveLength(15)
    expect(readJellyfinEvent(filledIn({}))).toMatchObject({ kind: 'invalid', field: 'NotificationType' })
  })

  it('other notifications are ignored with the reason, a test is one', () => {
    expect(readJellyfinEvent({ NotificationType: 'PlaybackStart' })).toEqual(isIgnored('"PlaybackStart"'))
    expect(readJellyfinEvent({ NotificationType: 'ItemDeleted', ItemType: 'Movie' })).toEqual(
      isIgnored('"ItemDeleted"'),
    )
    expect(readJellyfinEvent({ NotificationType: 'ItemAdded', ItemType: 'Audio' })).toEqual(isIgnored('"Audio"'))
    expect(readJellyfinEvent({ NotificationType: 'ItemAdded' })).toEqual(
      isIgnored('ItemType: expected Movie, Series, Season or Episode.'),
    )
    expect(readJellyfinEvent({ NotificationType: 'Test' })).toEqual({ kind: 'test' })
    expect(readJellyfinEvent('')).toMatchObject({ kind: 'invalid', field: '' })
  })
})

describe('what Emby sends', () => {
  const body = (item: object, event = 'library.new') => ({
    Title: 'somebody on a television',
    Event: event,
    User: { Name: 'somebody' },
    Server: { Name: 'Attic', Id: SERVER },
    Item: { Path: '/movies/x.mkv', ...item },
  })

  it('a movie and a series by their ids, whatever the case of their names', () => {
    const movie = body({
      Type: 'Movie',
      Id: '77',
      Name: 'M',
      ProductionYear: 1931,
      ProviderIds: { TMDB: '832', tvdb: '5' },
    })
    const event = eventOf(readEmbyEvent(movie))
    expect(event).toEqual({
      source: 'emby',
      name: 'library.new',
      kind: 'arrived',
      mediaType: 'movie',
      ids: { tmdbId: 832 },
      guid: `emby://${SERVER}/77`,
      title: 'M',
      year: 1931,
    })
    const series = body({
      Type: 'Series',
      Id: '8',
      Name: 'Dallas',
      ProductionYear: 1978,
      ProviderIds: { Tvdb: '77092' },
    })
    expect(eventOf(readEmbyEvent(series))).toMatchObject({ mediaType: 'tv', ids: { tvdbId: 77092 }, year: 1978 })
  })

  it('a season and an episode by their series alone', () => {
    const episode = body({
      Type: 'Episode',
      Id: '9',
      SeriesId: '8',
      SeriesName: 'Dallas',
      ParentIndexNumber: 0,
      IndexNumber: 1,
      ProductionYear: 1980,
      ProviderIds: { Tvdb: '5', Tmdb: '6' },
    })
    const event = eventOf(readEmbyEvent(episode))
    expect(event).toMatchObject({
      ids: {},
      guid: `emby://${SERVER}/8`,
      episodeTvdbId: 5,
      title: 'Dallas',
      parts: [{ seasonNumber: 0, episodeNumber: 1 }],
    })
    expect(event).not.toHaveProperty('year')
    expect(JSON.stringify(event)).not.toMatch(/somebody|television|movies/)
    const season = body({ Type: 'Season', SeriesId: '8', SeriesName: 'Dallas', IndexNumber: 2, ProductionYear: 1980 })
    expect(eventOf(readEmbyEvent(season))).toMatchObject({ parts: [{ seasonNumber: 2 }], guid: `emby://${SERVER}/8` })
  })

  it('tests are tests; playback, music and what names no item are ignored; the rest is invalid', () => {
    expect(readEmbyEvent({ Event: 'system.webhooktest' })).toEqual({ kind: 'test' })
    expect(readEmbyEvent(body({}, 'library.deleted'))).toEqual(isIgnored('"library.deleted"'))
    expect(readEmbyEvent(body({ Type: 'Audio' }))).toEqual(isIgnored('"Audio"'))
    for (const none of [body({}), { Event: 'library.new', Item: [] }]) {
      expect(readEmbyEvent(none)).toEqual(isIgnored('Item.Type: expected Movie, Series, Season or Episode.'))
    }
    expect(readEmbyEvent({ Event: 'library.new' })).toEqual(isIgnored('Item: expected the item that arrived.'))
    expect(readEmbyEvent(7)).toMatchObject({ kind: 'invalid', field: '' })
    expect(readEmbyEvent({ Event: {} })).toMatchObject({ kind: 'invalid', field: 'Event' })
  })
})

it('seasons and episodes numbered by the day are read', () => {
  const jellyfin = {
    NotificationType: 'ItemAdded',
    ItemType: 'Episode',
    SeasonNumber: '20261130',
    EpisodeNumber: '99999999',
  }
  const item = { Type: 'Episode', ParentIndexNumber: 20_261_130, IndexNumber: 99_999_999 }
  for (const read of [readJellyfinEvent(jellyfin), readEmbyEvent({ Event: 'library.new', Item: item })]) {
    expect(eventOf(read).parts).toEqual([{ seasonNumber: 20_261_130, episodeNumber: 99_999_999 }])
  }
  expect(eventOf(readJellyfinEvent({ ...jellyfin, SeasonNumber: '100000000' })).parts).toEqual([])
  expect(eventOf(readEmbyEvent({ Event: 'library.new', Item: { ...item, IndexNumber: 100_000_000 } })).parts).toEqual(
    [],
  )
})

it.runIf(haveSamples)('reads every sample of Jellyfin at hand', () => {
  const base = { source: 'jellyfin', name: 'ItemAdded', kind: 'arrived' } as const
  const server = 'jellyfin://00000000000000000000000000000001'
  const severance = {
    ...base,
    mediaType: 'tv',
    title: 'Severance',
    guid: `${server}/3f1d2c4b5a69788796a5b4c3d2e1f001`,
  } as const
  expectAll('jellyfin_webhook', readJellyfinEvent, {
    item_added_audio: isIgnored('"Audio"'),
    item_added_episode: anEvent({
      ...severance,
      ids: {},
      year: 2022,
      episodeTvdbId: 10263563,
      parts: [{ seasonNumber: 2, episodeNumber: 1 }],
    }),
    item_added_movie: anEvent({
      ...base,
      mediaType: 'movie',
      ids: { tmdbId: 550988, imdbId: 'tt6264654' },
      guid: `${server}/f8fa7a608e0a60f502854d0b36c2fd6d`,
      title: 'Free Guy',
      year: 2021,
    }),
    item_added_season: anEvent({ ...severance, ids: {}, parts: [{ seasonNumber: 2 }] }),
    item_added_series: anEvent({
      ...severance,
      year: 2022,
      ids: { tmdbId: 95396, tvdbId: 371980, imdbId: 'tt11280740' },
    }),
    item_added_series_no_ids: anEvent({
      ...base,
      mediaType: 'tv',
      ids: {},
      guid: `${server}/3f1d2c4b5a69788796a5b4c3d2e1f005`,
      title: 'Das Boot – Die Serie',
    }),
    playback_start_episode: isIgnored('"PlaybackStart"'),
  })
})

it.runIf(haveSamples)('reads every sample of Emby at hand', () => {
  expectAll('emby_webhook', readEmbyEvent, {
    library_new_movie: anEvent({
      source: 'emby',
      name: 'library.new',
      kind: 'arrived',
      mediaType: 'movie',
      ids: { tmdbId: 569094, imdbId: 'tt9362722' },
      guid: 'emby://00000000000000000000000000000003/240253001',
      title: '蜘蛛侠：纵横宇宙',
      year: 2023,
    }),
    playback_start_episode: isIgnored('"playback.start"'),
    playback_stop_movie: isIgnored('"playback.stop"'),
    system_notificationtest: { kind: 'test' },
  })
})

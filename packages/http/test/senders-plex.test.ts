import { describe, expect, it } from 'vitest'
import { readPlexEvent } from '../src/senders/index.ts'
import { idsOfLegacyGuid, titleGuid } from '../src/senders/plex-guids.ts'
import { anEvent, eventOf, expectAll, haveSamples, isIgnored } from './sender-samples.ts'

const payload = (metadata: object, rest: object = {}) => ({
  event: 'library.new',
  Account: { id: 1, title: 'somebody' },
  Server: { title: 'Attic', uuid: 'f00' },
  Player: { publicAddress: '198.51.100.7' },
  Metadata: { librarySectionType: 'show', ratingKey: '9', ...metadata },
  ...rest,
})
const guids = (...ids: string[]) => ids.map((id) => ({ id }))

describe('what Plex sends', () => {
  it('a movie by its ids, without TVDB’s of movies', () => {
    const body = payload({
      type: 'movie',
      title: 'Metropolis',
      year: 1927,
      guid: 'plex://movie/5d776',
      Guid: guids('imdb://tt0017136', 'tmdb://19', 'tvdb://512'),
    })
    expect(eventOf(readPlexEvent(body))).toEqual({
      source: 'plex',
      name: 'library.new',
      kind: 'arrived',
      mediaType: 'movie',
      ids: { tmdbId: 19, imdbId: 'tt0017136' },
      guid: 'plex://movie/5d776',
      title: 'Metropolis',
      year: 1927,
    })
  })

  it('a show by its ids, with the number of its episodes', () => {
    const body = payload({
      type: 'show',
      title: 'Dallas (1978)',
      year: 1978,
      guid: 'plex://show/77',
      leafCount: 3,
      Guid: guids('tvdb://77092', 'tmdb://40', 'imdb://tt0077000'),
    })
    expect(eventOf(readPlexEvent(body))).toMatchObject({
      mediaType: 'tv',
      ids: { tmdbId: 40, tvdbId: 77092, imdbId: 'tt0077000' },
      guid: 'plex://show/77',
      title: 'Dallas',
      year: 1978,
      episodeCount: 3,
    })
  })

  it('a season and an episode by their show alone: their own ids and years are left out', () => {
    const season = payload({
      type: 'season',
      index: 0,
      leafCount: 2,
      guid: 'plex://season/1',
      parentGuid: 'plex://show/77',
      parentTitle: 'Dallas',
      parentYear: 1978,
      year: 1980,
      Guid: guids('tvdb://5', 'tmdb://6'),
    })
    expect(eventOf(readPlexEvent(season))).toMatchObject({
      ids: {},
      guid: 'plex://show/77',
      title: 'Dallas',
      year: 1978,
      parts: [{ seasonNumber: 0, episodeCount: 2 }],
    })
    const episode = payload({
      type: 'episode',
      index: 4,
      parentIndex: 2,
      guid: 'plex://episode/1',
      grandparentGuid: 'plex://show/77',
      grandparentTitle: 'Dallas',
      title: 'Ewing-Gate',
      year: 1980,
      Guid: guids('tvdb://5', 'tmdb://6', 'imdb://tt0000007'),
    })
    const event = eventOf(readPlexEvent(episode))
    expect(event).toMatchObject({
      ids: {},
      guid: 'plex://show/77',
      episodeTvdbId: 5,
      title: 'Dallas',
      parts: [{ seasonNumber: 2, episodeNumber: 4 }],
    })
    expect(event).not.toHaveProperty('year')
    expect(JSON.stringify(event)).not.toMatch(/somebody|198\.51|Attic|ratingKey/)
  })

  it('an episode without a show’s guid or without numbers, and never its own guid', () => {
    const event = eventOf(
      readPlexEvent(payload({ type: 'episode', guid: 'plex://episode/1', Guid: guids('tmdb://6') })),
    )
    expect(event).toEqual({
      source: 'plex',
      name: 'library.new',
      kind: 'arrived',
      mediaType: 'tv',
      ids: {},
      parts: [],
    })
  })

  it('legacy agents: movies, and the show in the guid of its episodes', () => {
    const movie = payload({ type: 'movie', title: 'M', guid: 'com.plexapp.agents.imdb://tt0022100?lang=de' })
    expect(eventOf(readPlexEvent(movie))).toMatchObject({ ids: { imdbId: 'tt0022100' }, title: 'M' })
    expect(eventOf(readPlexEvent(movie))).not.toHaveProperty('guid')
    const episode = payload({
      type: 'episode',
      index: 9,
      parentIndex: 17,
      guid: 'com.plexapp.agents.thetvdb://73762/17/9?lang=en',
    })
    expect(eventOf(readPlexEvent(episode))).toMatchObject({ ids: { tvdbId: 73762 } })
  })

  it.each([
    ['another event', payload({ type: 'movie' }, { event: 'media.play' }), '"media.play"'],
    ['an event that is no word', payload({ type: 'movie' }, { event: '<script>' }), "Plex's something"],
    ['music', payload({ type: 'album' }), '"album"'],
  ])('%s is ignored, with the reason', (_what, body, reason) => {
    expect(readPlexEvent(body)).toEqual(isIgnored(reason))
  })

  it('other servers are ignored when one is named', () => {
    const body = payload({ type: 'movie', guid: 'plex://movie/1' })
    expect(readPlexEvent(body, 'Cellar')).toEqual(isIgnored('PLEX_SERVER_NAME'))
    expect(readPlexEvent({ ...body, Server: undefined }, 'Cellar')).toEqual(isIgnored('PLEX_SERVER_NAME'))
    for (const name of ['Attic', ' attic ', '', undefined]) expect(readPlexEvent(body, name).kind, name).toBe('event')
  })

  it.each([
    [null, ''],
    ['text', ''],
    [[], ''],
    [{}, 'event'],
    [{ event: 5 }, 'event'],
  ])('%j is not what Plex sends: %s', (body, field) => {
    expect(readPlexEvent(body)).toEqual({ kind: 'invalid', field, expected: expect.any(String) })
  })

  it.each([
    [{ event: 'library.new' }, 'Metadata: expected the item that arrived.'],
    [{ event: 'library.new', Metadata: 'x' }, 'Metadata: expected the item that arrived.'],
    [{ event: 'library.new', Metadata: {} }, 'Metadata.type: expected movie, show, season or episode.'],
  ])('%j holds nothing that we could use, and is ignored: %s', (body, reason) => {
    expect(readPlexEvent(body)).toEqual({ kind: 'ignored', reason })
  })

  it('odd ids, numbers and titles count as absent', () => {
    const body = payload({
      type: 'movie',
      title: `${'x'.repeat(999)}😀`,
      year: 'soon',
      guid: 7,
      Guid: [
        ...guids('tmdb://0', 'tmdb://2147483648', 'imdb://tt12', 'imdb://tt1234567/x'),
        null,
        'tmdb://5',
        { id: 9 },
      ],
    })
    const { title, ...event } = eventOf(readPlexEvent(body))
    expect(event).toEqual({ source: 'plex', name: 'library.new', kind: 'arrived', mediaType: 'movie', ids: {} })
    expect(title).toBe('x'.repeat(999))
  })
})

describe('what Plex knows no movie or series behind', () => {
  const HOME = isIgnored('home video or a clip')
  const wedding = { type: 'movie', title: 'Wedding', year: 2015 }
  const day = { type: 'episode', index: 1, parentIndex: 2015, title: 'Beach', grandparentTitle: 'Holidays (2015)' }

  it.each([
    ['a clip', { ...wedding, subtype: 'clip', guid: 'local://5512' }],
    ['a movie of no agent', { ...wedding, guid: 'tv.plex.agents.none://83a' }],
    ['a movie of no legacy agent', { ...wedding, guid: 'com.plexapp.agents.none://83a?lang=xn' }],
    [
      'a movie of no agent with TVDB’s id of movies',
      { ...wedding, guid: 'tv.plex.agents.none://83a', Guid: guids('tvdb://5') },
    ],
    [
      'a show of no agent',
      { type: 'show', title: 'Holidays', year: 2015, guid: 'tv.plex.agents.none://1', leafCount: 3 },
    ],
    [
      'a season of no agent',
      { type: 'season', index: 1, parentTitle: 'Holidays', parentYear: 2015, parentGuid: 'tv.plex.agents.none://1' },
    ],
    ['an episode of a show of no agent', { ...day, grandparentGuid: 'com.plexapp.agents.none://1' }],
    ['an episode of a season of no agent', { ...day, parentGuid: 'com.plexapp.agents.none://1/2015' }],
    ['an episode of no agent', { ...day, guid: 'com.plexapp.agents.none://1/2015/1' }],
    ['an episode that is a clip', { ...day, subtype: 'clip' }],
  ])('is ignored: %s', (_what, metadata) => {
    expect(readPlexEvent(payload(metadata))).toEqual(HOME)
  })

  it('has no title to match by where it has ids', () => {
    const event = eventOf(
      readPlexEvent(payload({ ...wedding, subtype: 'clip', guid: 'plex://movie/5d77', Guid: guids('tmdb://19') })),
    )
    expect(event).toEqual({
      source: 'plex',
      name: 'library.new',
      kind: 'arrived',
      mediaType: 'movie',
      ids: { tmdbId: 19 },
      guid: 'plex://movie/5d77',
    })
    for (const more of [{ Guid: guids('tvdb://5') }, { grandparentGuid: 'plex://show/77' }]) {
      const told = eventOf(readPlexEvent(payload({ ...day, guid: 'tv.plex.agents.none://9', ...more })))
      expect(told).toMatchObject({ parts: [{ seasonNumber: 2015, episodeNumber: 1 }] })
      expect(told).not.toHaveProperty('title')
      expect(told).not.toHaveProperty('year')
    }
  })

  it('is not what Plex has merely not looked up yet, nor music', () => {
    expect(eventOf(readPlexEvent(payload({ ...wedding, guid: 'local://5512' })))).toMatchObject({ title: 'Wedding' })
    expect(readPlexEvent(payload({ type: 'clip', subtype: 'clip' }))).toEqual(isIgnored('"clip"'))
  })
})

describe('the library that a season is counted in', () => {
  const seasonOf = (more: object) =>
    eventOf(readPlexEvent(payload({ type: 'season', index: 3, parentGuid: 'plex://show/77', ...more }))).parts

  it.each([
    [
      { leafCount: 2, librarySectionID: 5 },
      { episodeCount: 2, library: '5' },
    ],
    [
      { leafCount: 2, librarySectionID: '12' },
      { episodeCount: 2, library: '12' },
    ],
    [{ leafCount: 2 }, { episodeCount: 2 }],
    [{ leafCount: 2, librarySectionID: {} }, { episodeCount: 2 }],
    [{ leafCount: 2, librarySectionID: 'x'.repeat(65) }, { episodeCount: 2 }],
    [{ librarySectionID: 5 }, {}],
  ])('is told beside a count and nowhere else: %j', (more, expected) => {
    expect(seasonOf(more)).toEqual([{ seasonNumber: 3, ...expected }])
  })
})

describe('guids', () => {
  it.each([
    ['com.plexapp.agents.imdb://tt0948470?lang=en', 'movie', { imdbId: 'tt0948470' }],
    ['com.plexapp.agents.themoviedb://603?lang=en', 'movie', { tmdbId: 603 }],
    ['com.plexapp.agents.themoviedb://1396/1/2?lang=en', 'episode', { tmdbId: 1396 }],
    ['com.plexapp.agents.thetvdb://81189?lang=en', 'show', { tvdbId: 81189 }],
    ['com.plexapp.agents.thetvdb://81189/1?lang=en', 'season', { tvdbId: 81189 }],
    ['com.plexapp.agents.thetvdbdvdorder://81189?lang=en', 'show', { tvdbId: 81189 }],
    ['com.plexapp.agents.hama://tvdb-81189?lang=en', 'show', { tvdbId: 81189 }],
    ['com.plexapp.agents.hama://tvdb4-81189/1/1?lang=en', 'episode', { tvdbId: 81189 }],
    ['com.plexapp.agents.hama://tsdb-1396', 'show', { tmdbId: 1396 }],
    ['com.plexapp.agents.hama://tmdb-603', 'movie', { tmdbId: 603 }],
    ['com.plexapp.agents.hama://imdb-tt0133093', 'movie', { imdbId: 'tt0133093' }],
    ['com.plexapp.agents.hama://anidb-4242/1/1', 'episode', {}],
    // An episode's own number, not behind its series': nobody's that we know.
    ['com.plexapp.agents.thetvdb://349232?lang=en', 'episode', {}],
    ['com.plexapp.agents.thetvdb://81189/1/1', 'show', {}],
    ['com.plexapp.agents.thetvdb://5', 'movie', {}],
    ['com.plexapp.agents.hama://tvdb-5', 'movie', {}],
    ['com.plexapp.agents.thetvdb://99999999999', 'show', {}],
    ['com.plexapp.agents.none://abc', 'movie', {}],
    ['com.plexapp.agents.imdb://', 'movie', {}],
    ['local://5', 'show', {}],
    ['tmdb://5', 'movie', {}],
    [undefined, 'show', {}],
  ] as const)('%s of a %s', (guid, level, ids) => {
    expect(idsOfLegacyGuid(guid, level)).toEqual(ids)
  })

  it('of a title only where it means the same on every server', () => {
    expect(titleGuid('plex://show/5d9c', 'tv')).toBe('plex://show/5d9c')
    for (const guid of ['plex://episode/5d9c', 'plex://movie/5d9c', 'local://5', 'plex://show/', 'plex://show/a b']) {
      expect(titleGuid(guid, 'tv'), guid).toBeUndefined()
    }
  })
})

it.runIf(haveSamples)('reads every sample of Plex at hand', () => {
  const base = { source: 'plex', name: 'library.new', kind: 'arrived' } as const
  const bluey = {
    ...base,
    mediaType: 'tv',
    guid: 'plex://show/5d9c090e705e7a001e6e94d8',
    title: 'Bluey',
    year: 2018,
  } as const
  expectAll('plex_webhook', (body) => readPlexEvent(body), {
    admin_database_backup_no_metadata: isIgnored('"admin.database.backup"'),
    library_new_album: isIgnored('"album"'),
    library_new_episode: anEvent({
      ...bluey,
      ids: {},
      episodeTvdbId: 8031280,
      parts: [{ seasonNumber: 2, episodeNumber: 50 }],
    }),
    library_new_movie: anEvent({
      ...base,
      mediaType: 'movie',
      ids: { tmdbId: 335977, imdbId: 'tt1462764' },
      guid: 'plex://movie/5d776b95fb0d55001f56c2c7',
      title: 'Indiana Jones et le Cadran de la destinée',
      year: 2023,
    }),
    library_new_movie_legacy_imdb_agent: anEvent({
      ...base,
      mediaType: 'movie',
      ids: { imdbId: 'tt0948470' },
      title: 'The Amazing Spider-Man',
      year: 2012,
    }),
    library_new_season: anEvent({ ...bluey, ids: {}, parts: [{ seasonNumber: 2, episodeCount: 50, library: '5' }] }),
    library_new_show: anEvent({
      ...bluey,
      ids: { tmdbId: 82728, tvdbId: 353546, imdbId: 'tt7678620' },
      episodeCount: 3,
    }),
    library_on_deck_episode: isIgnored('"library.on.deck"'),
    media_pause_movie_extra_keys: isIgnored('"media.pause"'),
    media_play_movie: isIgnored('"media.play"'),
    media_play_track: isIgnored('"media.play"'),
    media_scrobble_episode_unicode: isIgnored('"media.scrobble"'),
    media_stop_episode_french_anime: isIgnored('"media.stop"'),
  })
})

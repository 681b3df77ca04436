import { describe, expect, it } from 'vitest'
import { type MediaRequest, parseFeedSettings, type StatusStatement } from '../src/index.ts'
import {
  addressText,
  appOf,
  changeFeedSettings,
  confirmedAt,
  FEED_NAMES,
  type FeedReader,
  type FeedSettings,
  findProfile,
  firstFeedSettings,
  folderIdOf,
  folderOf,
  isAt,
  isSilent,
  keptRows,
  listedTitles,
  MAX_READERS,
  parseAddress,
  parseReaders,
  profileOf,
  qualityProfiles,
  rootFoldersOf,
  rssParts,
  storedReaders,
  tagLabel,
  undeliverableBy,
  withRead,
} from '../src/rules.ts'
import { aMovieRequest, aSeriesRequest } from '../src/testing/builders.ts'

const DAY = 24 * 3_600_000

describe('lists', () => {
  it('leave out what they cannot name, each for its own want of an id', () => {
    const { imdbId: _, ...movie } = aMovieRequest()
    const { tvdbId: __, ...series } = aSeriesRequest()
    expect(undeliverableBy(movie)).toEqual(['radarr'])
    expect(undeliverableBy({ ...movie, imdbId: 'tt12' })).toEqual(['radarr'])
    expect(undeliverableBy(series)).toEqual(['sonarr-program', 'sonarr', 'rss-tv', 'rss-all'])
    expect(undeliverableBy(aSeriesRequest())).toEqual([])
  })

  it('keep the row of a series without TVDB id where a newer Sonarr reads it', () => {
    const { tvdbId: _, ...series } = aSeriesRequest()
    expect(FEED_NAMES.filter((feed) => isAt({ feed }, series))).toEqual(['sonarr'])
  })

  it('have one text for each address', () => {
    for (const feed of FEED_NAMES) {
      for (const profileId of [undefined, 7]) {
        const address = profileId === undefined ? { feed } : { feed, profileId }
        expect(parseAddress(addressText(address))).toEqual(address)
      }
    }
    expect(parseAddress('nothing@1')).toBeUndefined()
  })

  const rss = (requests: MediaRequest[]) => [...rssParts([listedTitles(requests)])].join('')

  it('escape titles in RSS and leave out what XML has no place for', () => {
    const text = rss([aMovieRequest({ title: 'A < B & "C" \u0007\ud800 > 👩', imdbId: 'tt123456789' })])
    expect(text).toContain('<title>A &lt; B &amp; "C"  &gt; 👩 (1999)</title>')
    // Nine digits would be cut to eight by the clients: another movie.
    expect(text).toContain('<guid isPermaLink="false">tmdb://603</guid>')
    expect(text).not.toContain('tt1234')
    expect(rss([aMovieRequest(), aSeriesRequest()])).toMatch(/imdb:\/\/tt0133093.*movie[\s\S]*tvdb:\/\/81189.*show/)
  })
})

describe('retention', () => {
  const said = (source: StatusStatement['source'], at: number): StatusStatement => ({ status: 'available', source, at })
  const here = (tmdbId: number, addedAt: number, statements: StatusStatement[]): MediaRequest =>
    aMovieRequest({ tmdbId, status: 'available', addedAt, statements })

  it('counts from the second source, never from the first', () => {
    expect(confirmedAt(here(1, 0, [said('plex', 5)]))).toBeUndefined()
    expect(confirmedAt(here(1, 0, [said('plex', 5), said('sync', 9)]))).toBe(9)
    expect(confirmedAt(here(1, 0, [said('plex', 5), said('person', 9)]))).toBeUndefined()
  })

  it('drops what was confirmed so many days ago, a day after it came at the earliest, and never the last', () => {
    const old = here(1, 0, [said('plex', 0), said('sync', DAY)])
    const waiting = aMovieRequest({ tmdbId: 2 })
    expect(keptRows([old, waiting], undefined, 900)).toHaveLength(2)
    expect(keptRows([old, waiting], 3, 3)).toHaveLength(2)
    expect(keptRows([old, waiting], 3, 4)).toEqual([waiting])
    const later = here(3, 5 * DAY, [said('plex', 5 * DAY), said('sync', 5 * DAY)])
    expect(keptRows([old, later], 1, 900)).toEqual([later])
    expect(keptRows([old, later, waiting], 1, 6)).toEqual([waiting])
    const unconfirmed = here(4, 0, [said('plex', 0)])
    expect(keptRows([unconfirmed, waiting], 1, 900)).toHaveLength(2)
  })
})

describe('retention at its edges', () => {
  const said = (source: StatusStatement['source'], at: number): StatusStatement => ({ status: 'available', source, at })
  const whole = [said('plex', 5 * DAY), said('sync', 2 * DAY)]

  it('takes the later of two statements, in whatever order they are kept', () => {
    expect(confirmedAt(aMovieRequest({ status: 'available', statements: whole }))).toBe(5 * DAY)
    expect(confirmedAt(aMovieRequest({ status: 'partly_available', statements: whole }))).toBeUndefined()
    const parts: StatusStatement[] = [said('plex', 1), { ...said('sync', 2), status: 'partly_available' }]
    expect(confirmedAt(aMovieRequest({ status: 'available', statements: parts }))).toBeUndefined()
  })

  it('waits a day after it came, and for ever where that is not known', () => {
    const waiting = aMovieRequest({ tmdbId: 2 })
    const came = aMovieRequest({ status: 'available', addedAt: 6 * DAY, statements: whole })
    expect(keptRows([came, waiting], 0, 6)).toHaveLength(2)
    expect(keptRows([came, waiting], 0, 7)).toEqual([waiting])
    const { addedAt: _, ...unknown } = came
    expect(keptRows([unknown, waiting], 0, 900)).toHaveLength(2)
    expect(keptRows([], 0, 900)).toEqual([])
  })

  it('begins for a series when it has ended and is complete, and not while it is up to date', () => {
    const waiting = aMovieRequest({ tmdbId: 2 })
    const upToDate = aSeriesRequest({ status: 'available', addedAt: 0, statements: whole })
    expect(keptRows([upToDate, waiting], 1, 900)).toHaveLength(2)
    const complete = { ...upToDate, completeAt: 20 * DAY }
    expect(keptRows([complete, waiting], 3, 22)).toHaveLength(2)
    expect(keptRows([complete, waiting], 3, 23)).toEqual([waiting])
    // The other entry of its TVDB id has the same row, which stays as it was read.
    const twin = aSeriesRequest({ tmdbId: 3 })
    expect(keptRows([complete, twin, waiting], 3, 23)).toHaveLength(3)
  })

  it('keeps the one that came last, of two at one moment the first', () => {
    const came = (tmdbId: number, addedAt: number) =>
      aMovieRequest({ tmdbId, status: 'available', addedAt, statements: whole })
    expect(keptRows([came(1, 1), came(2, 3), came(3, 2)], 0, 900).map(({ tmdbId }) => tmdbId)).toEqual([2])
    expect(keptRows([came(1, 3), came(2, 3)], 0, 900).map(({ tmdbId }) => tmdbId)).toEqual([1])
  })

  it('tells nobody of lists that a request is not in any more', () => {
    const { imdbId: _, ...nameless } = aMovieRequest({ status: 'gone' })
    expect(undeliverableBy(nameless)).toEqual([])
  })
})

describe('quality profiles', () => {
  const change = (settings: FeedSettings, wanted: Parameters<typeof changeFeedSettings>[1], used: number[] = []) => {
    const outcome = changeFeedSettings(settings, wanted, new Set(used))
    if ('refused' in outcome) throw new Error(outcome.refused.kind)
    return outcome.settings
  }
  const two = change(firstFeedSettings(), {
    profiles: [
      { id: 1, name: 'HD' },
      { name: '4K', rootFolders: { movie: '/movies-4k/' } },
    ],
  })

  it('keep their ids whatever becomes of the others', () => {
    expect(qualityProfiles(two).map(({ id, name }) => [id, name])).toEqual([
      [1, 'HD'],
      [2, '4K'],
    ])
    const without = change(two, { profiles: [{ id: 2, name: '4K' }] })
    expect(qualityProfiles(without).map(({ id }) => id)).toEqual([2])
    expect(without.defaultProfileId).toBe(2)
    const grown = change(without, { profiles: [{ id: 2, name: '4K' }, { name: 'Kids' }, { name: 'hd' }] })
    expect(qualityProfiles(grown).map(({ id, name }) => [id, name])).toEqual([
      [1, 'hd'],
      [2, '4K'],
      [3, 'Kids'],
    ])
    expect(profileOf(without, 1)?.name).toBe('HD')
  })

  it('have root folders with ids of their own, the same for ever', () => {
    expect(rootFoldersOf(two, 'movie', new Set())).toEqual([
      { id: 1, path: '/movies' },
      { id: 3, path: '/movies-4k' },
    ])
    const moved = change(two, {
      profiles: [
        { id: 1, name: 'HD', rootFolders: { movie: '/cinema' } },
        { id: 2, name: '4K' },
      ],
    })
    expect(rootFoldersOf(moved, 'movie', new Set())).toEqual([
      { id: 3, path: '/movies-4k' },
      { id: 4, path: '/cinema' },
    ])
    expect(rootFoldersOf(moved, 'tv', new Set())).toEqual([{ id: 2, path: '/tv' }])
    // As long as a row has it, it is in the menu.
    expect(rootFoldersOf(moved, 'movie', new Set([1, undefined])).map(({ path }) => path)).toContain('/movies')
    expect([1, 2, 9].map((id) => folderIdOf(moved, id, 'movie'))).toEqual([4, 3, undefined])
    const row = { mediaType: 'movie' as const, qualityProfileId: 1 }
    expect(
      [row, { ...row, rootFolderId: 1 }, { ...row, qualityProfileId: 9 }].map((one) => folderOf(moved, one)),
    ).toEqual(['/cinema', '/movies', '/cinema'])
  })

  it('are found by id and by name', () => {
    expect(findProfile(two, '2')?.name).toBe('4K')
    expect(findProfile(two, '4k')?.id).toBe(2)
    for (const unknown of ['', '3', 'Kids', '0']) expect(findProfile(two, unknown)).toBeUndefined()
  })

  const rename = (settings: FeedSettings, ...names: string[]) =>
    change(settings, { profiles: names.map((name, place) => ({ id: place + 1, name })) })

  it('are still found by a name they had, so that a rename takes nothing away', () => {
    const renamed = rename(rename(two, 'Full HD', '4K'), 'HD+', 'UHD')
    expect(['hd', 'full hd', 'HD+', '4K', 'UHD'].map((name) => findProfile(renamed, name)?.id)).toEqual([1, 1, 1, 2, 2])
    const back = rename(renamed, 'HD', 'UHD')
    expect(back.profiles[0]).toMatchObject({ name: 'HD', formerNames: ['HD+', 'Full HD', 'Standard'] })
    expect(findProfile(back, 'HD+')?.id).toBe(1)
    expect(qualityProfiles(back)[0]).toEqual({ id: 1, name: 'HD', rootFolders: { movie: '/movies', tv: '/tv' } })
    // The same letters, composed and not.
    const accents = rename(rename(two, 'Cin\u00e9', '4K'), 'Cine\u0301', '4K')
    expect(accents.profiles[0]?.formerNames).toEqual(['HD', 'Standard'])
  })

  it('are not found by a name that is or was two profiles’', () => {
    const swapped = rename(rename(rename(two, 'HD', 'x'), '4K', 'x'), '4K', 'HD')
    for (const name of ['4K', 'hd']) expect(findProfile(swapped, name)).toBeUndefined()
    expect(findProfile(swapped, 'x')?.id).toBe(2)
    expect(findProfile(swapped, '2')?.name).toBe('HD')
    const removed = change(two, { profiles: [{ id: 1, name: 'HD' }] })
    expect(findProfile(removed, '4K')).toBeUndefined()
    expect(findProfile(rename(removed, '4K'), '4K')).toBeUndefined()
  })

  it.each([
    ['profile_in_use', { profiles: [{ id: 2, name: '4K' }] }],
    ['doubled_name', { profiles: [{ id: 1, name: 'HD' }, { name: 'hd' }] }],
    ['unknown_profile', { profiles: [{ id: 9, name: 'HD' }] }],
    ['unknown_default', { defaultProfileId: 9 }],
    ['too_many', { profiles: [{ id: 1, name: 'HD' }, ...Array.from({ length: 50 }, (_, n) => ({ name: `P${n}` }))] }],
  ])('refuse %s', (kind, wanted) => {
    const outcome = changeFeedSettings(two, wanted, new Set([1]))
    expect('refused' in outcome && outcome.refused.kind).toBe(kind)
  })

  it('are never guessed from what cannot be read', () => {
    for (const stored of ['', 'null', '{}', '{"profiles":[]}', '[1']) {
      expect(() => parseFeedSettings(stored), stored).toThrow(/cannot be read/)
    }
    expect(parseFeedSettings(JSON.stringify(two))).toEqual(two)
  })
})

it('a tag is a slug of the name with four digits of its hash', () => {
  expect(tagLabel('Zoë & Bob!', 'abcdef')).toBe('zoe-bob-abcd')
  expect(tagLabel('李', 'abcdef')).toBe('user-abcd')
})

describe('readers', () => {
  const read = (given: Partial<FeedReader> = {}): Omit<FeedReader, 'firstReadAt'> => ({
    feed: 'radarr-program',
    keyId: 'feed',
    app: 'Radarr',
    rows: 1,
    oldKey: false,
    lastReadAt: 1000,
    ...given,
  })

  it('are known by their User-Agent', () => {
    expect(appOf('Radarr/6.1.0.10000 (ubuntu 24.04)')).toEqual({ app: 'Radarr', version: '6.1.0.10000' })
    expect(appOf('sonarr/4.0')).toEqual({ app: 'Sonarr', version: '4.0' })
    for (const other of ['Mozilla/5.0 (X11)', 'curl/8', '', undefined, 'Radarr']) {
      expect(appOf(other)).toEqual({ app: 'other' })
    }
  })

  it('are one a key, program and address, at most fifty, and forgotten after three months', () => {
    let readers: FeedReader[] = []
    for (let n = 0; n < 60; n += 1) readers = withRead(readers, read({ keyId: `k${n}`, lastReadAt: n }))
    expect([readers.length, readers[0]?.keyId]).toEqual([MAX_READERS, 'k59'])
    readers = withRead(readers, read({ keyId: 'k59', lastReadAt: 500, rows: 7 }))
    expect(readers[0]).toMatchObject({ firstReadAt: 59, lastReadAt: 500, rows: 7 })
    expect(withRead(readers, read({ keyId: 'new', lastReadAt: 100 * DAY }))).toHaveLength(1)
  })

  it('survive being stored, and what cannot be read is left out', () => {
    const readers = withRead([], { ...read(), feed: 'radarr', profileId: 2, version: '6.1' })
    expect(parseReaders(storedReaders(readers))).toEqual(readers)
    for (const stored of [undefined, '', '{}', '[null,1,{}]', '[{"address":"no","keyId":"a","app":"b"}]']) {
      expect(parseReaders(stored)).toEqual([])
    }
  })

  it('are silent a day after their next read was due, if they had come back before', () => {
    const steady: FeedReader = { ...read(), firstReadAt: 0, lastReadAt: DAY }
    const due = DAY + 15 * 60_000
    expect(isSilent(steady, due + DAY)).toBe(false)
    expect(isSilent(steady, due + DAY + 1)).toBe(true)
    // StevenLu comes once a day.
    expect(isSilent({ ...steady, feed: 'radarr' }, 2 * DAY + 10)).toBe(false)
    expect(isSilent({ ...steady, feed: 'radarr' }, 3 * DAY + 10)).toBe(true)
    expect(isSilent({ ...steady, firstReadAt: DAY - 60_000 }, 90 * DAY)).toBe(false)
    expect(isSilent({ ...steady, app: 'other' }, 90 * DAY)).toBe(false)
  })
})

import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  type FeedAnswer,
  type ListType,
  parseXml,
  pressTest,
  RADARR_TYPES,
  readAsRadarrCustom,
  readAsRadarrPlexRss,
  readAsRadarrProgram,
  readAsRadarrRssList,
  readAsSonarrCustom,
  readAsSonarrPlexRss,
  readAsSonarrProgram,
  readAsStevenLu,
  SONARR_TYPES,
} from './clients/index.ts'

function answer(body: unknown, { status = 200, type = 'application/json; charset=utf-8' } = {}): FeedAnswer {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return { status, headers: new Headers({ 'content-type': type }), text }
}

const TYPES = {
  stevenlu: RADARR_TYPES.stevenlu,
  radarrCustom: RADARR_TYPES.custom,
  sonarrCustom: SONARR_TYPES.custom,
  radarrProgram: RADARR_TYPES.program,
  sonarrProgram: SONARR_TYPES.program,
} satisfies Record<string, ListType>
type Name = keyof typeof TYPES
const NAMES = Object.keys(TYPES) as Name[]

/** How many rows each list type reads, or that it fails; and what its *Test* button says. */
function outcome(given: FeedAnswer) {
  const entries = NAMES.map((name) => {
    const test = pressTest(TYPES[name], given).kind
    try {
      return [name, `${TYPES[name].read(given, {}).length} rows, test ${test}`]
    } catch {
      return [name, `fails, test ${test}`]
    }
  })
  return Object.fromEntries(entries) as Record<Name, string>
}

const each = (value: string, others: Partial<Record<Name, string>> = {}) => ({
  ...Object.fromEntries(NAMES.map((name) => [name, value])),
  ...others,
})

describe('what each list type makes of an answer', () => {
  const warned = { stevenlu: '0 rows, test warning', radarrCustom: '0 rows, test warning' }

  it('takes an empty list as an empty list', () => {
    expect(outcome(answer([]))).toEqual(each('0 rows, test ok', warned))
  })

  it.each(['null', '', ' \n'])('takes %j as an empty list where the client does', (body) => {
    expect(outcome(answer(body))).toEqual(each('fails, test ok', warned))
  })

  it.each(['{}', '<html>sign in</html>', '\ufeff[]', '{"errors":["no"]}', '[null]', '[1]', '[] []', '"text"', '[[]]'])(
    'fails for %j',
    (body) => {
      expect(outcome(answer(body))).toEqual(each('fails, test failed'))
    },
  )

  it.each([302, 304, 401, 403, 404, 429, 500, 503])('fails for HTTP %i', (status) => {
    expect(outcome(answer('', { status }))).toEqual(each('fails, test failed'))
    if (status < 400) return
    expect(outcome(answer([], { status }))).toEqual(each('fails, test failed'))
  })

  it('says in the Test button what was wrong, where the client does', () => {
    const message = (name: Name, status: number) => pressTest(TYPES[name], answer('', { status })).message
    expect(message('radarrProgram', 401)).toBe('API Key is invalid')
    expect(message('sonarrProgram', 401)).toBe('API Key is invalid')
    expect(message('sonarrCustom', 401)).toBe('Authentication Failure')
    expect(message('stevenlu', 401)).toMatch(/^Unable to connect/)
    expect(message('radarrProgram', 302)).toMatch(/URL is invalid/)
    expect(message('sonarrProgram', 500)).toMatch(/^Unable to connect/)
  })

  it('refuses text/json in the StevenLu list alone', () => {
    const one = [{ id: 1, title: 'A', imdb_id: 'tt0000001', tvdbId: 5, tmdbId: 1 }]
    expect(outcome(answer(one, { type: 'text/json' }))).toEqual(
      each('1 rows, test ok', { stevenlu: 'fails, test failed' }),
    )
  })
})

describe('the plain lists', () => {
  it('reads one body by both types of Radarr', () => {
    const body = answer([{ id: 27205, title: 'Inception (2010)', imdb_id: 'tt1375666' }])
    expect(readAsStevenLu(body)).toEqual([{ title: 'Inception (2010)', imdbId: 'tt1375666' }])
    expect(readAsRadarrCustom(body)).toEqual([{ tmdbId: 27205 }])
  })

  it('reads names whatever their case', () => {
    expect(readAsStevenLu(answer([{ Title: 'A', IMDB_ID: 'tt0000001' }]))).toHaveLength(1)
    expect(readAsSonarrCustom(answer([{ TVDBID: 7 }]))).toEqual([{ tvdbId: 7, tmdbId: 0 }])
  })

  it.each([
    { title: 'A' },
    { title: 'A', imdb_id: '' },
    { title: 'A', imdb_id: null },
    { title: 'A', imdb_id: 'tt12' },
  ])('judges the StevenLu row %j, which Radarr takes and searches by title', (row) => {
    expect(RADARR_TYPES.stevenlu.read(answer([row]))).toHaveLength(1)
    expect(() => readAsStevenLu(answer([row]))).toThrow('title search')
  })

  it.each([
    { id: null },
    { id: 1.5 },
    { id: 'one' },
    { id: 3e9 },
    { id: 1, vote_count: null },
    { id: 1, adult: null },
    { id: 1, popularity: 'much' },
    { id: 1, genre_ids: 'x' },
    { id: 1, title: {} },
  ])('fails Custom Lists for %j', (row) => {
    expect(() => readAsRadarrCustom(answer([{ id: 2 }, row]))).toThrow()
  })

  it('leaves rows without an id out of Custom Lists, and judges them', () => {
    expect(RADARR_TYPES.custom.read(answer([{ id: 0 }, {}, { id: 5, genre_ids: [1, null], popularity: 7.5 }]))).toEqual(
      [{ tmdbId: 5, tvdbId: 0 }],
    )
    expect(() => readAsRadarrCustom(answer([{ id: 0 }]))).toThrow('above 0')
  })

  it.each([81189, '81189'])('reads the TVDB id %j in Sonarr', (tvdbId) => {
    expect(readAsSonarrCustom(answer([{ tvdbId, title: null }]))).toEqual([{ tvdbId: 81189, tmdbId: 0 }])
  })

  it.each(['null', '""', '81189.0', '8.1189e4', '"text"', '[]', 'true'])('fails Sonarr for the TVDB id %s', (value) => {
    expect(() => readAsSonarrCustom(answer(`[{"tvdbId":1},{"tvdbId":${value}}]`))).toThrow('tvdbId')
  })

  it('takes a row of Sonarr by any id, and judges one without', () => {
    expect(readAsSonarrCustom(answer([{ tmdbId: 3 }, { imdbId: 'tt1' }]))).toHaveLength(2)
    expect(() => readAsSonarrCustom(answer([{ title: 'A' }]))).toThrow('any id')
  })
})

const movie = { tmdbId: 5, title: 'A', year: 1999, qualityProfileId: 2, tags: [3], path: '/movies/A (1999)' }
const series = {
  tvdbId: 6,
  title: 'B',
  year: 2001,
  qualityProfileId: 2,
  languageProfileId: 1,
  rootFolderPath: '/tv/',
  tags: [3],
  seasons: [
    { seasonNumber: 0, monitored: false },
    { seasonNumber: 1, monitored: true },
  ],
}

describe('the program lists', () => {
  it('reads movies and series', () => {
    expect(readAsRadarrProgram(answer([movie]))).toEqual([{ tmdbId: 5, title: 'A', year: 1999 }])
    expect(readAsSonarrProgram(answer([series]))).toEqual([{ tvdbId: 6, title: 'B' }])
    expect(readAsSonarrProgram(answer([series]), { syncSeasonMonitoring: true })).toEqual([
      { tvdbId: 6, title: 'B', seasons: series.seasons },
    ])
  })

  it.each([
    { tmdbId: null },
    { year: null },
    { monitored: null },
    { qualityProfileId: null },
    { inCinemas: null },
    { inCinemas: '' },
    { physicalRelease: 'soon' },
    { tags: ['x'] },
    { images: [{ coverType: 'portrait' }] },
  ])('fails Radarr for %j', (change) => {
    expect(() => readAsRadarrProgram(answer([movie, { ...movie, ...change }]))).toThrow()
  })

  it.each([
    { tvdbId: null },
    { monitored: null },
    { languageProfileId: null },
    { seasons: [{ seasonNumber: null }] },
    { seasons: [{ seasonNumber: 1, monitored: null }] },
  ])('fails Sonarr for %j', (change) => {
    expect(() => readAsSonarrProgram(answer([series, { ...series, ...change }]))).toThrow()
  })

  it('takes known covers, a date, and missing fields', () => {
    const full = { ...movie, images: [{ coverType: 'poster' }, {}], inCinemas: '2015-04-16T00:00:00Z' }
    expect(readAsRadarrProgram(answer([full, {}]))).toHaveLength(2)
  })

  it('filters: profiles or-ed, any tag, a folder as a part whatever its case', () => {
    const rows = answer([movie, { ...movie, tmdbId: 9, qualityProfileId: 4, tags: [], path: '/Kids/B' }])
    const ids = (filters: object) => readAsRadarrProgram(rows, filters).map((row) => row.tmdbId)
    expect(ids({ profileIds: [2, 4] })).toEqual([5, 9])
    expect(ids({ profileIds: [4] })).toEqual([9])
    expect(ids({ tagIds: [8, 3] })).toEqual([5])
    expect(ids({ rootFolderPaths: ['/kids'] })).toEqual([9])
    expect(ids({ profileIds: [2], rootFolderPaths: ['/kids'] })).toEqual([])
    const tv = (filters: object) => readAsSonarrProgram(answer([series]), filters).length
    expect([tv({ languageProfileIds: [1] }), tv({ languageProfileIds: [2] })]).toEqual([1, 0])
    expect([tv({ rootFolderPaths: ['TV'] }), tv({ rootFolderPaths: ['/tv/B'] })]).toEqual([1, 0])
  })

  it('fails for a missing field once its filter is on, while Test is content', () => {
    const { tags: _, path: __, ...bare } = movie
    const { tags: ___, rootFolderPath: ____, seasons: _____, ...bareSeries } = series
    expect(outcome(answer([bare])).radarrProgram).toBe('1 rows, test ok')
    expect(() => readAsRadarrProgram(answer([bare]), { tagIds: [3] })).toThrow('tags')
    expect(() => readAsRadarrProgram(answer([bare]), { rootFolderPaths: ['/'] })).toThrow('path')
    // The filter before it has sorted the row out already.
    expect(readAsRadarrProgram(answer([bare]), { profileIds: [9], tagIds: [3] })).toEqual([])
    for (const filters of [{ tagIds: [3] }, { rootFolderPaths: ['/'] }, { syncSeasonMonitoring: true }]) {
      expect(() => readAsSonarrProgram(answer([bareSeries]), filters)).toThrow()
    }
    expect(readAsSonarrProgram(answer([bareSeries]))).toHaveLength(1)
  })
})

const rss = (...items: string[]) =>
  answer(
    `<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel><title>T</title>${items.join('')}</channel></rss>`,
    { type: 'application/rss+xml' },
  )
const item = (category: string, guid: string) =>
  `<item><title>A &amp; B</title><category>${category}</category><guid isPermaLink="false">${guid}</guid></item>`

describe('the RSS lists', () => {
  it('reads one feed by both clients', () => {
    const feed = rss(item('movie', 'imdb://tt1375666'), item('movie', 'tmdb://603'), item('show', 'tvdb://81189'))
    expect(readAsRadarrPlexRss(feed)).toEqual([
      { title: 'A & B', tmdbId: 0, imdbId: 'tt1375666' },
      { title: 'A & B', tmdbId: 603 },
    ])
    expect(readAsSonarrPlexRss(feed)).toEqual([{ title: 'A & B', tvdbId: 81189, tmdbId: 0 }])
    expect(readAsRadarrPlexRss(rss())).toEqual([])
    expect(pressTest(RADARR_TYPES.plexRss, rss()).kind).toBe('warning')
  })

  it('cuts long IMDb ids and takes a bare number for whatever it may be', () => {
    expect(readAsRadarrPlexRss(rss(item('movie', 'imdb://tt123456789')))[0]?.imdbId).toBe('tt12345678')
    expect(readAsSonarrPlexRss(rss(item('show', '77')))[0]).toMatchObject({ tvdbId: 77, tmdbId: 77 })
  })

  it('fails the whole list for one item without an id', () => {
    const good = item('movie', 'tmdb://603')
    expect(() => readAsRadarrPlexRss(rss(good, item('movie', 'tvdb://5')))).toThrow('without IMDb or TMDB id')
    expect(() => readAsSonarrPlexRss(rss(item('show', 'plex://show/5')))).toThrow('without any id')
    expect(() => readAsRadarrPlexRss({ ...rss(good), status: 304 })).toThrow('304')
    expect(() => readAsRadarrPlexRss(answer(rss(good).text, { type: 'text/html' }))).toThrow('html')
  })

  it('reads the plain RSS list by release name and link', () => {
    const entry = (title: string, link: string) => `<item><title>${title}</title><link>${link}</link></item>`
    expect(
      readAsRadarrRssList(
        rss(
          entry('Inception (2010)', 'https://www.imdb.com/title/tt1375666/'),
          entry('Some Show (2010 TV Series)', 'https://www.imdb.com/title/tt0000001/'),
          entry('The.Matrix.1999.1080p', ''),
        ),
      ),
    ).toEqual([
      { title: 'Inception', year: 2010, imdbId: 'tt1375666' },
      { title: 'The Matrix', year: 1999 },
    ])
  })

  it.each([
    '',
    '<rss>',
    '<rss></rsss>',
    '<a/><b/>',
    '<a>&nbsp;</a>',
    '<a>&amp</a>',
    '<a>AT&T</a>',
    '<a>\u0001</a>',
    '<a>&#1;</a>',
    '<a>\ud800</a>',
    '<a b="1" b="2"/>',
    '<a b=1/>',
    '<a b="<"/>',
    '<a:b/>',
    '<a>]]></a>',
    '<!DOCTYPE a><a/>',
    '<a><!-- -- --></a>',
    ' <?xml version="1.0"?><a/>',
    'text',
  ])('refuses the document %j', (document) => {
    expect(() => parseXml(document)).toThrow()
  })

  it('parses what is well-formed', () => {
    const document = parseXml(
      '<?xml version="1.0" encoding="UTF-8"?><!-- c --><a xmlns:x="u"><x:b c="1&quot;"/><d>1<![CDATA[<&]]>&#x41;&lt;</d></a>\n',
    )
    expect(document.children.map((child) => [child.name, child.text])).toEqual([
      ['x:b', ''],
      ['d', '1<&A<'],
    ])
  })
})

const recorded = new URL('../../shared/fixtures/', import.meta.url)
describe('answers of real instances', () => {
  const read = (name: string) => answer(readFileSync(new URL(name, recorded), 'utf8'))
  it.runIf(existsSync(recorded))('are read as program lists', () => {
    expect(readAsRadarrProgram(read('radarr_api/movie.json')).length).toBeGreaterThan(0)
    for (const name of ['sonarr_api/series_andy_griffith.json', 'sonarr_api/series_little_demon.json']) {
      expect(readAsSonarrProgram(read(name), { syncSeasonMonitoring: true })[0]?.seasons?.length).toBeGreaterThan(0)
    }
  })
})

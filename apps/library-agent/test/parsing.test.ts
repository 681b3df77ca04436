import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { plexIds, providerIds } from '../src/ids.ts'
import { jellyfinEpisodes, jellyfinFound, jellyfinLibraries } from '../src/jellyfin.ts'
import { explain } from '../src/network-errors.ts'
import { createOutput } from '../src/output.ts'
import { readWhole } from '../src/paging.ts'
import { plexFound, plexLibraries, plexSeasons } from '../src/plex.ts'
import { type Row, record, rows } from '../src/shapes.ts'
import { episode, plexSeason } from './servers.ts'

describe('ids', () => {
  it.each<[Row, object]>([
    [
      { Guid: [{ id: 'imdb://tt0000001' }, { id: 'tmdb://5' }, { id: 'tvdb://6' }] },
      { imdb: 'tt0000001', tmdb: 5, tvdb: 6 },
    ],
    [{ guid: 'com.plexapp.agents.imdb://tt0000001?lang=en' }, { imdb: 'tt0000001' }],
    [{ guid: 'com.plexapp.agents.themoviedb://5?lang=en' }, { tmdb: 5 }],
    [{ guid: 'com.plexapp.agents.thetvdb://6?lang=de' }, { tvdb: 6 }],
    [{ guid: 'com.plexapp.agents.themoviedb://5', Guid: [{ id: 'tmdb://7' }] }, { tmdb: 7 }],
    [{ guid: 'local://5', Guid: [{ id: 'tmdb://0' }, { id: 'tmdb://99999999999' }, { id: 'imdb://5' }, {}] }, {}],
    [{ guid: 'plex://movie/abc', Guid: 'odd' }, {}],
  ])('of Plex’s %j', (item, ids) => {
    expect(plexIds(item)).toEqual(ids)
  })

  it.each<[Row, object]>([
    [
      { ProviderIds: { Tmdb: '5', Imdb: 'tt0000001', Tvdb: '6', TmdbCollection: '9' } },
      { tmdb: 5, imdb: 'tt0000001', tvdb: 6 },
    ],
    [{ ProviderIds: { TMDB: ' 5 ', imdb: '' } }, { tmdb: 5 }],
    [{ ProviderIds: { Tmdb: 'string', Imdb: 'string' } }, {}],
    [{ ProviderIds: null }, {}],
    [{}, {}],
  ])('of Jellyfin’s %j', (item, ids) => {
    expect(providerIds(item)).toEqual(ids)
  })
})

describe('seasons', () => {
  it('of Plex are its seasons with their numbers of episodes', () => {
    const seasons = plexSeasons()
    for (const row of [plexSeason(1, 0, 2), plexSeason(1, 1, 10), plexSeason(2, 1, 0), { leafCount: 3 }])
      seasons.take(row)
    expect(seasons.end()).toEqual(
      new Map([
        [
          's1',
          new Map([
            [0, 2],
            [1, 10],
          ]),
        ],
      ]),
    )
  })

  it('of Jellyfin are its episodes that are files, each once', () => {
    const episodes = jellyfinEpisodes()
    for (const row of [
      episode(1, 1, 1),
      episode(1, 1, 1, { Id: 'another file' }),
      episode(1, 1, 2, { IndexNumberEnd: 3 }),
      episode(1, 1, 4, { LocationType: 'Virtual' }),
      episode(1, 1, 5, { IsMissing: true }),
      episode(1, 1, 6, { IndexNumberEnd: 2 }),
      episode(1, 0, 0, { IndexNumber: null }),
      episode(2, 1, 1, { ParentIndexNumber: null }),
      episode(3, 1, 1, { LocationType: 'Virtual' }),
      { Id: 'odd' },
    ])
      episodes.take(row)
    expect(episodes.end()).toEqual(
      new Map([
        [
          's1',
          new Map([
            [1, 4],
            [0, 1],
          ]),
        ],
        ['s2', new Map()],
      ]),
    )
  })
})

describe('what a failed call means', () => {
  const failed = (code: string) =>
    explain(Object.assign(new TypeError('x'), { cause: Object.assign(new Error('y'), { code }) }), '--plex')
  it.each([
    ['ENOTFOUND', /unknown host name: check --plex/, false],
    ['ECONNREFUSED', /cannot be reached \(ECONNREFUSED\): check --plex/, true],
    ['UND_ERR_SOCKET', /cannot be reached/, true],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', /certificate that cannot be trusted .*NODE_EXTRA_CA_CERTS/, false],
    ['ERR_TLS_CERT_ALTNAME_INVALID', /certificate/, false],
    ['CERT_HAS_EXPIRED', /certificate/, false],
    ['ERR_SSL_WRONG_VERSION_NUMBER', /speaks no https at that port: check --plex/, false],
    ['HPE_INVALID_CONSTANT', /does not speak http at that port/, false],
  ])('%s', (code, why, again) => {
    expect(failed(code)).toMatchObject({ why: expect.stringMatching(why), again })
  })
})

describe('the output', () => {
  it('hides secrets and control characters, and rewrites its line on a terminal only', () => {
    const written: string[] = []
    const sink = { write: (text: string) => written.push(text), isTTY: true, columns: 20 }
    const output = createOutput({ out: sink, err: sink }, ['token', 'token+more', 'e'])
    output.progress('a line longer than the terminal is wide')
    output.result('the token+more \x1b[31m token%2Bmore\u202e')
    output.note('done')
    expect(written).toEqual(['\ra line longer than \x1b[K', '\r\x1b[K', 'the ***  [31m *** \n', 'done\n'])
    let now = 0
    const lines: string[] = []
    const plain = createOutput({ out: sink, err: { write: (text) => lines.push(text) } }, [], () => now)
    plain.progress('one')
    now = 20_000
    plain.progress('two')
    plain.progress('three')
    expect(lines).toEqual(['two\n'])
  })
})

describe('paging', () => {
  const read = (answers: { rows: number[]; total?: number }[], pageSize = 2) => {
    const left = [...answers]
    return readWhole(
      {
        what: 'A list',
        pageSize,
        idOf: (row) => String(row.id),
        progress: () => undefined,
        fetch: async () => {
          const { rows: ids = [], total } = left.shift() ?? {}
          return { rows: ids.map((id) => ({ id })), total }
        },
      },
      () => {
        const kept: unknown[] = []
        return { take: (row) => void kept.push(row.id), end: () => kept }
      },
    )
  }

  it('reads on until all is there, also where no total is given', async () => {
    expect(
      await read([
        { rows: [1, 2], total: 3 },
        { rows: [3], total: 3 },
      ]),
    ).toEqual([1, 2, 3])
    expect(await read([{ rows: [], total: 0 }])).toEqual([])
    expect(await read([{ rows: [1, 2] }, { rows: [3] }])).toEqual([1, 2, 3])
    expect(await read([{ rows: [1, 2] }, { rows: [] }])).toEqual([1, 2])
    expect(await read([{ rows: [1, 2, 3] }])).toEqual([1, 2, 3])
  })

  it('reads again what changed meanwhile', async () => {
    const whole = [
      { rows: [1, 2], total: 3 },
      { rows: [3], total: 3 },
    ]
    expect(await read([{ rows: [1, 2], total: 4 }, { rows: [3], total: 3 }, ...whole])).toEqual([1, 2, 3])
    expect(await read([{ rows: [1, 2], total: 3 }, { rows: [2], total: 3 }, ...whole])).toEqual([1, 2, 3])
  })

  it('gives up a list that never comes whole', async () => {
    const short = [
      { rows: [1, 2], total: 3 },
      { rows: [], total: 3 },
    ]
    await expect(read([...short, ...short, ...short])).rejects.toThrow(
      'A list: it gave 2 of 3 rows in 3 readings. It was not read whole, so nothing of it is sent.',
    )
  })
})

const FIXTURES = join(import.meta.dirname, '../../../../shared/fixtures')
const sample = (path: string) => JSON.parse(readFileSync(join(FIXTURES, path), 'utf8'))

describe('recorded answers', () => {
  it.runIf(existsSync(join(FIXTURES, 'plex_api')))('of Plex', () => {
    expect(plexLibraries(sample('plex_api/library_sections.json')).map(({ types }) => types)).toEqual([
      ['movie'],
      ['tv'],
    ])
    const items = (name: string) => rows(record(sample(`plex_api/${name}.json`).MediaContainer).Metadata)
    for (const name of ['section_2_all_movies_includeGuids', 'section_2_all_shows_includeGuids']) {
      const found = items(name).map(plexFound)
      expect(found).toHaveLength(2)
      for (const { title, year, ids } of found) {
        expect([title, year]).toEqual([expect.stringMatching(/./), expect.any(Number)])
        expect(ids).toEqual({ imdb: expect.stringMatching(/^tt/), tmdb: expect.any(Number), tvdb: expect.any(Number) })
      }
    }
    expect(items('section_all_empty')).toEqual([])
  })

  it.runIf(existsSync(join(FIXTURES, 'jellyfin_api')))('of Jellyfin', () => {
    const items = (name: string) => rows(sample(`jellyfin_api/${name}.json`).Items).map(jellyfinFound)
    expect(items('items_movies_recursive')[0]?.ids).toMatchObject({
      tmdb: expect.any(Number),
      imdb: expect.any(String),
    })
    expect(items('items_series')[0]?.ids).toMatchObject({ tmdb: expect.any(Number), tvdb: expect.any(Number) })
    expect(items('ha_movies_placeholder')[0]?.ids).toEqual({})
  })

  it('may be anything, and are then no libraries', () => {
    for (const odd of [
      null,
      [],
      'text',
      { MediaContainer: 5, Items: {} },
      { MediaContainer: { Directory: [null, 5] } },
    ]) {
      expect([plexLibraries(odd), jellyfinLibraries(odd)]).toEqual([[], []])
    }
  })
})

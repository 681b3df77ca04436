import { afterEach, describe, expect, it } from 'vitest'
import { run } from './run-agent.ts'
import {
  episode,
  type Fake,
  fakeJellyfin,
  fakePlex,
  fakeStellarr,
  movie,
  plexMovie,
  plexSeason,
  plexShow,
  sendJson,
  sendPage,
  series,
} from './servers.ts'

const open: Fake[] = []
afterEach(() => Promise.all(open.splice(0).map((fake) => fake.close())))

async function started<F extends Fake>(fake: Promise<F>): Promise<F> {
  open.push(await fake)
  return fake
}
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n)

describe('a Plex library', () => {
  it('goes to Stellarr page by page: movies, and series with the episodes of each season', async () => {
    const stellarr = await started(fakeStellarr())
    const plex = await started(
      fakePlex([
        { key: '1', type: 'movie', title: 'Movies', rows: { 1: range(1, 1_203).map((n) => plexMovie(n)) } },
        {
          key: '2',
          type: 'show',
          title: 'Shows',
          rows: {
            2: [plexShow(1), plexShow(2), plexShow(3)],
            3: [plexSeason(1, 1, 10), plexSeason(1, 0, 2), plexSeason(2, 4, 6)],
          },
        },
        { key: '3', type: 'artist', title: 'Music', rows: {} },
        {
          key: '4',
          type: 'movie',
          title: 'Home videos',
          agent: 'tv.plex.agents.none',
          rows: { 1: [plexMovie(7_000)] },
        },
      ]),
    )
    const { code, out, err } = await run(['--plex', plex.url, '--stellarr', stellarr.url])
    expect([code, err]).toEqual([0, ''])
    expect(out).toBe(
      'movies: 1,202 sent (1,202 new, 0 gone, 0 unchanged), 0 skipped\nseries: 2 sent (2 new, 0 gone, 0 unchanged), 0 skipped\n',
    )
    expect(stellarr.rows('plex movie')).toHaveLength(1_202)
    expect(stellarr.rows('plex movie')[4]).toEqual({ tmdb_id: 5, imdb_id: 'tt1000005', title: 'Made-up Movie 5' })
    expect(stellarr.rows('plex tv')).toEqual([
      {
        tmdb_id: 1,
        tvdb_id: 9001,
        title: 'Made-up Show 1',
        seasons: [
          { season_number: 0, episodes: 2 },
          { season_number: 1, episodes: 10 },
        ],
      },
      { tmdb_id: 2, tvdb_id: 9002, title: 'Made-up Show 2', seasons: [{ season_number: 4, episodes: 6 }] },
    ])
    expect(plex.asked.filter(({ path }) => path === '/library/sections/1/all')).toHaveLength(3)
    expect(plex.asked.some(({ query }) => query.toString().includes('oken'))).toBe(false)
    const again = await run(['--plex', plex.url, '--stellarr', stellarr.url])
    expect(again.out).toContain('movies: 1,202 sent (0 new, 0 gone, 1,202 unchanged), 0 skipped')
  })

  it('is merged from several sections, the most episodes counting; what has no TMDB id is named', async () => {
    const stellarr = await started(fakeStellarr())
    const show = (key: string, title: string, episodes: number) => ({
      key,
      type: 'show',
      title,
      rows: { 2: [plexShow(1)], 3: [plexSeason(1, 1, episodes), plexSeason(1, episodes, 1)] },
    })
    const nameless = range(1, 26).map((n) =>
      plexMovie(500 + n, { title: `Nameless ${n}`, Guid: [{ id: 'imdb://tt0000001' }] }),
    )
    const plex = await started(
      fakePlex([
        { key: '1', type: 'movie', title: 'Movies', rows: { 1: [plexMovie(1), plexMovie(2), ...nameless] } },
        {
          key: '2',
          type: 'movie',
          title: '4K',
          rows: { 1: [plexMovie(2, { Guid: [{ id: 'tmdb://2' }, { id: 'tvdb://8' }] })] },
        },
        show('3', 'Shows', 4),
        show('4', 'Other shows', 9),
      ]),
    )
    const { out, err } = await run(['--plex', plex.url, '--stellarr', stellarr.url])
    expect(out).toContain('movies: 2 sent (2 new, 0 gone, 0 unchanged), 25 skipped')
    expect(stellarr.rows('plex movie')[1]).toMatchObject({ tmdb_id: 2, imdb_id: 'tt1000002', tvdb_id: 8 })
    expect(stellarr.rows('plex tv')[0]?.seasons).toEqual([
      { season_number: 1, episodes: 9 },
      { season_number: 4, episodes: 1 },
      { season_number: 9, episodes: 1 },
    ])
    expect(err).toContain('movies: 25 without a TMDB id cannot be sent:\n  Nameless 1 (2000)\n')
    expect(err).toContain('  Nameless 20 (2000)\n  … and 5 more\n  In Plex: “Fix Match…”')
  })

  it('is read as far as it is named, and then only that type is sent', async () => {
    const stellarr = await started(fakeStellarr())
    const plex = await started(
      fakePlex([
        { key: '1', type: 'movie', title: 'Movies', rows: { 1: [plexMovie(1)] } },
        { key: '2', type: 'movie', title: 'Children', rows: { 1: [plexMovie(2)] } },
        { key: '3', type: 'show', title: 'Shows', rows: { 2: [], 3: [] } },
      ]),
    )
    const args = ['--plex', plex.url, '--stellarr', stellarr.url]
    const { code, out } = await run([...args, '--libraries', 'children'])
    expect([code, out]).toEqual([0, 'movies: 1 sent (1 new, 0 gone, 0 unchanged), 0 skipped\n'])
    expect([...stellarr.library.keys()]).toEqual(['plex movie'])
    const wrong = await run([...args, '--libraries', 'Children,Childen'])
    expect([wrong.code, wrong.out]).toEqual([2, ''])
    expect(wrong.err).toBe(
      '--libraries: there is no library “Childen” with movies or series, only: Movies, Children, Shows.\n',
    )
  })

  it('is not sent when a page of it fails, is no JSON or is cut short; the other type is', async () => {
    const stellarr = await started(fakeStellarr())
    const plex = await started(
      fakePlex([
        { key: '1', type: 'movie', title: 'Movies', rows: { 1: range(1, 1_203).map((n) => plexMovie(n)) } },
        { key: '2', type: 'show', title: 'Shows', rows: { 2: [plexShow(1)], 3: [plexSeason(1, 1, 1)] } },
      ]),
    )
    const second = (asked: { headers: Record<string, unknown> }) => asked.headers['x-plex-container-start'] === '500'
    const args = ['--plex', plex.url, '--stellarr', stellarr.url]
    plex.instead = (asked, res) => second(asked) && sendJson(res, {}, 500)
    const failed = await run(args)
    expect([failed.code, failed.pauses]).toEqual([1, [1_000, 2_000, 4_000, 8_000]])
    expect(failed.err).toContain('Plex answers 500. Trying again in 8 s.\nPlex answers 500.\n')
    expect(failed.out).toBe('series: 1 sent (1 new, 0 gone, 0 unchanged), 0 skipped\n')

    plex.instead = (asked, res) => second(asked) && sendJson(res, { MediaContainer: { size: 0, totalSize: 1_202 } })
    const short = await run(args)
    expect([short.code, short.err]).toEqual([
      1,
      'Plex “Movies”, movies: it gave 500 of 1202 rows in 3 readings. It was not read whole, so nothing of it is sent.\n',
    ])
    plex.instead = (asked, res) => second(asked) && Boolean(res.end('{"MediaContainer":{"size":500,"Meta'))
    expect((await run(args)).err).toMatch(/Plex gave an answer that is cut short or no JSON\.\n$/)
    plex.instead = (asked, res) => second(asked) && sendPage(res)
    expect((await run(args)).code).toBe(2)
    plex.instead = (asked, res) => second(asked) && Boolean(res.destroy())
    expect((await run(args)).err).toMatch(/Plex cannot be reached \(\w+\): check --plex \(PLEX_URL\)\.\n$/)
    plex.instead = (asked) => second(asked)
    expect((await run([...args, '--timeout', '0.05'])).err).toContain('Plex does not answer within 0.05 s (--timeout')
    expect(stellarr.library.has('plex movie')).toBe(false)
    expect(stellarr.asked.filter(({ body }) => body.includes('"movie"'))).toEqual([])

    let faults = 3
    plex.instead = (asked, res) => second(asked) && faults-- > 0 && sendJson(res, {}, 503)
    expect((await run(args)).out).toContain('movies: 1,202 sent (1,202 new')
  })
})

describe.each([
  ['jellyfin', 'Jellyfin', false],
  ['emby', 'Emby', true],
] as const)('a library of %s', (source, name, emby) => {
  it('goes to Stellarr with the episodes that are files, mixed libraries too', async () => {
    const stellarr = await started(fakeStellarr())
    const server = await started(
      fakeJellyfin(
        [
          { Id: 'm', Name: 'Movies', CollectionType: 'movies', items: range(1, 1_502).map((n) => movie(n)) },
          {
            Id: 't',
            Name: 'Shows',
            CollectionType: 'tvshows',
            items: [
              series(1),
              series(2, { ProviderIds: {} }),
              series(3),
              ...range(1, 1_101).map((n) => episode(1, Math.ceil(n / 100), n)),
              episode(2, 1, 1),
              episode(3, 1, 1, { LocationType: 'Virtual' }),
            ],
          },
          { Id: 'x', Name: 'Mixed', items: [movie(1), movie(5_000), series(1), episode(1, 1, 5_000)] },
          { Id: 'b', Name: 'Collections', CollectionType: 'boxsets', items: [movie(6_000)] },
        ],
        emby,
      ),
    )
    const { code, out, err } = await run([`--${source}`, server.url, '--stellarr', stellarr.url])
    expect([code, out]).toEqual([
      0,
      'movies: 1,502 sent (1,502 new, 0 gone, 0 unchanged), 0 skipped\nseries: 1 sent (1 new, 0 gone, 0 unchanged), 1 skipped\n',
    ])
    expect(err).toContain(
      `series: 1 without a TMDB id cannot be sent:\n  Made-up Series 2 (2001)\n  In ${name}: “Identify”`,
    )
    expect(stellarr.rows(`${source} movie`)).toHaveLength(1_502)
    expect(stellarr.rows(`${source} tv`)).toEqual([
      {
        tmdb_id: 1,
        tvdb_id: 9001,
        title: 'Made-up Series 1',
        seasons: range(1, 12).map((season_number) => ({ season_number, episodes: 100 })),
      },
    ])
    expect(server.asked.every(({ query }) => !query.toString().includes('key'))).toBe(true)
  })

  it('says what is wrong with its address or key', async () => {
    const server = await started(fakeJellyfin([], emby))
    const settings = emby ? ['--emby (EMBY_URL)', 'EMBY_API_KEY'] : ['--jellyfin (JELLYFIN_URL)', 'JELLYFIN_API_KEY']
    const key = { [settings[1] ?? '']: 'another-key' }
    const refused = await run([`--${source}`, server.url, '--dry-run'], { env: key })
    expect([refused.code, refused.err]).toEqual([2, `${name} does not accept the token (401): check ${settings[1]}.\n`])
    server.instead = (_, res) => sendPage(res)
    const page = await run([`--${source}`, server.url, '--dry-run'])
    expect([page.code, page.err]).toEqual([2, expect.stringMatching(/answers a page, not JSON/)])
    server.instead = (_, res) => sendJson(res, { Version: '1' })
    const other = await run([`--${source}`, server.url, '--dry-run'])
    expect([other.code, other.err]).toEqual([2, `No ${name} answers there (status 200): check ${settings[0]}.\n`])
  })
})

it('reads several servers and tells them apart; one that fails does not stop the other', async () => {
  const stellarr = await started(fakeStellarr())
  const plex = await started(fakePlex([{ key: '1', type: 'movie', title: 'Movies', rows: { 1: [plexMovie(1)] } }]))
  const jellyfin = await started(
    fakeJellyfin([{ Id: 'm', Name: 'Movies', CollectionType: 'movies', items: [movie(2)] }]),
  )
  const args = ['--plex', plex.url, '--jellyfin', jellyfin.url, '--stellarr', stellarr.url]
  expect((await run(args)).out).toContain('movies (Jellyfin): 1 sent')
  expect([...stellarr.library.keys()]).toEqual(['plex movie', 'plex tv', 'jellyfin movie', 'jellyfin tv'])
  await plex.close()
  const half = await run([...args, '--libraries', 'Movies'])
  expect([half.code, half.out]).toEqual([1, 'movies (Jellyfin): 1 sent (0 new, 0 gone, 1 unchanged), 0 skipped\n'])
  expect(half.err).toContain('Plex cannot be reached (ECONNREFUSED): check --plex (PLEX_URL).\n')
})

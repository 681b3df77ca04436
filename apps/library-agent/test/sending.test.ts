import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { run } from './run-agent.ts'
import { type Fake, fakePlex, fakeStellarr, plexMovie, sendJson, sendPage } from './servers.ts'

type Stellarr = Awaited<ReturnType<typeof fakeStellarr>>
const movies = Array.from({ length: 4_500 }, (_, n) => plexMovie(n + 1))
let stellarr: Stellarr
let plex: Fake
beforeEach(async () => {
  stellarr = await fakeStellarr()
  plex = await fakePlex([{ key: '1', type: 'movie', title: 'Movies', rows: { 1: movies } }])
})
afterEach(() => Promise.all([stellarr.close(), plex.close()]))

const send = (...args: string[]) =>
  run(['--plex', plex.url, '--stellarr', stellarr.url, '--libraries', 'Movies', ...args])
const pagesSent = () =>
  stellarr.asked.filter(({ method }) => method === 'PUT').map(({ path }) => path.split('/').at(-1))

describe('sending', () => {
  it('makes pages of 2,000 and commits them', async () => {
    expect((await send()).out).toBe('movies: 4,500 sent (4,500 new, 0 gone, 0 unchanged), 0 skipped\n')
    expect(pagesSent()).toEqual(['0', '1', '2'])
    expect(stellarr.asked.map(({ headers }) => headers['x-api-key'])).toEqual(
      stellarr.asked.map(() => expect.any(String)),
    )
    expect(JSON.parse(stellarr.asked.at(-1)?.body ?? '')).toEqual({ pages: 3, confirm: false })
  })

  it('tries again after faults, with the pause that is asked for', async () => {
    let faults = 0
    stellarr.instead = ({ path }, res) => {
      if (!path.endsWith('/1') || faults >= 3) return false
      faults += 1
      if (faults === 1) return Boolean(res.destroy())
      return sendJson(res, {}, faults === 2 ? 429 : 503, { 'retry-after': '7' })
    }
    const { code, pauses, err } = await send()
    expect([code, pauses]).toEqual([0, [1_000, 7_000, 7_000]])
    expect(err).toContain('Stellarr answers 429 (too many calls). Trying again in 7 s.')
    expect(stellarr.rows('plex movie')).toHaveLength(4_500)
  })

  it('waits until the time that is named', async () => {
    let faults = 0
    const date = new Date(Date.now() + 30_000).toUTCString()
    stellarr.instead = (_, res) => faults++ === 0 && sendJson(res, {}, 503, { 'retry-after': date })
    const { code, pauses } = await send()
    expect([code, pauses]).toEqual([0, [expect.closeTo(30_000, -5)]])
    expect(pauses[0]).toBeGreaterThan(5_000)
  })

  it('does not wait for an hour', async () => {
    stellarr.instead = (_, res) => sendJson(res, {}, 503, { 'retry-after': '3600' })
    expect(await send()).toMatchObject({ code: 1, pauses: [], err: 'Stellarr answers 503.\n' })
  })

  it('begins again, once, when the sync is forgotten or the answer to a commit was lost', async () => {
    let lost = 0
    stellarr.instead = ({ path }, res) => {
      if (!path.endsWith('/pages/1') || lost > 0) return false
      lost += 1
      stellarr.forget()
      return sendJson(res, { detail: 'No such sync.', code: 'sync_unknown' }, 404)
    }
    expect((await send()).out).toContain('movies: 4,500 sent (4,500 new')
    expect(pagesSent()).toEqual(['0', '1', '0', '1', '2'])
    stellarr.instead = ({ path }) => {
      if (path.endsWith('/commit') && !path.includes('none')) stellarr.forget()
      return false
    }
    expect(await send()).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining('forgot the sync of the movies twice'),
    })
  })

  it('is refused when the library shrinks, unless it is confirmed', async () => {
    await send()
    movies.splice(100)
    const refused = await send()
    movies.push(...Array.from({ length: 4_400 }, (_, n) => plexMovie(n + 101)))
    expect([refused.code, refused.out]).toEqual([3, ''])
    expect(refused.err).toBe(
      'Stellarr refused the movies: “This would shrink the library from 4500 to 100 titles. Was a disk not mounted?” If it is right, run this once with --confirm.\n',
    )
    expect(stellarr.rows('plex movie')).toHaveLength(4_500)
    movies.splice(100)
    expect((await send('--confirm')).out).toBe('movies: 100 sent (0 new, 4,400 gone, 100 unchanged), 0 skipped\n')
    movies.push(...Array.from({ length: 4_400 }, (_, n) => plexMovie(n + 101)))
  })

  it('tells what Stellarr did not take', async () => {
    stellarr.instead = ({ path }, res) =>
      path.endsWith('/pages/2') &&
      sendJson(res, { stored: 499, skipped: [{ row: 3, field: 'title', expected: 'something else' }] })
    const { code, out, err } = await send()
    expect([code, out]).toEqual([1, ''])
    expect(err).toContain('Stellarr did not take the movies (status 409: Missing.).')
    stellarr.instead = ({ path, body }, res) => {
      if (path.endsWith('/commit') && !path.includes('none')) {
        return sendJson(res, { status: 'success', added: 1, removed: 0, unchanged: 4_498, marked_as_added: 0 })
      }
      const skipped = [{ row: 3, field: 'title', expected: 'something else' }]
      return path.endsWith('/pages/2') && sendJson(res, { stored: JSON.parse(body).length - 1, skipped })
    }
    const some = await send()
    expect(some.out).toBe('movies: 4,499 sent (1 new, 0 gone, 4,498 unchanged), 1 skipped\n')
    expect(some.err).toBe(
      'Stellarr did not take 1 of the movies; the first: Made-up Movie 4004: title, expected something else.\n',
    )
  })

  it('says what is wrong before it reads anything', async () => {
    const wrong = await run(['--plex', plex.url, '--stellarr', stellarr.url], { env: { SYNC_TOKEN: 'another' } })
    expect([wrong.code, wrong.err]).toEqual([
      2,
      'Stellarr does not accept the token (401): check --token (SYNC_TOKEN).\n',
    ])
    stellarr.instead = (_, res) => sendPage(res)
    expect(await send()).toMatchObject({
      code: 2,
      err: expect.stringContaining('is --stellarr (STELLARR_URL) its address?'),
    })
    stellarr.instead = (_, res) => sendPage(res, 404)
    expect(await send()).toMatchObject({
      code: 2,
      err: 'No Stellarr answers there (status 404): check --stellarr (STELLARR_URL).\n',
    })
    stellarr.instead = (_, res) => Boolean(res.writeHead(301, { location: 'https://s.example/x?token=1' }).end())
    expect(await send()).toMatchObject({
      code: 2,
      err: 'Stellarr sends calls on to https://s.example/x: give its own address in --stellarr (STELLARR_URL).\n',
    })
    const noTls = await run(['--plex', plex.url, '--stellarr', stellarr.url.replace('http:', 'https:')])
    expect([noTls.code, noTls.err]).toEqual([
      1,
      expect.stringContaining('speaks no https at that port: check --stellarr'),
    ])
    expect(plex.asked.every(({ path }) => path === '/library/sections')).toBe(true)
  })

  it('is only shown in a dry run', async () => {
    const { code, out } = await run([
      '--plex',
      plex.url,
      '--stellarr',
      stellarr.url,
      '--dry-run',
      '--libraries',
      'movies',
    ])
    expect(code).toBe(0)
    expect(out).toMatch(/^ {2}Made-up Movie 1 \(tmdb 1, imdb tt1000001\)\n/)
    expect(out).toMatch(/\n {2}… and 4,480 more\nmovies: 4,500 would be sent, 0 skipped\n$/)
    expect(stellarr.asked).toEqual([])
  })
})

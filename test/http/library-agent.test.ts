import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  type Fake,
  fakePlex,
  PLEX_TOKEN,
  type PlexSection,
  plexMovie,
  plexSeason,
  plexShow,
} from '../../apps/library-agent/test/servers.ts'
import { call, type Deployment, openDeployment, SYNC_TOKEN, signIn } from './deployment.ts'

const PROGRAM = join(import.meta.dirname, '../../apps/library-agent/dist/library-agent.mjs')

let app: Deployment
let plex: Fake
const movies: PlexSection = { key: '1', type: 'movie', title: 'Movies', rows: {} }
beforeAll(async () => {
  if (!existsSync(PROGRAM)) throw new Error('Build it first: npm run build')
  app = await openDeployment()
  const shows = { 2: [plexShow(1), plexShow(2)], 3: [plexSeason(1, 1, 8), plexSeason(2, 0, 1), plexSeason(2, 1, 3)] }
  plex = await fakePlex([movies, { key: '2', type: 'show', title: 'Shows', rows: shows }])
})
afterAll(() => Promise.all([app.close(), plex.close()]))

/** Runs the built library agent against the deployment. */
const agent = (...args: string[]) =>
  new Promise<{ code: unknown; out: string; err: string }>((resolve) => {
    const env = { SYNC_TOKEN, PLEX_TOKEN, PLEX_URL: plex.url, STELLARR_URL: app.url }
    execFile(process.execPath, [PROGRAM, ...args], { env }, (error, out, err) =>
      resolve({ code: error?.code ?? 0, out, err }),
    )
  })

it('the library agent’s library becomes this one’s, and shrinks only by a word', async () => {
  movies.rows = { 1: Array.from({ length: 2_100 }, (_, n) => plexMovie(n + 1)) }
  const series = 'series: 2 sent (2 new, 0 gone, 0 unchanged), 0 skipped\n'
  expect(await agent()).toEqual({
    code: 0,
    out: `movies: 2,100 sent (2,100 new, 0 gone, 0 unchanged), 0 skipped\n${series}`,
    err: '',
  })
  const token = await signIn(app.url)
  const library = async () => (await call(app.url, '/api/library-status', { token })).body.library
  expect((await library()).movie).toHaveLength(2_100)
  expect((await library()).tv).toEqual([1, 2])
  movies.rows = { 1: [plexMovie(2), plexMovie(5_000)] }
  const refused = await agent()
  expect([refused.code, refused.out]).toEqual([3, 'series: 2 sent (0 new, 0 gone, 2 unchanged), 0 skipped\n'])
  expect(refused.err).toMatch(/^Stellarr refused the movies: “.*2100 to 2 titles.*” If it is right, .*--confirm\.\n$/)
  expect((await library()).movie).toHaveLength(2_100)
  const confirmed = await agent('--confirm', '--libraries', 'Movies')
  expect(confirmed).toEqual({
    code: 0,
    out: 'movies: 2 sent (1 new, 2,099 gone, 1 unchanged), 0 skipped\n',
    err: '',
  })
  expect((await library()).movie).toEqual([2, 5_000])
}, 90_000)

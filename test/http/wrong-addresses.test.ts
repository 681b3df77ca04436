import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  openMenus,
  pressTest,
  RADARR_TYPES,
  RADARR_USER_AGENT,
  SONARR_TYPES,
  SONARR_USER_AGENT,
} from '../clients/index.ts'
import { ADMIN, call, type Deployment, FEED_TOKEN, openDeployment, signIn } from './deployment.ts'

let app: Deployment
let ann: string
beforeAll(async () => {
  app = await openDeployment()
  ann = await signIn(app.url, 'Ann')
  await call(app.url, '/api/request', { token: ann, json: { tmdb_id: 603, media_type: 'movie' } })
  await call(app.url, '/api/request', { token: ann, json: { tmdb_id: 1396, media_type: 'tv' } })
})
afterAll(() => app.close())

const read = (path: string, agent: string, more: { key?: string; method?: string } = {}) =>
  call(app.url, path, {
    method: more.method ?? 'GET',
    headers: { 'x-api-key': more.key ?? FEED_TOKEN, 'user-agent': agent },
  })
/** How the stand-ins reach the deployment. */
const transport = (path: string, headers: Record<string, string>) => call(app.url, path, { headers })

const OF_RADARR = [
  '/list/radarr',
  '/list/radarr?by=tmdb',
  '/rss/movies',
  '/radarr/api/v3/movie',
  '/radarr/api/v3/qualityprofile',
  '/radarr/api/v3/tag',
  '/radarr/api/v3/rootfolder',
]
const OF_SONARR = [
  '/list/sonarr',
  '/rss/tv',
  '/sonarr/api/v3/series',
  '/sonarr/api/v3/qualityprofile',
  '/sonarr/api/v3/languageprofile',
  '/sonarr/api/v3/tag',
  '/sonarr/api/v3/rootfolder',
]

describe('a list or menu of the other client', () => {
  it.each([
    [RADARR_USER_AGENT, OF_SONARR, OF_RADARR],
    [SONARR_USER_AGENT, OF_RADARR, OF_SONARR],
  ])('is refused to %s, whatever it asks by, after its key was looked at', async (agent, others, own) => {
    for (const path of others) {
      expect([path, (await read(path, agent, { key: 'wrong' })).status]).toEqual([path, 401])
      const answer = await read(path, agent)
      expect([path, answer.status, answer.body.code]).toEqual([path, 400, 'wrong_app'])
      expect((await read(path, agent, { method: 'HEAD' })).status).toBe(400)
      expect(answer.headers.get('cache-control')).toBe('no-store')
    }
    for (const path of [...own, '/rss/all']) expect([path, (await read(path, agent)).status]).toEqual([path, 200])
  })

  it('is served to every other program', async () => {
    for (const agent of ['curl/8.0', 'Mozilla/5.0', 'Prowlarr/1.2.3', 'Radarr']) {
      for (const path of [...OF_RADARR, ...OF_SONARR]) expect((await read(path, agent)).status).toBe(200)
    }
  })

  it('says where to go instead, with a whole address and without a key', async () => {
    const detail = async (path: string, agent: string) => (await read(path, agent)).body.detail
    expect(await detail('/sonarr/api/v3/series', RADARR_USER_AGENT)).toMatch(
      /^This is Sonarr’s list\. Radarr’s address is https?:\/\/[^/?]+\/radarr\.$/,
    )
    expect(await detail(`/list/sonarr?token=${FEED_TOKEN}`, RADARR_USER_AGENT)).toMatch(/\/list\/radarr\?by=tmdb\.$/)
    expect(await detail('/rss/movies', SONARR_USER_AGENT)).toMatch(/^This is Radarr’s list\. Sonarr’s .*\/rss\/tv\.$/)
    // What a client asks for at the other’s base is no route there.
    expect(await detail('/sonarr/api/v3/movie', RADARR_USER_AGENT)).toMatch(/\/radarr\.$/)
    expect(await detail('/radarr/api/v3/series', SONARR_USER_AGENT)).toMatch(/\/sonarr\.$/)
  })
})

describe('an address without its base', () => {
  it.each([
    ['/api/v3/movie', RADARR_USER_AGENT, /Radarr’s address is https?:\/\/[^/]+\/radarr\.$/],
    ['/api/v3/tag', SONARR_USER_AGENT, /Sonarr’s address is https?:\/\/[^/]+\/sonarr\.$/],
    ['/api/v3/rootfolder', 'curl/8', /Radarr’s address is .*\/radarr, Sonarr’s address is .*\/sonarr\.$/],
    ['/api/v1/artist', 'Lidarr/2.9.6.4552', /\/radarr, .*\/sonarr\.$/],
    ['/lidarr/api/v1/album', 'Lidarr/2.9.6.4552', /\/radarr, .*\/sonarr\.$/],
    ['/lidarr', 'Lidarr/2.9.6.4552', /\/radarr, .*\/sonarr\.$/],
    ['/radarr/api/v3/api/v3/movie', RADARR_USER_AGENT, /\/radarr\.$/],
    ['/radarr/radarr/api/v3/movie', RADARR_USER_AGENT, /\/radarr\.$/],
    ['/list/radarr/api/v3/movie', RADARR_USER_AGENT, /\/radarr\.$/],
    ['/rss/all/api/v3/series', SONARR_USER_AGENT, /\/sonarr\.$/],
    ['/stellarr/api/v3/series', SONARR_USER_AGENT, /\/sonarr\.$/],
  ])('%s is a 404 for %s that names the right one, whatever the key', async (path, agent, detail) => {
    for (const key of [FEED_TOKEN, 'wrong']) {
      for (const method of ['GET', 'POST']) {
        const answer = await read(path, agent, { key, method })
        expect([answer.status, answer.body.code]).toEqual([404, 'wrong_base'])
        expect(answer.body.detail).toMatch(detail)
        expect(answer.headers.get('cache-control')).toBe('no-store')
      }
    }
    expect((await read(path, agent, { method: 'HEAD' })).status).toBe(404)
    expect((await call(app.url, path, { token: ann })).body.code).toBe('wrong_base')
  })

  it('never takes the place of the app’s own', async () => {
    expect((await call(app.url, '/api/v3')).status).toBe(401)
    expect((await call(app.url, '/lidarrs')).text).toMatch(/<title>Stellarr</)
    expect((await read('/sonarr/api/v3/nothing', SONARR_USER_AGENT)).body.code).toBe('not_found')
  })
})

describe('the lists by TMDB id', () => {
  it('are read by Custom Lists and failed by StevenLu, which would search their titles', async () => {
    const answer = await read('/list/radarr?by=tmdb', RADARR_USER_AGENT)
    expect(answer.body).toEqual([{ id: 603 }])
    expect(answer.headers.get('content-type')).toBe('text/json; charset=utf-8')
    expect(pressTest(RADARR_TYPES.custom, answer)).toEqual({ kind: 'ok' })
    expect(pressTest(RADARR_TYPES.stevenlu, answer).kind).toBe('failed')
    const byImdb = await read('/list/radarr', RADARR_USER_AGENT)
    expect(pressTest(RADARR_TYPES.stevenlu, byImdb)).toEqual({ kind: 'ok' })
  })
})

describe('a profile’s name in an address', () => {
  const name = async (...profiles: { id?: number; name: string }[]) => {
    const admin = await signIn(app.url, 'Op', ADMIN)
    const json = { quality_profiles: profiles }
    expect((await call(app.url, '/api/admin/settings', { method: 'PATCH', token: admin, json })).status).toBe(200)
  }

  it('goes on after a rename, and is a 404 once two had it', async () => {
    const statuses = (...names: string[]) =>
      Promise.all(names.map(async (one) => (await read(`/list/radarr?profile=${one}`, RADARR_USER_AGENT)).status))
    await name({ id: 1, name: 'All' }, { name: 'Kids' })
    await name({ id: 1, name: 'Everything' }, { id: 2, name: 'Kids' })
    expect(await statuses('All', 'everything', 'Standard', 'Kids', '1')).toEqual([200, 200, 200, 200, 200])
    expect((await read('/list/radarr?profile=All', RADARR_USER_AGENT)).body).toHaveLength(1)
    await name({ id: 1, name: 'Everything' }, { id: 2, name: 'All' })
    expect(await statuses('All', 'Everything', 'Kids', '1', '2')).toEqual([404, 200, 200, 200, 200])
  })
})

describe('the settings page of a program list', () => {
  it('fills its menus at its own address, and none at the other’s', async () => {
    const admin = await signIn(app.url, 'Op', ADMIN)
    const json = {
      quality_profiles: [
        { id: 1, name: 'HD' },
        { id: 2, name: '4K', root_folders: { movie: '/movies-4k' } },
      ],
    }
    await call(app.url, '/api/admin/settings', { method: 'PATCH', token: admin, json })
    const menus = (client: 'radarr' | 'sonarr', url: string, apiKey = FEED_TOKEN) =>
      openMenus(client, { url, apiKey }, transport)
    const profiles = [
      { value: 2, name: '4K' },
      { value: 1, name: 'HD' },
    ]
    const tag = [{ value: 1, name: expect.stringMatching(/^ann-/) }]
    expect(await menus('radarr', `/radarr/`)).toEqual({
      qualityprofile: profiles,
      tag,
      rootfolder: [
        { value: '/movies-4k/', name: '/movies-4k/' },
        { value: '/movies/', name: '/movies/' },
      ],
    })
    expect(await menus('sonarr', '/sonarr')).toEqual({
      qualityprofile: profiles,
      tag,
      rootfolder: [{ value: '/tv/', name: '/tv/' }],
      languageprofile: [],
    })
    for (const url of ['', '/radarr', '/radarr/api/v3', '/list/sonarr']) {
      expect(Object.values(await menus('sonarr', url))).toEqual([undefined, undefined, undefined, undefined])
    }
    expect(Object.values(await menus('radarr', '/sonarr'))).toEqual([undefined, undefined, undefined])
    expect(Object.values(await menus('radarr', '/radarr', 'wrong'))).toEqual([undefined, undefined, undefined])
  })

  it('fails its Test at a wrong address, and never with a word about the key', async () => {
    const test = async (client: 'radarr' | 'sonarr', base: string) => {
      const [type, agent] =
        client === 'radarr'
          ? ([RADARR_TYPES.program, RADARR_USER_AGENT] as const)
          : ([SONARR_TYPES.program, SONARR_USER_AGENT] as const)
      return pressTest(type, await read(base + type.programPath, agent))
    }
    expect(await test('radarr', '/radarr')).toEqual({ kind: 'ok' })
    expect(await test('sonarr', '/sonarr')).toEqual({ kind: 'ok' })
    for (const base of ['', '/sonarr', '/lidarr', '/radarr/api/v3', '/list/radarr', '/elsewhere']) {
      const { kind, message } = await test('radarr', base)
      expect([base, kind, message]).toEqual([base, 'failed', expect.stringMatching(/^Unable to connect.*HTTP 40[04]/)])
    }
    for (const base of ['', '/radarr', '/sonarr/sonarr']) expect((await test('sonarr', base)).kind).toBe('failed')
  })
})

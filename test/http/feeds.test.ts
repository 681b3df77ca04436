import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RADARR_USER_AGENT, SONARR_USER_AGENT } from '../clients/index.ts'
import { ADMIN, call, type Deployment, FEED_TOKEN, openDeployment, signIn } from './deployment.ts'

let app: Deployment
let ann: string
let admin: string
beforeAll(async () => {
  app = await openDeployment()
  ;[ann, admin] = await Promise.all([signIn(app.url, 'Ann'), signIn(app.url, 'Op', ADMIN)])
})
afterAll(() => app.close())

/** The client whose list it is. */
const readerOf = (path: string) => (/sonarr|tv/.test(path) ? SONARR_USER_AGENT : RADARR_USER_AGENT)
const get = (path: string, key = FEED_TOKEN, agent = readerOf(path)) =>
  call(app.url, path, { headers: { 'x-api-key': key, 'user-agent': agent } })
const ask = (json: unknown, token = ann) => call(app.url, '/api/request', { token, json })
const settings = (json: unknown, token = admin) =>
  call(app.url, '/api/admin/settings', { method: 'PATCH', token, json })

/** Titles of the catalogue that every list can carry. */
async function titles(type: 'movie' | 'tv'): Promise<number[]> {
  const answer = await call(app.url, '/api/search', { token: ann, json: { query: 'a', media_type: type } })
  const ids: number[] = []
  for (const { id } of answer.body.results) {
    const details = await call(app.url, `/api/title/${type}/${id}`, { token: ann })
    if (details.status === 200 && (type === 'movie' || details.body.seasons.length > 2)) ids.push(id)
  }
  return ids
}

const rowOf = (rows: { tmdbId: number }[], tmdbId: number | undefined) => rows.find((row) => row.tmdbId === tmdbId)

describe('program lists', () => {
  it('need the key before they tell anything, take it as these clients send it, and are only read', async () => {
    for (const path of ['/radarr', '/radarr/api/v3/movie', '/sonarr/api/v3/series', '/sonarr/api/v3/nothing']) {
      for (const method of ['GET', 'POST', 'DELETE']) {
        const answer = await call(app.url, path, { method })
        expect([path, method, answer.status, answer.body.code]).toEqual([path, method, 401, 'bad_token'])
      }
    }
    for (const path of ['/radarr/api/v3/movie', '/sonarr/api/v3/series']) {
      expect((await call(app.url, `${path}?apikey=${FEED_TOKEN}`)).status).toBe(200)
      expect((await call(app.url, `${path}?apikey=${FEED_TOKEN}&apikey=x`)).status).toBe(401)
      expect((await call(app.url, path, { headers: { authorization: `Bearer ${FEED_TOKEN}` } })).status).toBe(200)
      const head = await call(app.url, path, { method: 'HEAD', headers: { 'x-api-key': FEED_TOKEN } })
      expect([head.status, head.text]).toEqual([200, ''])
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
        const answer = await call(app.url, path, { method, headers: { 'x-api-key': FEED_TOKEN } })
        expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
      }
    }
    for (const path of ['/radarr', '/radarr/api/v3/series', '/sonarr/api/v3/system/status']) {
      const answer = await get(path)
      expect([path, answer.status, answer.body.code]).toEqual([path, 404, 'not_found'])
    }
  })

  it('are bare arrays, never a redirect and never 304', async () => {
    const lists = ['movie', 'qualityprofile', 'tag', 'rootfolder'].map((name) => `/radarr/api/v3/${name}`)
    const series = ['series', 'qualityprofile', 'languageprofile', 'tag', 'rootfolder'].map(
      (name) => `/sonarr/api/v3/${name}`,
    )
    for (const path of [...lists, ...series, '/radarr/api/v3/movie?excludeLocalCovers=True', '/radarr/api/v3/movie/']) {
      const answer = await call(app.url, path, {
        headers: { 'x-api-key': FEED_TOKEN, 'if-none-match': '*', 'if-modified-since': new Date().toUTCString() },
      })
      expect([path, answer.status, Array.isArray(answer.body)]).toEqual([path, 200, true])
      expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
      expect(answer.headers.get('cache-control')).toBe('no-store')
    }
  })

  it('carry profile, folder, tags and every season, within the second', async () => {
    const [movie, other, another] = await titles('movie')
    const [series] = await titles('tv')
    expect(
      (
        await settings({
          quality_profiles: [
            { id: 1, name: 'HD' },
            { name: '4K', root_folders: { movie: '/movies-4k/' } },
          ],
        })
      ).status,
    ).toBe(200)
    await ask({ tmdb_id: movie, media_type: 'movie', quality_profile_id: 2 })
    for (const id of [other, another]) await ask({ tmdb_id: id, media_type: 'movie' })
    const zoe = await signIn(app.url, 'Zoë')
    const asked = await ask({ tmdb_id: series, media_type: 'tv', seasons: [1] }, zoe)
    const movies = (await get('/radarr/api/v3/movie')).body
    expect(rowOf(movies, movie)).toMatchObject({ qualityProfileId: 2, rootFolderPath: '/movies-4k/', monitored: true })
    expect(rowOf(movies, other)).toMatchObject({ qualityProfileId: 1, rootFolderPath: '/movies/' })
    const row = rowOf((await get('/sonarr/api/v3/series')).body, series) as unknown as {
      tvdbId: number
      tags: number[]
      seasons: { seasonNumber: number; monitored: boolean }[]
    }
    expect(row.tvdbId).toBe(asked.body.request.tvdb_id)
    expect(row.seasons.filter((season) => season.monitored).map((season) => season.seasonNumber)).toEqual([1])
    expect(row.seasons.map((season) => season.seasonNumber)).toContain(0)
    const tags = (await get('/sonarr/api/v3/tag')).body
    expect(tags.find((tag: { id: number }) => tag.id === row.tags[0])?.label).toMatch(/^zoe-[0-9a-f]{4}$/)
    expect((await get('/radarr/api/v3/qualityprofile')).body).toEqual([
      { id: 1, name: 'HD' },
      { id: 2, name: '4K' },
    ])
    expect((await get('/radarr/api/v3/rootfolder')).body).toEqual([
      { id: 1, path: '/movies/' },
      { id: 3, path: '/movies-4k/' },
    ])
    expect((await get('/sonarr/api/v3/rootfolder')).body).toEqual([{ id: 2, path: '/tv/' }])
  })
})

describe('a profile in an address', () => {
  it('narrows every list, by id or name, and is a 404 when it is unknown', async () => {
    for (const path of ['/list/radarr?by=tmdb&', '/list/radarr?', '/radarr/api/v3/movie?', '/rss/movies?']) {
      const [byId, byName] = [await get(`${path}profile=2`), await get(`${path}profile=4k`)]
      expect([byId.status, byName.text]).toEqual([200, byId.text])
      expect(byId.text).not.toBe((await get(path)).text)
      for (const unknown of ['3', 'Kids', '']) {
        const answer = await get(`${path}profile=${unknown}`)
        expect([answer.status, answer.body?.code, answer.body?.field]).toEqual([404, 'unknown_profile', 'profile'])
      }
      expect((await get(`${path}profile=2&profile=1`)).status).toBe(422)
    }
  })
})

describe('RSS', () => {
  it('is XML with one guid and a category an item', async () => {
    for (const [path, category] of [
      ['/rss/movies', /<category>movie</],
      ['/rss/tv', /<category>show</],
      ['/rss/all', /<category>movie[\s\S]*<category>show|<category>show[\s\S]*<category>movie/],
    ] as const) {
      const answer = await get(path)
      expect([path, answer.status]).toEqual([path, 200])
      expect(answer.headers.get('content-type')).toBe('application/rss+xml; charset=utf-8')
      expect(answer.text).toMatch(category)
      expect(answer.text.match(/<guid/g)?.length).toBe(answer.text.match(/<item>/g)?.length)
      expect((await call(app.url, path)).status).toBe(401)
    }
  })
})

describe('quality profiles', () => {
  it('are there for whoever asks for titles, and changed by the admin alone', async () => {
    expect((await call(app.url, '/api/quality-profiles', { token: ann })).body).toEqual({
      quality_profiles: [
        { id: 1, name: 'HD' },
        { id: 2, name: '4K' },
      ],
      default_quality_profile_id: 1,
    })
    expect((await settings({ tags_hidden: true }, ann)).status).toBe(403)
    expect((await call(app.url, '/api/admin/settings', { token: admin })).body).toMatchObject({
      quality_profiles: [
        { id: 1, name: 'HD', root_folders: { movie: '/movies', tv: '/tv' } },
        { id: 2, name: '4K', root_folders: { movie: '/movies-4k', tv: '/tv' }, requests: 1 },
      ],
      keep_arrived_days: null,
      tags_hidden: false,
    })
  })

  it.each([
    [{ quality_profiles: [] }, 422, 'quality_profiles'],
    [{ quality_profiles: [{ id: 1, name: '' }] }, 422, 'quality_profiles.0.name'],
    [{ quality_profiles: [{ id: 1, name: '42' }] }, 422, 'quality_profiles.0.name'],
    [
      { quality_profiles: [{ id: 1, name: 'HD', root_folders: { tv: 'tv' } }] },
      422,
      'quality_profiles.0.root_folders.tv',
    ],
    [{ quality_profiles: [{ id: 1, name: 'HD' }, { name: 'hd' }] }, 422, 'quality_profiles.1.name'],
    [{ quality_profiles: [{ id: 9, name: 'HD' }] }, 422, 'quality_profiles.0.id'],
    [{ quality_profiles: [{ id: 1, name: 'HD' }] }, 409, 'quality_profiles'],
    [{ default_quality_profile_id: 3 }, 422, 'default_quality_profile_id'],
    [{ keep_arrived_days: 0 }, 422, 'keep_arrived_days'],
    [{ keep_arrived_days: '3' }, 422, 'keep_arrived_days'],
    [{ tags_hidden: 'yes' }, 422, 'tags_hidden'],
    [{ profiles: [] }, 422, 'profiles'],
  ])('refuse %j with %i, naming %s, and stay as they were', async (json, status, field) => {
    const before = (await call(app.url, '/api/admin/settings', { token: admin })).text
    const answer = await settings(json)
    expect([answer.status, answer.body.field]).toEqual([status, field])
    expect((await call(app.url, '/api/admin/settings', { token: admin })).text).toBe(before)
  })

  it('take what is given and leave the rest', async () => {
    expect((await settings({ keep_arrived_days: 30, default_quality_profile_id: 2 })).body).toMatchObject({
      keep_arrived_days: 30,
      default_quality_profile_id: 2,
      tags_hidden: false,
    })
    const [, second] = await titles('tv')
    expect((await ask({ tmdb_id: second, media_type: 'tv' })).body.request.quality_profile_id).toBe(2)
    expect((await settings({ keep_arrived_days: null, default_quality_profile_id: 1 })).body).toMatchObject({
      keep_arrived_days: null,
      default_quality_profile_id: 1,
    })
  })
})

describe('who reads', () => {
  it('is told to everybody, the key’s name to the admin', async () => {
    const made = await call(app.url, '/api/admin/tokens', { token: admin, json: { name: 'Sonarr in the attic' } })
    expect(made.status).toBe(200)
    await get('/sonarr/api/v3/series', made.body.token, 'Sonarr/4.0.15.2941 (ubuntu 24.04)')
    const readers = async (token: string) => (await call(app.url, '/api/feeds/readers', { token })).body.readers
    const attic = { app: 'Sonarr', version: '4.0.15.2941', list: 'sonarr-program', silent: false, old_key: false }
    expect(await readers(admin)).toContainEqual(
      expect.objectContaining({ ...attic, key_name: 'Sonarr in the attic', rows: 2 }),
    )
    expect(await readers(ann)).toContainEqual(expect.objectContaining({ ...attic, key_name: null }))
    expect(await readers(ann)).toContainEqual(
      expect.objectContaining({ app: 'Radarr', version: '6.1.0.10000', list: 'radarr-tmdb', profile: '4K' }),
    )
    const feeds = await call(app.url, '/api/feeds', { token: ann })
    expect(feeds.body.readers.length).toBeGreaterThan(1)
    expect(feeds.body.feeds.sonarr_program).toMatchObject({ url: `${app.url}/sonarr`, key: null, refresh_minutes: 5 })
    await app.restart()
    expect(await readers(ann)).toContainEqual(expect.objectContaining(attic))
    const { id } = (await readers(admin)).find((reader: { key_name: string | null }) => reader.key_name !== null)
    const path = `/api/admin/readers/${encodeURIComponent(id)}`
    expect((await call(app.url, path, { method: 'DELETE', token: ann })).status).toBe(403)
    expect((await call(app.url, path, { method: 'DELETE', token: admin })).status).toBe(200)
    expect((await call(app.url, path, { method: 'DELETE', token: admin })).status).toBe(404)
    expect(await readers(ann)).not.toContainEqual(expect.objectContaining(attic))
  })

  it('can be given keys that are replaced and ended alone', async () => {
    const tokens = (json: unknown) => call(app.url, '/api/admin/tokens', { token: admin, json })
    const first = (await tokens({ name: 'Radarr 4K' })).body
    const second = (await tokens({ replaces: first.reader.id })).body
    expect(second.reader).toMatchObject({ id: first.reader.id, name: 'Radarr 4K', replaced_at: expect.any(String) })
    for (const { token } of [first, second]) expect((await get('/radarr/api/v3/movie', token)).status).toBe(200)
    const list = await call(app.url, '/api/admin/tokens', { token: admin })
    expect(list.text).not.toContain(second.token)
    const path = `/api/admin/tokens/${first.reader.id}`
    expect((await call(app.url, `${path}?old=true`, { method: 'DELETE', token: admin })).status).toBe(200)
    expect((await call(app.url, `${path}?old=true`, { method: 'DELETE', token: admin })).status).toBe(404)
    // Another instance may believe the older key for ten seconds more.
    const until = Date.now() + 20_000
    let answers = [0, 0, 0]
    while (Date.now() < until && answers.some((status) => status !== 401)) {
      answers = await Promise.all([1, 2, 3].map(async () => (await get('/radarr/api/v3/movie', first.token)).status))
      if (answers.some((status) => status !== 401)) await new Promise((resolve) => setTimeout(resolve, 500))
    }
    expect(answers).toEqual([401, 401, 401])
    expect((await get('/radarr/api/v3/movie', second.token)).status).toBe(200)
    expect((await get('/radarr/api/v3/movie')).status).toBe(200)
    expect((await call(app.url, path, { method: 'DELETE', token: admin })).status).toBe(200)
    for (const json of [{}, { name: '' }, { name: 'a', replaces: 'b' }, []]) {
      expect((await tokens(json)).status).toBe(422)
    }
    expect((await tokens({ replaces: 'nobody' })).status).toBe(404)
    expect((await call(app.url, '/api/admin/tokens', { token: ann })).status).toBe(403)
  })
})

describe('the test of what a client would read', () => {
  it('shows what it would take and what not, with the reason', async () => {
    const preview = (query: string, token = ann) => call(app.url, `/api/feeds/preview?${query}`, { token })
    const { body } = await preview('feed=radarr-program&profile=4K')
    expect(body.takes.length).toBeGreaterThan(0)
    expect(body.takes.every((row: { quality_profile: string }) => row.quality_profile === '4K')).toBe(true)
    expect(body.leaves).toContainEqual(expect.objectContaining({ reason: 'other_profile' }))
    const series = (await preview('feed=sonarr-program')).body
    const monitored = series.takes.map((row: { seasons: { monitored: number[] } }) => row.seasons.monitored)
    expect(monitored).toContainEqual([1])
    const taken = (await preview('feed=radarr')).body.takes.map((row: { tmdb_id: number }) => row.tmdb_id)
    expect(taken).toEqual((await get('/list/radarr')).body.map((row: { id: number }) => row.id))
    expect((await preview('feed=nothing')).body).toMatchObject({ field: 'feed' })
    expect((await preview('')).status).toBe(422)
    expect((await preview('feed=radarr&profile=9')).status).toBe(404)
  })
})

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readAsRadarrCustom, readAsSonarrCustom, readAsStevenLu } from '../clients/index.ts'
import { ADMIN, call, type Deployment, FEED_TOKEN, openDeployment, signIn, TMDB_KEY } from './deployment.ts'

let app: Deployment
let ann: string
beforeEach(async () => {
  app = await openDeployment()
  ann = await signIn(app.url, 'Ann')
})
afterEach(() => app.close())

const ask = (json: unknown, token = ann) => call(app.url, '/api/request', { token, json })
const feed = (path: string) => call(app.url, path, { headers: { 'x-api-key': FEED_TOKEN } })

/** The first movie and the first series that the fake catalogue lists. */
async function found(type: 'movie' | 'tv') {
  const answer = await call(app.url, `/api/search`, { token: ann, json: { query: 'a', media_type: type } })
  expect(answer.status).toBe(200)
  return answer.body.results as { id: number; title: string; requested: boolean }[]
}

async function deliverable(type: 'movie' | 'tv') {
  for (const item of await found(type)) {
    const { body } = await ask({ tmdb_id: item.id, media_type: type })
    if (body.request.undeliverable_by.length === 0 && (type === 'movie' || body.request.tvdb_id)) return body.request
  }
  throw new Error('the fake catalogue has no deliverable title')
}

describe('requests and feeds', () => {
  it('carries a request from search to the lists that Radarr and Sonarr read', async () => {
    const movie = await deliverable('movie')
    const series = await deliverable('tv')
    const steven = readAsStevenLu(await feed('/list/radarr'))
    expect(steven).toContainEqual({ title: `${movie.title} (${movie.year})`, imdbId: movie.imdb_id })
    expect(readAsRadarrCustom(await feed('/list/radarr'))).toContainEqual({ tmdbId: movie.tmdb_id })
    expect(readAsRadarrCustom(await feed('/list/radarr?by=tmdb'))).toContainEqual({ tmdbId: movie.tmdb_id })
    expect(readAsSonarrCustom(await feed('/list/sonarr'))).toContainEqual(
      expect.objectContaining({ tvdbId: series.tvdb_id, tmdbId: series.tmdb_id, title: series.title }),
    )
    expect((await found('movie')).find((item) => item.id === movie.tmdb_id)?.requested).toBe(true)
  })

  it('takes the token by query or header and nothing else', async () => {
    expect((await call(app.url, `/list/radarr?token=${FEED_TOKEN}`)).status).toBe(200)
    for (const path of [
      '/list/radarr',
      '/list/radarr?token=',
      '/list/radarr?token=wrong',
      `/list/sonarr?token=${FEED_TOKEN}&token=x`,
    ]) {
      const answer = await call(app.url, path)
      expect(answer.status).toBe(401)
      expect(answer.body.code).toBe('bad_token')
    }
    expect((await feed('/list/radarr?by=imdb')).status).toBe(422)
  })

  it('answers 200 [] only for a store that was never used', async () => {
    for (const path of ['/list/radarr', '/list/radarr?by=tmdb', '/list/sonarr']) {
      const answer = await feed(path)
      expect([answer.status, answer.text]).toEqual([200, '[]'])
      expect(answer.headers.get('content-type')).toMatch(/^(application|text)\/json; charset=utf-8$/)
    }
  })

  it('stores one of 1,000 requests at once', async () => {
    const [movie] = await found('movie')
    const answers = await Promise.all(
      Array.from({ length: 1000 }, () => ask({ tmdb_id: movie?.id, media_type: 'movie' })),
    )
    expect(answers.filter((answer) => answer.body.success === true)).toHaveLength(1)
    expect(answers.every((answer) => answer.status === 200)).toBe(true)
    expect(readAsRadarrCustom(await feed('/list/radarr?by=tmdb'))).toHaveLength(1)
  })

  it('merges seasons and says when nothing new was asked', async () => {
    const series = (await found('tv'))[0]
    const title = await call(app.url, `/api/title/tv/${series?.id}`, { token: ann })
    const seasons = title.body.seasons
      .map((season: { season_number: number }) => season.season_number)
      .filter((n: number) => n > 0)
    const first = await ask({ tmdb_id: series?.id, media_type: 'tv', seasons: [seasons[0]] })
    expect(first.body).toMatchObject({ success: true, request: { seasons: [seasons[0]], future_seasons: false } })
    expect((await ask({ tmdb_id: series?.id, media_type: 'tv', seasons: [seasons[0]] })).body.success).toBe(false)
    expect((await ask({ tmdb_id: series?.id, media_type: 'tv', seasons: 'all' })).body).toMatchObject({
      success: true,
      request: { seasons: 'all' },
    })
    expect((await ask({ tmdb_id: series?.id, media_type: 'tv', seasons: [9_999] })).body).toMatchObject({
      field: 'seasons',
    })
  })

  it('takes who asked from the token and lets only them or the admin withdraw', async () => {
    const first = await deliverable('movie')
    expect(first.requested_by).toBe('Ann')
    const path = `/api/request/movie/${first.tmdb_id}`
    const bob = await signIn(app.url, 'Bob')
    expect((await call(app.url, path, { method: 'DELETE', token: bob })).status).toBe(403)
    expect((await call(app.url, path, { method: 'DELETE', token: ann })).body).toMatchObject({
      success: true,
      still_listed: false,
    })
    expect((await call(app.url, path, { method: 'DELETE', token: ann })).status).toBe(404)
    expect((await ask({ tmdb_id: first.tmdb_id, media_type: 'movie' }, bob)).body).toMatchObject({
      success: true,
      request: { requested_by: 'Bob' },
    })
  })

  it('keeps the last row of a list that was read, until the admin removes it', async () => {
    const movie = await deliverable('movie')
    for (const row of (await call(app.url, '/api/requests', { token: ann })).body.requests) {
      if (row.tmdb_id !== movie.tmdb_id)
        await call(app.url, `/api/request/movie/${row.tmdb_id}`, { method: 'DELETE', token: ann })
    }
    expect(readAsStevenLu(await feed('/list/radarr'))).toHaveLength(1)
    const refused = await call(app.url, `/api/request/movie/${movie.tmdb_id}`, { method: 'DELETE', token: ann })
    expect([refused.status, refused.body.code]).toEqual([409, 'last_row'])
    const path = `/api/admin/request/movie/${movie.tmdb_id}`
    const admin = await signIn(app.url, 'Op', ADMIN)
    expect((await call(app.url, `${path}?confirm=true`, { method: 'DELETE', token: ann })).status).toBe(403)
    expect((await call(app.url, path, { method: 'DELETE', token: admin })).status).toBe(409)
    expect((await call(app.url, `${path}?confirm=true`, { method: 'DELETE', token: admin })).status).toBe(200)
    expect((await feed('/list/radarr')).text).toBe('[]')
  })

  it('never lets withdrawals at the same moment take the last rows of a list that was read', async () => {
    const movies: number[] = []
    for (const { id } of await found('movie')) {
      const { body } = await ask({ tmdb_id: id, media_type: 'movie' })
      if (body.request.imdb_id) movies.push(id)
      else await call(app.url, `/api/request/movie/${id}`, { method: 'DELETE', token: ann })
    }
    expect(readAsStevenLu(await feed('/list/radarr'))).toHaveLength(movies.length)
    const answers = await Promise.all(
      movies.map((id) => call(app.url, `/api/request/movie/${id}`, { method: 'DELETE', token: ann })),
    )
    expect(answers.map((answer) => answer.status).sort()).toEqual([...movies.slice(1).map(() => 200), 409])
    expect(readAsStevenLu(await feed('/list/radarr'))).toHaveLength(1)
  })

  it('gives the feed addresses to everybody and their token to the admin alone', async () => {
    const household = await call(app.url, '/api/feeds', { token: ann })
    expect(household.text).not.toContain(FEED_TOKEN)
    expect(household.body).toMatchObject({ with_token: false, feeds: { sonarr: { url: `${app.url}/list/sonarr` } } })
    const { body } = await call(app.url, '/api/feeds', { token: await signIn(app.url, 'Op', ADMIN) })
    expect(body.with_token).toBe(true)
    for (const { url, key, client } of Object.values<{ url: string; key: string | null; client: string }>(body.feeds)) {
      const path = url.replace(app.url, '')
      const titles = client === 'radarr' ? 'movie' : 'series'
      // A key that goes beside the address is not in it.
      if (key !== null) expect(path).not.toContain(key)
      const answer =
        key === null
          ? await call(app.url, path)
          : await call(app.url, `${path}/api/v3/${titles}`, { headers: { 'x-api-key': key } })
      expect([path, answer.status]).toEqual([path, 200])
    }
  })

  it('says what is running to whoever is signed in', async () => {
    expect((await call(app.url, '/api/about', { token: ann })).body).toMatchObject({
      store: expect.stringMatching(/^(SQLite|DynamoDB)$/),
      catalogue: 'tmdb',
      version: expect.stringMatching(/^\d/),
    })
    expect((await call(app.url, '/api/about')).status).toBe(401)
  })

  it('keeps requests over a restart and answers 503 for another store until the admin confirms', async () => {
    await deliverable('movie')
    const before = await feed('/list/radarr')
    await app.restart()
    expect((await feed('/list/radarr')).text).toBe(before.text)
    await app.restart(app.otherStore())
    const closed = await feed('/list/radarr')
    expect([closed.status, closed.body.code]).toEqual([503, 'store_other'])
    const admin = await signIn(app.url, 'Op', ADMIN)
    expect((await call(app.url, '/api/feeds', { token: admin })).body.closed).toBe('store_other')
    const notices = () => call(app.url, '/api/admin/notices', { token: admin })
    expect((await notices()).body.notices).toMatchObject([{ code: 'store_other' }])
    expect((await call(app.url, '/api/admin/notices', { token: ann })).status).toBe(403)
    expect((await call(app.url, '/api/admin/confirm-store', { method: 'POST', token: admin })).status).toBe(200)
    expect((await notices()).body.notices).toEqual([])
    expect((await feed('/list/radarr')).text).toBe('[]')
  })

  it.each(['down', '429', 'html', 'truncated', 'wrong_types', '401'] as const)(
    'stays whole while the catalogue is %s',
    async (mode) => {
      await deliverable('movie')
      const before = await feed('/list/radarr')
      app.tmdb.mode(mode)
      const started = Date.now()
      const answer = await call(app.url, '/api/search', { token: ann, json: { query: `never asked ${mode}` } })
      expect(Date.now() - started).toBeLessThan(6000)
      expect([502, 503]).toContain(answer.status)
      expect(answer.text).not.toContain(TMDB_KEY)
      const refused = await ask({ tmdb_id: 999_999, media_type: 'movie' })
      expect([502, 503]).toContain(refused.status)
      expect((await feed('/list/radarr')).text).toBe(before.text)
      expect((await call(app.url, '/api/requests', { token: ann })).status).toBe(200)
    },
  )

  it('gives library-status with a tag and answers 304 to it until something changes', async () => {
    const first = await call(app.url, '/api/library-status', { token: ann })
    const etag = first.headers.get('etag') ?? ''
    expect(first.headers.get('cache-control')).toBe('private, no-cache')
    const same = await call(app.url, '/api/library-status', { token: ann, headers: { 'if-none-match': etag } })
    expect([same.status, same.text]).toEqual([304, ''])
    await deliverable('movie')
    const next = await call(app.url, '/api/library-status', { token: ann, headers: { 'if-none-match': etag } })
    expect(next.status).toBe(200)
    expect(next.body.requests.length).toBeGreaterThan(0)
  })
})

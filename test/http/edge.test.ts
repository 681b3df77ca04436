import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROUTES } from '../../packages/http/src/routes/index.ts'
import { ADMIN, call, type Deployment, FEED_TOKEN, openDeployment, SYNC_TOKEN, signIn } from './deployment.ts'

let app: Deployment
let token: string
let admin: string
beforeAll(async () => {
  app = await openDeployment()
  token = await signIn(app.url)
  admin = await signIn(app.url, 'Op', ADMIN)
})
afterAll(() => app.close())

describe('the web edge', () => {
  it('is healthy without a session', async () => {
    expect((await call(app.url, '/api/health')).body).toEqual({
      status: 'healthy',
      service: 'stellarr',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    })
  })

  it.each(['/api/nothing', '/list/nothing', '/rss/x', '/webhook/x', '/sync/x'])(
    'answers %s with a JSON error, never a page',
    async (path) => {
      const answer = await call(app.url, path, { token })
      expect(answer.status).toBe(404)
      expect(answer.body.code).toBe('not_found')
    },
  )

  it('gives the web app for any page of it, and 404 for a missing file', async () => {
    for (const path of ['/', '/title/movie/603', '/requests']) {
      const answer = await call(app.url, path)
      expect([answer.status, answer.text]).toEqual([200, expect.stringMatching(/<title>Stellarr</)])
    }
    expect((await call(app.url, '/assets/gone.js')).status).toBe(404)
  })

  it('offers the program that reads media servers', async () => {
    const { status, headers, text } = await call(app.url, '/library-agent.mjs')
    expect([status, headers.get('content-type')]).toEqual([200, expect.stringMatching(/^text\/javascript/)])
    expect(headers.get('cache-control')).toBe('no-cache')
    expect(text).toMatch(/^#!\/usr\/bin\/env node\n/)
  })

  it('sets security headers on 200, 4xx and 404 alike and never keeps API answers', async () => {
    for (const path of ['/api/health', '/api/requests', '/api/nothing', '/', '/list/radarr', '/radarr/api/v3/movie']) {
      const { headers } = await call(app.url, path)
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
      const isHttps = headers.get('content-security-policy')?.includes('upgrade-insecure-requests')
      expect(isHttps).toBe(app.pagesByCdn && path === '/')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      expect(headers.get('x-powered-by')).toBeNull()
      if (path.startsWith('/api')) expect(headers.get('cache-control')).toBe('no-store')
    }
  })

  it('compresses its answers', async () => {
    const answer = await call(app.url, '/api/openapi.json', { headers: { 'accept-encoding': 'gzip' } })
    expect(answer.headers.get('content-encoding')).toBe('gzip')
  })

  it.each([
    ['POST', '/api/search', {}, 'query'],
    ['POST', '/api/search', { query: '' }, 'query'],
    ['POST', '/api/search', { query: 'x', media_type: 'PUSH#x' }, 'media_type'],
    ['POST', '/api/search', { query: 'x', page: 0 }, 'page'],
    ['POST', '/api/request', { media_type: 'movie' }, 'tmdb_id'],
    ['POST', '/api/request', { tmdb_id: 2 ** 31, media_type: 'movie' }, 'tmdb_id'],
    ['POST', '/api/request', { tmdb_id: 1.5, media_type: 'movie' }, 'tmdb_id'],
    ['POST', '/api/request', { tmdb_id: 1, media_type: 'RATELIMIT#1' }, 'media_type'],
    ['POST', '/api/request', { tmdb_id: 1, media_type: 'tv', seasons: [] }, 'seasons'],
    ['POST', '/api/request', { tmdb_id: 1, media_type: 'tv', seasons: 'some' }, 'seasons'],
    ['POST', '/api/request', { tmdb_id: 603, media_type: 'movie', quality_profile_id: 7 }, 'quality_profile_id'],
    ['GET', '/api/requests?media_type=PUSH%23x', undefined, 'media_type'],
    ['GET', '/api/requests?media_type=movie&media_type=tv', undefined, 'media_type'],
    ['GET', '/api/title/movie/0', undefined, 'tmdb_id'],
    ['GET', '/api/title/person/1', undefined, 'media_type'],
    ['DELETE', '/api/request/tv/abc', undefined, 'tmdb_id'],
  ])('%s %s %j names the field at fault', async (method, path, json, field) => {
    const answer = await call(app.url, path, { method, token, ...(json === undefined ? {} : { json }) })
    expect(answer.status).toBe(422)
    expect(answer.body.field).toBe(field)
    expect(answer.body.detail).toContain('expected')
  })

  it('refuses bodies that are no JSON, too large or of another type', async () => {
    const post = (body: string, type: string) =>
      call(app.url, '/api/search', { token, body, headers: { 'content-type': type } })
    expect((await post('{"query":', 'application/json')).status).toBe(400)
    expect((await post('null', 'application/json')).status).toBe(400)
    expect((await post('[]', 'application/json')).status).toBe(422)
    expect((await post('query=x', 'application/x-www-form-urlencoded')).status).toBe(415)
    expect((await post('{"query":"x"}', 'text/plain')).status).toBe(415)
    expect((await post('{"query":"x"}', 'application/json; charset=utf-16le')).status).toBe(415)
    expect((await post('{"query":"é"}', 'application/json;charset="UTF-8"')).status).toBe(200)
    expect((await post(JSON.stringify({ query: 'x'.repeat(100_000) }), 'application/json')).status).toBe(413)
    expect((await post(`${'['.repeat(20_000)}`, 'application/json')).status).toBe(400)
    expect((await post('{"__proto__":{"query":"x"}}', 'application/json')).status).toBe(422)
    expect((await call(app.url, '/api/title/movie/%E0%A4%A', { token })).status).toBe(400)
  })

  it('never answers 5xx or breaks for odd input on any documented route', async () => {
    const odd: unknown[] = [
      null,
      [],
      {},
      'text',
      1e308,
      { a: [[]] },
      { tmdb_id: '1', media_type: null, query: { $ne: 1 }, name: [], pages: -1 },
    ]
    for (const { method, path, access } of ROUTES) {
      for (const value of ['1', 'x', '%00', '..%2f', '999999999999']) {
        const target = path.replace('{type}', value === '1' ? 'tv' : value).replace(/\{\w+\}/g, value)
        for (const json of method === 'get' || method === 'delete' ? [undefined] : odd) {
          const answer = await call(app.url, target, {
            method: method.toUpperCase(),
            headers: { 'x-api-key': access === 'feed key' ? FEED_TOKEN : SYNC_TOKEN },
            ...(path.startsWith('/api') ? { token: admin } : {}),
            ...(json === undefined ? {} : { json }),
          })
          expect(answer.status, `${method} ${target} ${JSON.stringify(json)}`).toBeLessThan(500)
        }
        if (!path.includes('{')) break
      }
    }
    expect((await call(app.url, '/api/health')).status).toBe(200)
  })

  it('documents every route', async () => {
    const { body } = await call(app.url, '/api/openapi.json')
    expect(body.openapi).toBe('3.1.0')
    expect(Object.keys(body.paths)).toEqual(expect.arrayContaining(ROUTES.map((route) => route.path)))
    expect(body.paths['/api/request'].post.requestBody.content['application/json'].schema.properties).toHaveProperty(
      'tmdb_id',
    )
  })

  it('serves the trending files for an hour, in every language', async () => {
    for (let tries = 0; tries < 50 && (await call(app.url, '/trending-tv-de.json')).status !== 200; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    for (const kind of ['all', 'movie', 'tv']) {
      for (const language of ['en', 'es', 'fr', 'de']) {
        const answer = await call(app.url, `/trending-${kind}-${language}.json`)
        expect(answer.status).toBe(200)
        expect(answer.headers.get('cache-control')).toBe('public, max-age=3600')
        expect(answer.body.results[0]).not.toHaveProperty('requested')
      }
    }
    expect((await call(app.url, '/trending-all-xx.json')).status).toBe(404)
  })
})

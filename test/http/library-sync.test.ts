import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { call, type Deployment, FEED_TOKEN, openDeployment, SYNC_TOKEN, signIn, WEBHOOK_TOKENS } from './deployment.ts'

let app: Deployment
let ann: string
beforeEach(async () => {
  app = await openDeployment()
  ann = await signIn(app.url, 'Ann')
})
afterEach(() => app.close())

const sync = (path: string, json: unknown, method = 'POST', token = SYNC_TOKEN) =>
  call(app.url, path, { method, json, headers: { 'x-api-key': token } })
const library = async () => (await call(app.url, '/api/library-status', { token: ann })).body.library
const items = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, n) => ({ tmdb_id: from + n, title: `T ${from + n}` }))

describe('library sync', () => {
  it('takes a library in one body, doubles and odd rows reported', async () => {
    const answer = await sync('/sync/library?media_type=movie&clear=true', [
      ...items(1, 5),
      { tmdb_id: 4 },
      { tmdb_id: 'x' },
      null,
    ])
    expect(answer.body).toMatchObject({ status: 'success', media_type: 'movie', marked_as_added: 0 })
    expect(answer.body.skipped.map((skip: { row: number }) => skip.row)).toEqual([3, 5, 6])
    expect((await library()).movie).toEqual([1, 2, 3, 4])
    await sync('/sync/library?media_type=movie&clear=false', items(9, 10))
    expect((await library()).movie).toEqual([1, 2, 3, 4, 9])
  })

  it('takes the Plex token in the old form only', async () => {
    expect((await sync('/sync/library?media_type=tv', items(1, 2), 'POST', WEBHOOK_TOKENS.plex)).status).toBe(200)
    expect(
      (await sync('/sync/library/begin', { media_type: 'tv', source: 'plex' }, 'POST', WEBHOOK_TOKENS.plex)).status,
    ).toBe(401)
    expect((await call(app.url, '/sync/library?media_type=tv', { json: [] })).status).toBe(401)
  })

  it('refuses to lose more than half without confirmation', async () => {
    await sync('/sync/library?media_type=movie&clear=true', items(1, 11))
    const refused = await sync('/sync/library?media_type=movie&clear=true', items(1, 3))
    expect([refused.status, refused.body.code]).toEqual([409, 'needs_confirmation'])
    expect((await library()).movie).toHaveLength(10)
    expect((await sync('/sync/library?media_type=movie&clear=true&confirm=true', items(1, 3))).status).toBe(200)
    expect((await library()).movie).toEqual([1, 2])
  })

  it('switches a paged library at its commit, not before', async () => {
    const { body } = await sync('/sync/library/begin', { media_type: 'movie', source: 'jellyfin' })
    for (const page of [0, 1]) {
      expect(
        (await sync(`/sync/library/${body.sync_id}/pages/${page}`, items(1 + page * 2000, 2001 + page * 2000), 'PUT'))
          .body.stored,
      ).toBe(2000)
    }
    expect((await library()).movie).toEqual([])
    expect((await sync(`/sync/library/${body.sync_id}/commit`, { pages: 3 })).body).toMatchObject({
      code: 'pages_missing',
      field: 'pages',
    })
    expect((await sync(`/sync/library/${body.sync_id}/commit`, { pages: 2 })).body).toMatchObject({
      added: 4000,
      removed: 0,
    })
    expect((await library()).movie).toHaveLength(4000)
    expect((await sync(`/sync/library/${body.sync_id}/commit`, { pages: 2 })).status).toBe(404)
  })

  it('names the paged form when one body is too large', async () => {
    const answer = await sync('/sync/library?media_type=movie', items(1, 20_002))
    expect(answer.status).toBe(413)
    expect(answer.body.detail).toContain('/sync/library/begin')
  })

  it('marks what has arrived and keeps it in the feed', async () => {
    const search = await call(app.url, '/api/search', { token: ann, json: { query: 'a', media_type: 'movie' } })
    const movie = search.body.results[0]
    await call(app.url, '/api/request', { token: ann, json: { tmdb_id: movie.id, media_type: 'movie' } })
    const before = await call(app.url, `/list/radarr?by=tmdb&token=${FEED_TOKEN}`)
    expect(
      (await sync('/sync/library?media_type=movie&clear=true', [{ tmdb_id: movie.id }])).body.marked_as_added,
    ).toBe(1)
    const row = (await call(app.url, '/api/requests', { token: ann })).body.requests[0]
    expect(row.status).toBe('available')
    expect(row.added_at).toMatch(/^\d{4}-/)
    expect((await call(app.url, `/list/radarr?by=tmdb&token=${FEED_TOKEN}`)).text).toBe(before.text)
    const gone = await call(app.url, `/api/request/movie/${movie.id}`, { method: 'DELETE', token: ann })
    expect(gone.body.still_listed).toBe(true)
    expect((await call(app.url, `/list/radarr?by=tmdb&token=${FEED_TOKEN}`)).text).toBe(before.text)
    expect((await call(app.url, '/api/requests', { token: ann })).body.requests).toEqual([])
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ADMIN, call, type Deployment, openDeployment, SYNC_TOKEN, signIn } from './deployment.ts'

let app: Deployment
let ann: string
let ids: number[] = []
beforeAll(async () => {
  app = await openDeployment()
  ann = await signIn(app.url, 'Ann')
  const found = await call(app.url, '/api/search', { token: ann, json: { query: 'a', media_type: 'movie' } })
  ids = found.body.results.slice(0, 5).map((one: { id: number }) => one.id)
  for (const tmdb_id of ids) await call(app.url, '/api/request', { token: ann, json: { tmdb_id, media_type: 'movie' } })
})
afterAll(() => app.close())

const page = (query: string, token = ann) => call(app.url, `/api/requests${query}`, { token })
const idsOf = (body: { requests: { tmdb_id: number }[] }) => body.requests.map((row) => row.tmdb_id)

describe('the requests, a page at a time', () => {
  it('follow one another, each once, with the number of each group', async () => {
    const all = await page('')
    expect(all.body.counts).toEqual({ needs_you: 0, on_its_way: 0, requested: ids.length, recent: 0, earlier: 0 })
    expect([idsOf(all.body).sort(), all.body.next]).toEqual([[...ids].sort(), null])
    for (const sort of ['newest', 'oldest', 'title']) {
      const found: number[] = []
      for (let cursor = ''; ; ) {
        const { body } = await page(`?sort=${sort}&limit=2${cursor && `&cursor=${encodeURIComponent(cursor)}`}`)
        found.push(...idsOf(body))
        if (body.next === null) break
        cursor = body.next
      }
      expect([...found].sort()).toEqual([...ids].sort())
    }
  })

  it('are narrowed by person, title, type, status and group', async () => {
    const [row] = (await page('?limit=1')).body.requests
    expect((await page(`?q=${encodeURIComponent(row.title.toUpperCase())}`)).body.requests).toContainEqual(row)
    for (const query of ['?by=Bob', '?media_type=tv', '?status=gone', '?q=no+such+title']) {
      expect([query, (await page(query)).body]).toMatchObject([query, { requests: [], next: null }])
    }
    const away = await page('?group=on_its_way')
    expect([away.body.requests, away.body.counts.requested]).toEqual([[], ids.length])
    expect(idsOf((await page('', await signIn(app.url, 'Op', ADMIN))).body)).toHaveLength(ids.length)
  })

  it.each([
    ['group=mine', 'group'],
    ['sort=best', 'sort'],
    ['status=lost', 'status'],
    ['limit=0', 'limit'],
    ['limit=501', 'limit'],
    ['limit=x', 'limit'],
    ['cursor=x', 'cursor'],
    ['cursor=newest.movie.1.2&sort=title', 'cursor'],
    [`q=${'x'.repeat(201)}`, 'q'],
    ['by=a&by=b', 'by'],
  ])('say what is expected: %s', async (query, field) => {
    const { status, body } = await page(`?${query}`)
    expect([status, body.field, body.detail]).toEqual([422, field, expect.stringContaining('expected')])
  })
})

describe('the status of some titles', () => {
  const status = (keys: string, headers = {}) =>
    call(app.url, `/api/library-status?keys=${keys}`, { token: ann, headers })

  it('is of those alone, with one’s own requests, under the tag of all', async () => {
    await call(app.url, '/sync/library?media_type=tv', {
      json: [
        { tmdb_id: 7, title: 'T' },
        { tmdb_id: 8, title: 'U' },
      ],
      headers: { 'x-api-key': SYNC_TOKEN },
    })
    const some = await status('tv/7,tv/9')
    expect(some.body.library).toEqual({ movie: [], tv: [7] })
    expect(idsOf(some.body).sort()).toEqual([...ids].sort())
    const known = { 'if-none-match': some.headers.get('etag') ?? '' }
    expect((await status('tv/8', known)).status).toBe(304)
    const bob = await signIn(app.url, 'Bob')
    const his = await call(app.url, `/api/library-status?keys=movie/${ids[0]}`, { token: bob })
    expect(idsOf(his.body)).toEqual([ids[0]])
  })

  it('says what is expected', async () => {
    for (const keys of ['603', 'film/1', 'movie/0', 'movie/1,', Array(301).fill('tv/1').join(',')]) {
      expect([keys, (await status(keys)).status]).toEqual([keys, 422])
    }
  })
})

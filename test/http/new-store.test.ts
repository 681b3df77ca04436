import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ADMIN, call, type Deployment, FEED_TOKEN, openDeployment, signIn } from './deployment.ts'

const LISTS = ['/list/radarr', '/list/sonarr', '/radarr/api/v3/movie', '/sonarr/api/v3/series', '/rss/all']
const MENUS = ['/radarr/api/v3/qualityprofile', '/radarr/api/v3/tag', '/sonarr/api/v3/rootfolder']

describe('a new store whose keys are from before', () => {
  let app: Deployment
  let ann: string
  let admin: string
  beforeEach(async () => {
    app = await openDeployment({}, true)
    ann = await signIn(app.url)
    admin = await signIn(app.url, 'Op', ADMIN)
  })
  afterEach(() => app.close())

  const read = (path: string) => call(app.url, path, { headers: { 'x-api-key': FEED_TOKEN } })
  const confirm = (token: string) => call(app.url, '/api/admin/confirm-store', { method: 'POST', token })
  const request = () => call(app.url, '/api/request', { token: ann, json: { media_type: 'movie', tmdb_id: 603 } })

  async function expectClosed(): Promise<void> {
    for (const path of [...LISTS, ...MENUS]) {
      const { status, headers, body } = await read(path)
      expect([path, status, headers.get('retry-after'), body.code]).toEqual([path, 503, '3600', 'store_new'])
    }
  }

  it('keeps lists and menus closed over requests and restarts until the admin says that it is meant', async () => {
    await expectClosed()
    expect((await request()).status).toBe(200)
    await expectClosed()
    await app.restart()
    await expectClosed()
    expect((await confirm(ann)).status).toBe(403)
    await expectClosed()
    expect((await confirm(admin)).status).toBe(200)
    expect((await read('/radarr/api/v3/movie')).body).toMatchObject([{ tmdbId: 603 }])
    await app.restart()
    for (const path of [...LISTS, ...MENUS]) expect([path, (await read(path)).status]).toEqual([path, 200])
  })

  it('says so where the admin looks, and lets a client pass its Test before the first request once it is open', async () => {
    const notices = () => call(app.url, '/api/admin/notices', { token: admin })
    const closed = async () => (await call(app.url, '/api/feeds', { token: admin })).body.closed
    expect((await notices()).body.notices).toMatchObject([{ code: 'store_new' }])
    expect(await closed()).toBe('store_new')
    await confirm(admin)
    expect([(await notices()).body.notices, await closed()]).toEqual([[], null])
    for (const path of LISTS.slice(0, 4)) expect([path, (await read(path)).text]).toEqual([path, '[]'])
  })

  it('is asked about by a wrong key no less than before: the key comes first', async () => {
    const answer = await call(app.url, '/list/radarr', { headers: { 'x-api-key': 'a-key-of-somebody-else' } })
    expect([answer.status, answer.body.code]).toEqual([401, 'bad_token'])
  })
})

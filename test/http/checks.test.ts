import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  ADMIN,
  call,
  codeOf,
  type Deployment,
  FEED_TOKEN,
  openDeployment,
  signIn,
  TMDB_KEY,
  WEBHOOK_TOKENS,
} from './deployment.ts'

const isAws = process.env.STELLARR_DEPLOYMENT === 'lambda'

let app: Deployment
let admin: string
beforeAll(async () => {
  app = await openDeployment()
  admin = await signIn(app.url, 'Op', ADMIN)
})
afterAll(() => app.close())

interface Row {
  id: string
  group: string
  state: string
  code: string | null
  facts: Record<string, unknown>
  next_step: string | null
  last_good_at: string | null
  last_bad_at: string | null
}

const checks = async (token = admin): Promise<Row[]> => (await call(app.url, '/api/admin/checks', { token })).body
const check = async (id: string): Promise<Row | undefined> => (await checks()).find((row) => row.id.startsWith(id))
const radarr = { 'user-agent': 'Radarr/6.1.0.10000 (ubuntu 24.04)' }
const readList = (key = FEED_TOKEN) =>
  call(app.url, '/radarr/api/v3/movie', { headers: { ...radarr, 'x-api-key': key } })

describe('the checks', () => {
  it('are the admin’s alone, in their groups, and what was never set up is no problem', async () => {
    expect((await call(app.url, '/api/admin/checks')).status).toBe(401)
    expect((await call(app.url, '/api/admin/checks', { token: await signIn(app.url) })).status).toBe(403)
    const rows = await checks()
    const groups = [...new Set(rows.map(({ group }) => group))]
    expect(groups).toEqual([
      ...['lists', 'apps', 'media_servers', 'titles', 'notifications', 'database', 'address'],
      ...(isAws ? [] : ['clock']),
      'version',
    ])
    const states = Object.fromEntries(rows.map(({ id, state }) => [id, state]))
    expect(states).toMatchObject({ lists: 'works', tmdb: 'works', store: 'works', witness: 'works', version: 'works' })
    for (const id of ['radarr-list', 'radarr-messages', 'sonarr-list', 'sonarr-messages', 'plex-messages', 'tvdb']) {
      expect([id, states[id]]).toEqual([id, 'not_set_up'])
    }
    expect(rows.filter(({ state }) => state === 'problem')).toEqual([])
    for (const { state, next_step: step } of rows) if (state === 'problem') expect(step).toMatch(/\.$/)
  })

  it('say that a Radarr came with a wrong key, until it comes with the right one', async () => {
    await readList('a-wrong-key')
    const refused = await check('radarr-list')
    expect(refused).toMatchObject({
      state: 'problem',
      code: 'wrong_key',
      facts: { address: '127.0.0.1', app: 'Radarr', count: 1 },
      next_step: 'Radarr at 127.0.0.1 used a wrong API key. Copy the key again.',
    })
    expect(refused?.last_bad_at).not.toBeNull()
    await call(app.url, '/api/request', { token: admin, json: { media_type: 'movie', tmdb_id: 603 } })
    await readList()
    expect(await check('radarr-list')).toMatchObject({
      state: 'works',
      facts: { list: 'radarr-program', app: 'Radarr' },
    })
    expect(await check('list radarr-program')).toMatchObject({ state: 'works', code: null })
    expect(await check('sonarr-list')).toMatchObject({ state: 'not_set_up' })
  })

  it('say what is wrong with a sender: its token, whose messages come, and what they hold', async () => {
    const send = (source: 'sonarr' | 'jellyfin', token: string, json: unknown) =>
      call(app.url, `/webhook/${source}?token=${token}`, { json, headers: radarr })
    const movie = { eventType: 'Test', movie: { id: 1, title: 'Test Title', tmdbId: 0 } }
    await send('sonarr', 'wrong', movie)
    expect(await check('sonarr-messages')).toMatchObject({ state: 'problem', code: 'wrong_token' })
    await send('sonarr', WEBHOOK_TOKENS.sonarr, movie)
    expect(await check('sonarr-messages')).toMatchObject({ state: 'problem', code: 'wrong_app' })
    await send('sonarr', WEBHOOK_TOKENS.sonarr, {
      eventType: 'Test',
      series: { id: 1, title: 'Test Title', tvdbId: 1 },
    })
    expect(await check('sonarr-messages')).toMatchObject({ state: 'works', code: null })
    await send('jellyfin', WEBHOOK_TOKENS.jellyfin, [])
    expect(await check('jellyfin-messages')).toMatchObject({
      group: 'media_servers',
      state: 'problem',
      code: 'invalid',
    })
  })

  it('hold no secret', async () => {
    const { text } = await call(app.url, '/api/admin/checks', { token: admin })
    for (const secret of [TMDB_KEY, FEED_TOKEN, ADMIN, admin]) expect(text).not.toContain(secret)
  })
})

describe('being ready', () => {
  const ready = () => call(app.url, '/api/ready')

  it('is answered to anybody', async () => {
    const { status, body } = await ready()
    expect([status, body]).toEqual([200, { store: 'ready', feeds: 'open' }])
  })

  it('stays so while the lists are closed, and the checks say why', async () => {
    app.tmdb.mode('401')
    await app.restart(app.otherStore())
    const { status, body } = await ready()
    expect([status, body]).toEqual([200, { store: 'ready', feeds: 'closed' }])
    admin = await signIn(app.url, 'Op', ADMIN)
    const { state, code, next_step: step } = (await check('lists')) ?? {}
    expect({ state, code, step }).toEqual({
      state: 'problem',
      code: 'store_other',
      step: 'The lists are closed until the admin says that this store is the right one.',
    })
  })

  it('is apart from a key that TMDB refuses, which the checks name', async () => {
    expect(await check('tmdb')).toMatchObject({
      group: 'titles',
      state: 'problem',
      code: 'tmdb_key_refused',
      next_step: 'TMDB refuses the key. Get another one from its site and set it in TMDB_API_KEY.',
    })
    app.tmdb.mode('ok')
  })
})

describe('the id of a request', () => {
  it('is in every answer, and another each time', async () => {
    const ids = await Promise.all(
      ['/api/health', '/api/requests', '/api/nowhere', '/list/radarr', '/sync/nowhere'].map(
        async (path) => (await call(app.url, path)).headers.get('x-request-id') ?? 'none',
      ),
    )
    for (const id of ids) expect(id).toMatch(/^[\w-]{36}$/)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('is in an error of ours and in its line of the log, and secrets that came with the request are not', async () => {
    const answer = await call(app.url, `/list/radarr?token=${FEED_TOKEN}&canary-in-query=1`, {
      headers: {
        authorization: 'Bearer canary-bearer',
        cookie: 'stellarr_device=canary-cookie',
        'x-api-key': FEED_TOKEN,
      },
    })
    expect(codeOf(answer)).toEqual([503, 'store_other', undefined])
    const id = answer.body.request_id
    expect(id).toBe(answer.headers.get('x-request-id'))
    expect(
      app
        .log()
        .split('\n')
        .some((line) => line.includes(id) && line.includes('store_other')),
    ).toBe(true)
    expect(app.log()).not.toContain('canary')
  })

  it('is not taken from just anybody', async () => {
    const { headers } = await call(app.url, '/api/health', { headers: { 'x-request-id': 'a-stranger-says-so' } })
    expect(headers.get('x-request-id')).not.toBe('a-stranger-says-so')
  })
})

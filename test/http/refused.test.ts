import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  ADMIN,
  call,
  type Deployment,
  FEED_TOKEN,
  openDeployment,
  SYNC_TOKEN,
  signIn,
  WEBHOOK_TOKENS,
} from './deployment.ts'

let app: Deployment
let ann: string
let admin: string
beforeAll(async () => {
  app = await openDeployment()
  ;[ann, admin] = await Promise.all([signIn(app.url, 'Ann'), signIn(app.url, 'Op', ADMIN)])
})
afterAll(() => app.close())

const RADARR = { 'user-agent': 'Radarr/6.1.0.10000 (ubuntu 24.04)' }
const movie = { id: 1, title: 'Test Title', tmdbId: 0 }
const series = { id: 1, title: 'Test Title', tvdbId: 1234 }

const refused = async () => {
  const { body } = await call(app.url, '/api/admin/refused', { token: admin })
  return body.refused as Record<string, unknown>[]
}
/** The rows of one kind, without the times. */
const ofKind = async (kind: string) =>
  (await refused())
    .filter((row) => row.kind === kind)
    .map(({ place, app, count }) => [place, app, count])
    .sort()

describe('what is refused', () => {
  it('is seen by the admin alone: who, from where, for what and how often', async () => {
    for (let n = 0; n < 3; n += 1) {
      await call(app.url, '/radarr/api/v3/movie', { headers: { ...RADARR, 'x-api-key': 'an-old-key' } })
    }
    await call(app.url, '/radarr/api/v3/qualityprofile?apikey=another', { headers: RADARR })
    await call(app.url, '/list/sonarr?token=wrong')
    await call(app.url, '/rss/all')
    await call(app.url, '/sync/library?media_type=movie', { json: [], headers: { 'x-api-key': 'wrong' } })
    expect(await ofKind('wrong_key')).toEqual([
      ['list', 'other', 1],
      ['radarr-list', 'Radarr', 4],
      ['sonarr-list', 'other', 1],
      ['sync', 'other', 1],
    ])
    const [newest] = await refused()
    expect(newest).toEqual({
      kind: 'wrong_key',
      place: 'sync',
      address: expect.stringMatching(/^127\.0\.0\.1$/),
      app: 'other',
      count: 1,
      first_at: expect.any(String),
      last_at: expect.any(String),
    })
    expect((await call(app.url, '/api/admin/refused', { token: ann })).status).toBe(403)
    expect((await call(app.url, '/api/admin/refused')).status).toBe(401)
  })

  it('is a list asked for by a profile that there is not, or in a form that there is not', async () => {
    for (const query of ['by=x', 'profile=99']) {
      await call(app.url, `/list/radarr?token=${FEED_TOKEN}&${query}`, { headers: RADARR })
    }
    expect(await ofKind('wrong_base')).toEqual([['radarr-list', 'Radarr', 2]])
  })

  it('is a message with a wrong token, or one that is none of its sender’s', async () => {
    await call(app.url, '/webhook/sonarr?token=wrong', { json: { eventType: 'Test', series }, headers: RADARR })
    expect(await ofKind('wrong_token')).toEqual([['webhook/sonarr', 'Radarr', 1]])
    const jellyfin = `/webhook/jellyfin?token=${WEBHOOK_TOKENS.jellyfin}`
    const send = (body: string, type: string) =>
      call(app.url, jellyfin, { method: 'POST', body, headers: { 'content-type': type } })
    expect((await send('{"NotificationType":', 'text/plain')).status).toBe(400)
    expect((await send('{}', 'multipart/mixed; boundary=x')).status).toBe(415)
    expect((await send(`"${'x'.repeat(1_100_000)}"`, 'text/plain')).status).toBe(413)
    expect((await send('[]', 'text/plain')).status).toBe(422)
    const sync = { 'x-api-key': SYNC_TOKEN, 'user-agent': 'stellarr-library-agent/1.0' }
    await call(app.url, '/sync/library?media_type=x', { json: [], headers: sync })
    await call(app.url, '/sync/library?media_type=movie', {
      body: '{',
      headers: { ...sync, 'content-type': 'application/json' },
    })
    for (const kind of ['too_large', 'unsupported'])
      expect(await ofKind(kind)).toEqual([['webhook/jellyfin', 'Jellyfin', 1]])
    expect(await ofKind('bad_body')).toEqual([
      ['sync', 'library-agent', 1],
      ['webhook/jellyfin', 'Jellyfin', 1],
    ])
    expect(await ofKind('invalid')).toEqual([
      ['sync', 'library-agent', 1],
      ['webhook/jellyfin', 'Jellyfin', 1],
    ])
  })

  it('is no call of people, nothing that is not there, and nothing that went well', async () => {
    const before = (await refused()).length
    await call(app.url, '/api/auth/verify', { json: { name: 'Ann' } })
    await call(app.url, '/api/requests')
    await call(app.url, '/api/search', { token: ann, json: {} })
    await call(app.url, '/list/nothing')
    await call(app.url, '/webhook/nothing', { json: {} })
    await call(app.url, `/list/radarr?token=${FEED_TOKEN}`)
    expect(await refused()).toHaveLength(before)
  })

  it('holds nothing of what was sent', async () => {
    const { text } = await call(app.url, '/api/admin/refused', { token: admin })
    expect(text).not.toMatch(/an-old-key|another|wrong"|Test Title|\/api\/v3|token=/)
  })
})

describe('a message at another sender’s address', () => {
  const at = (source: 'radarr' | 'sonarr', json: object) =>
    call(app.url, `/webhook/${source}?token=${WEBHOOK_TOKENS[source]}`, { json, headers: RADARR })
  const newest = async () => (await call(app.url, '/api/activity', { token: ann })).body.entries[0]

  it('fails in its test, with the right address in the sentence', async () => {
    for (const [source, message, right] of [
      ['sonarr', { eventType: 'Test', movie }, 'radarr'],
      ['radarr', { eventType: 'Test', series }, 'sonarr'],
    ] as const) {
      const answer = await at(source, message)
      expect([answer.status, answer.body.code]).toEqual([400, 'wrong_app'])
      expect(answer.body.detail).toContain(`/webhook/${right}`)
      expect(await newest()).toMatchObject({ source, name: 'Test', outcome: 'stray', reason: answer.body.detail })
    }
    const heard = async () => {
      const { body } = await call(app.url, '/api/webhooks', { token: ann })
      return body.senders.filter((one: { last_name: string | null }) => one.last_name === 'Test')
    }
    // Neither of the two was heard by this.
    expect(await heard()).toEqual([])
    expect((await at('radarr', { eventType: 'Test', movie })).body.reason).toBe('The line works.')
    expect(await heard()).toMatchObject([{ source: 'radarr' }])
    expect(await ofKind('wrong_app')).toEqual([
      ['webhook/radarr', 'Radarr', 1],
      ['webhook/sonarr', 'Radarr', 1],
    ])
  })

  it('is otherwise ignored with the reason, since errors would make its sender stop', async () => {
    const answer = await at('sonarr', { eventType: 'Download', movie: { ...movie, tmdbId: 603 } })
    const reason = expect.stringContaining('/webhook/radarr')
    expect([answer.status, answer.body]).toEqual([200, { status: 'ignored', reason }])
    expect(await newest()).toMatchObject({ source: 'sonarr', name: 'Download', outcome: 'stray', reason })
    expect(await ofKind('wrong_app')).toContainEqual(['webhook/sonarr', 'Radarr', 2])
  })
})

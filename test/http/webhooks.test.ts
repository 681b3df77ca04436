import { MEDIA_EVENT_SOURCES } from '@stellarr/core'
import { type FakePush, startFakePush } from '@stellarr/gateways/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ADMIN, call, type Deployment, openDeployment, signIn, WEBHOOK_TOKENS } from './deployment.ts'

let push: FakePush
let app: Deployment
let ann: string
let admin: string
beforeAll(async () => {
  push = await startFakePush()
  app = await openDeployment({ PUSH_HOSTS: '127.0.0.1', PLEX_SERVER_NAME: 'Attic' })
  ;[ann, admin] = await Promise.all([signIn(app.url, 'Ann'), signIn(app.url, 'Op', ADMIN)])
})
afterAll(async () => {
  await app.close()
  await push.close()
})

const post = (path: string, json: unknown, headers: Record<string, string> = {}) =>
  call(app.url, path, { json, headers })
const status = async (type: string, id: number) => {
  const { body } = await call(app.url, '/api/requests', { token: ann })
  return body.requests.find(
    (row: { media_type: string; tmdb_id: number }) => row.media_type === type && row.tmdb_id === id,
  )
}

/** Titles of the catalogue, asked for by Ann. */
async function asked(type: 'movie' | 'tv', more: object = {}) {
  const found = await call(app.url, '/api/search', { token: ann, json: { query: 'a', media_type: type } })
  for (const { id } of found.body.results) {
    const before = await status(type, id)
    if (before) continue
    const { body } = await call(app.url, '/api/request', {
      token: ann,
      json: { tmdb_id: id, media_type: type, ...more },
    })
    if (body.request && (type === 'movie' || body.request.tvdb_id)) return body.request
  }
  throw new Error('the fake catalogue has no further title')
}

const plexBody = (payload: object) => {
  const boundary = 'boundary-of-the-tests'
  const part = (name: string, type: string, value: string) =>
    `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${type}\r\n\r\n${value}\r\n`
  return {
    body: `${part('payload', '', JSON.stringify(payload))}${part('thumb', '; filename="t.jpg"\r\nContent-Type: image/jpeg', 'x'.repeat(5_000))}--${boundary}--\r\n`,
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
  }
}

describe('webhooks', () => {
  it('carry a movie from asked for to here, and tell who asked', async () => {
    const movie = await asked('movie')
    const device = push.subscribe()
    const subscribed = await call(app.url, '/api/push/subscribe', { token: ann, json: { ...device, language: 'de' } })
    expect(subscribed.status).toBe(200)
    const radarr = (eventType: string, more: object = {}) =>
      post(`/webhook/radarr?token=${WEBHOOK_TOKENS.radarr}`, {
        eventType,
        movie: { id: 1, title: movie.title, year: movie.year, tmdbId: movie.tmdb_id },
        ...more,
      })
    expect((await radarr('Test')).body).toMatchObject({ status: 'success' })
    expect((await radarr('MovieAdded')).body).toMatchObject({ matched_request: true, tmdb_id: movie.tmdb_id })
    expect((await status('movie', movie.tmdb_id)).status).toBe('picked_up')
    await radarr('Grab')
    expect((await status('movie', movie.tmdb_id)).status).toBe('downloading')
    expect((await radarr('Download')).body).toMatchObject({ added_to_library: true, notification_sent: true })
    expect((await status('movie', movie.tmdb_id)).status).toBe('available')
    expect(push.received.map((message) => JSON.parse(message.text)).at(-1)).toMatchObject({
      title: movie.title,
      body: 'Es ist da.',
      url: `/title/movie/${movie.tmdb_id}`,
    })
    const { body } = await call(app.url, '/api/activity', { token: ann })
    expect(
      body.entries.slice(0, 4).map((entry: { name: string; outcome: string }) => [entry.name, entry.outcome]),
    ).toEqual([
      ['Download', 'matched'],
      ['Grab', 'matched'],
      ['MovieAdded', 'matched'],
      ['Test', 'test'],
    ])
  })

  it('say season by season what is here of a series', async () => {
    const series = await asked('tv', { seasons: [1] })
    const details = await call(app.url, `/api/title/tv/${series.tmdb_id}`, { token: ann })
    const first = details.body.seasons.find((season: { season_number: number }) => season.season_number === 1)
    const sonarr = (eventType: string, episodes: number[]) =>
      post(
        '/webhook/sonarr',
        {
          eventType,
          series: { id: 1, title: series.title, tvdbId: series.tvdb_id, year: series.year },
          episodes: episodes.map((episodeNumber) => ({ id: episodeNumber, seasonNumber: 1, episodeNumber })),
        },
        { authorization: `Basic ${Buffer.from(`x:${WEBHOOK_TOKENS.sonarr}`).toString('base64')}` },
      )
    await sonarr('Download', [1])
    expect(await status('tv', series.tmdb_id)).toMatchObject({
      status: 'partly_available',
      progress: { here: 1, aired: first.episode_count, total: first.episode_count },
    })
    await sonarr(
      'Download',
      Array.from({ length: first.episode_count }, (_, n) => n + 1),
    )
    expect(await status('tv', series.tmdb_id)).toMatchObject({
      status: 'available',
      progress: { here: first.episode_count, aired: first.episode_count, total: first.episode_count },
    })
  })

  it('take Plex’s form with its picture, from the server that is named', async () => {
    const movie = await asked('movie')
    const plex = (server: string, event = 'library.new') =>
      call(app.url, `/webhook/plex?token=${WEBHOOK_TOKENS.plex}`, {
        method: 'POST',
        ...plexBody({
          event,
          Server: { title: server },
          Metadata: {
            type: 'movie',
            title: movie.title,
            year: movie.year,
            guid: 'plex://movie/5d77',
            Guid: [{ id: `tmdb://${movie.tmdb_id}` }],
          },
        }),
      })
    expect((await plex('Cellar')).body).toMatchObject({ status: 'ignored', reason: expect.stringContaining('server') })
    expect((await plex('Attic', 'media.play')).body.status).toBe('ignored')
    expect((await plex('Attic')).body).toMatchObject({
      status: 'success',
      media_type: 'movie',
      tmdb_id: movie.tmdb_id,
      added_to_library: true,
      matched_request: true,
    })
    expect((await status('movie', movie.tmdb_id)).status).toBe('available')
  })

  it('need the sender’s own token', async () => {
    for (const source of MEDIA_EVENT_SOURCES) {
      for (const path of [`/webhook/${source}`, `/webhook/${source}?token=wrong`]) {
        expect((await post(path, {})).status).toBe(401)
      }
    }
    expect((await post(`/webhook/sonarr?token=${WEBHOOK_TOKENS.radarr}`, {})).status).toBe(401)
  })

  it('answer bodies that are nothing of the kind with a clear 4xx', async () => {
    const radarr = `/webhook/radarr?token=${WEBHOOK_TOKENS.radarr}`
    const send = (body: string, type: string) =>
      call(app.url, radarr, { method: 'POST', body, headers: { 'content-type': type } })
    expect((await send('{"eventType":', 'application/json')).status).toBe(400)
    expect((await send('--x', 'multipart/form-data; boundary=x')).status).toBe(400)
    expect((await send('{}', 'multipart/mixed; boundary=x')).status).toBe(415)
    expect((await post(radarr, [])).status).toBe(422)
    expect((await post(radarr, { eventType: 'Health' })).body.status).toBe('ignored')
    expect((await send(JSON.stringify({ eventType: 'Test', pad: 'x'.repeat(1_100_000) }), 'text/plain')).status).toBe(
      413,
    )
  })

  it('ignore what is the sender’s own and holds nothing usable, and say in Activity why', async () => {
    const sonarr = (message: object) => post(`/webhook/sonarr?token=${WEBHOOK_TOKENS.sonarr}`, message)
    const reason = 'series.tvdbId: expected the id of a series.'
    const zero = await sonarr({ eventType: 'SeriesAdd', series: { tvdbId: 0, tmdbId: 0, title: 'Zero' } })
    expect([zero.status, zero.body]).toEqual([200, { status: 'ignored', reason }])
    const { body } = await call(app.url, '/api/activity', { token: ann })
    expect(body.entries[0]).toMatchObject({ source: 'sonarr', name: 'SeriesAdd', outcome: 'ignored', reason })
    expect((await sonarr({ series: { tvdbId: 5 } })).body).toMatchObject({ field: 'eventType' })
  })

  it('take what Jellyfin’s template makes of a title with line ends and backslashes', async () => {
    const movie = await asked('movie')
    const body = `{\n "NotificationType": "ItemAdded",\n "ItemType": "Movie",\n "Name": "Face\\Off\n\t\\",\n "Provider_tmdb": "${movie.tmdb_id}"\n}`
    const answer = await call(app.url, `/webhook/jellyfin?token=${WEBHOOK_TOKENS.jellyfin}`, {
      body,
      headers: { 'content-type': 'text/plain; charset=utf-8' },
    })
    expect([answer.status, answer.body]).toMatchObject([200, { matched_request: true, title: 'Face\\Off \\' }])
    expect(await status('movie', movie.tmdb_id)).toMatchObject({ status: 'available' })
  })

  it('take Sonarr’s word about an import of a thousand files', async () => {
    const series = await asked('tv')
    const files = Array.from({ length: 1_100 }, (_, n) => ({
      id: n,
      relativePath: `Season 01/Episode ${n}.mkv`,
      mediaInfo: { audioLanguages: ['eng'], subtitles: Array.from({ length: 100 }, () => 'eng') },
    }))
    const answer = await post(`/webhook/sonarr?token=${WEBHOOK_TOKENS.sonarr}`, {
      series: { title: series.title, tvdbId: series.tvdb_id },
      episodes: files.map(({ id }) => ({ id, seasonNumber: 1, episodeNumber: id + 1 })),
      episodeFiles: files.map((file) => ({ ...file, sceneName: 'x'.repeat(500) })),
      eventType: 'Download',
    })
    expect([answer.status, answer.body]).toMatchObject([200, { matched_request: true, tmdb_id: series.tmdb_id }])
    expect(await status('tv', series.tmdb_id)).toMatchObject({ status: 'available' })
  })

  it('are set up with addresses that the admin alone sees whole', async () => {
    const household = await call(app.url, '/api/webhooks', { token: ann })
    expect(household.text).not.toContain(WEBHOOK_TOKENS.sonarr)
    const { body } = await call(app.url, '/api/webhooks', { token: admin })
    expect(body.senders.find((one: { source: string }) => one.source === 'radarr')).toMatchObject({
      url: `${app.url}/webhook/radarr?token=${WEBHOOK_TOKENS.radarr}`,
      last_heard_at: expect.any(String),
    })
    expect([body.plex_server_name, typeof body.jellyfin_template]).toEqual(['Attic', 'string'])
  })
})

describe('push messages', () => {
  it('are on, tried, and off again, a device at a time', async () => {
    const device = push.subscribe()
    const bob = await signIn(app.url, 'Bob')
    const here = async () =>
      (await call(app.url, `/api/push/status?endpoint=${encodeURIComponent(device.endpoint)}`, { token: bob })).body
    expect((await call(app.url, '/api/push/vapid-public-key', { token: bob })).body.public_key).toMatch(/^[\w-]{87}$/)
    expect(await here()).toEqual({ subscribed: false })
    await call(app.url, '/api/push/subscribe', { token: bob, json: device })
    expect(await here()).toEqual({ subscribed: true })
    const endpoint = { endpoint: device.endpoint }
    expect((await call(app.url, '/api/push/test', { token: bob, json: endpoint })).body.success).toBe(true)
    expect((await call(app.url, '/api/push/test', { token: ann, json: endpoint })).status).toBe(404)
    const off = await call(app.url, '/api/push/subscribe', { method: 'DELETE', token: bob, json: endpoint })
    expect([off.status, await here()]).toEqual([200, { subscribed: false }])
    for (const bad of [
      'http://169.254.169.254/',
      'https://example.org/push',
      'https://fcm.googleapis.com.evil.example/',
    ]) {
      const answer = await call(app.url, '/api/push/subscribe', { token: bob, json: { ...device, endpoint: bad } })
      expect([answer.status, answer.body.field]).toEqual([422, 'endpoint'])
    }
  })

  it('are for those who follow too', async () => {
    const movie = await asked('movie').catch(() => undefined)
    const row = movie ?? (await call(app.url, '/api/requests', { token: ann })).body.requests[0]
    const path = `/api/request/${row.media_type}/${row.tmdb_id}/follow`
    const eve = await signIn(app.url, 'Eve')
    expect((await call(app.url, path, { method: 'POST', token: eve })).body.request.followers).toEqual(['Eve'])
    expect((await call(app.url, path, { method: 'DELETE', token: eve })).body.request.followers).toEqual([])
    expect((await call(app.url, '/api/request/movie/999999/follow', { method: 'POST', token: eve })).status).toBe(404)
  })
})

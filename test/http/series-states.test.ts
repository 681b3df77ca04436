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
let bob: string
beforeAll(async () => {
  app = await openDeployment()
  ;[ann, bob] = await Promise.all([signIn(app.url, 'Ann'), signIn(app.url, 'Bob')])
})
afterAll(() => app.close())

interface Season {
  season_number: number
  episode_count: number
  air_date?: string | null
}

let ids = 50_000
/** A new series of TMDB's; its TVDB id is 300,000 more unless another is given. */
function aSeries(seasons: Season[], more: Record<string, unknown> = {}): number {
  ids += 1
  const title = `Series ${ids}`
  app.tmdb.titles.set(`tv/${ids}`, {
    id: ids,
    name: title,
    original_name: title,
    first_air_date: '2015-01-01',
    external_ids: { imdb_id: null, tvdb_id: 300_000 + ids },
    seasons: seasons.map((season) => ({ air_date: '2015-01-01', name: `Season ${season.season_number}`, ...season })),
    ...more,
  })
  return ids
}

const ask = async (tmdb_id: number, more: object = {}, token = ann) =>
  (await call(app.url, '/api/request', { token, json: { tmdb_id, media_type: 'tv', ...more } })).body
const row = async (tmdb_id: number) => {
  const { body } = await call(app.url, '/api/requests', { token: ann })
  return body.requests.find((one: { tmdb_id: number }) => one.tmdb_id === tmdb_id)
}
/** As the test of what Sonarr would read shows it. */
const inPreview = async (tmdb_id: number) => {
  const { body } = await call(app.url, '/api/feeds/preview?feed=sonarr-program', { token: ann })
  return body.takes.find((one: { tmdb_id: number }) => one.tmdb_id === tmdb_id)
}
const title = async (tmdb_id: number, language = 'en') =>
  (await call(app.url, `/api/title/tv/${tmdb_id}`, { token: ann, headers: { 'accept-language': language } })).body
const sonarr = async (
  series: object,
  episodes: [season: number, from: number, to: number][],
  eventType = 'Download',
) => {
  const list = episodes.flatMap(([seasonNumber, from, to]) =>
    Array.from({ length: to - from + 1 }, (_, n) => ({ seasonNumber, episodeNumber: from + n })),
  )
  const json = { eventType, series: { title: 'x', ...series }, episodes: list }
  return call(app.url, `/webhook/sonarr?token=${WEBHOOK_TOKENS.sonarr}`, { json })
}
const byTvdb = (tmdbId: number) => ({ tvdbId: 300_000 + tmdbId })
const listRows = async (tvdbId: number) => {
  const { body } = await call(app.url, '/sonarr/api/v3/series', { headers: { 'X-Api-Key': FEED_TOKEN } })
  return body.filter((one: { tvdbId: number }) => one.tvdbId === tvdbId)
}
const monitored = async (tvdbId: number) =>
  (await listRows(tvdbId)).map((one: { seasons: { seasonNumber: number; monitored: boolean }[] }) =>
    one.seasons.filter((season) => season.monitored).map((season) => season.seasonNumber),
  )

const sendLibrary = (json: object[]) =>
  call(app.url, '/sync/library?media_type=tv&clear=false', { json, headers: { 'X-Api-Key': SYNC_TOKEN } })

describe('a request for a series', () => {
  it('that has specials alone wants those, and 1 of 4 is a part of them', async () => {
    const id = aSeries([{ season_number: 0, episode_count: 4 }])
    await ask(id)
    expect(await monitored(300_000 + id)).toEqual([[0]])
    await sonarr(byTvdb(id), [[0, 1, 1]])
    expect(await row(id)).toMatchObject({ status: 'partly_available', progress: { here: 1, aired: 4, total: 4 } })
    expect((await title(id)).seasons).toMatchObject([{ season_number: 0, state: 'some', requested: true }])
    await sonarr(byTvdb(id), [[0, 2, 4]])
    expect(await row(id)).toMatchObject({ status: 'available' })
    expect((await title(id)).seasons).toMatchObject([{ state: 'complete' }])
  })

  it.each<[string, Season[], string]>([
    ['no season is listed', [], 'partly_available'],
    ['its season lists no episode', [{ season_number: 1, episode_count: 0 }], 'partly_available'],
    ['its season lists one episode', [{ season_number: 1, episode_count: 1 }], 'available'],
  ])('after its first episode, while %s', async (_, seasons, expected) => {
    const id = aSeries(seasons)
    await ask(id)
    await sonarr(byTvdb(id), [[1, 1, 1]])
    expect((await row(id)).status).toBe(expected)
  })

  it('for an announced season waits for it, whatever else is here or comes', async () => {
    const id = aSeries([
      { season_number: 1, episode_count: 10 },
      { season_number: 2, episode_count: 0, air_date: null },
    ])
    const library = [{ tmdb_id: id, title: 'x', seasons: [{ season_number: 1, episodes: 10 }] }]
    await sendLibrary(library)
    const { request } = await ask(id, { seasons: [2], future_seasons: false })
    expect(request).toMatchObject({ status: 'pending', progress: { here: 0, aired: 0, total: 0 } })
    expect((await title(id)).seasons).toMatchObject([
      { state: 'complete', requested: false },
      { state: 'none', requested: true },
    ])
    await sonarr(byTvdb(id), [[1, 3, 3]])
    expect((await row(id)).status).toBe('pending')
    expect(await inPreview(id)).toMatchObject({ status: 'pending' })
    await sonarr(byTvdb(id), [[2, 1, 1]])
    expect((await row(id)).status).toBe('partly_available')
    expect(await inPreview(id)).toMatchObject({ status: 'partly_available' })
  })

  it('that the library has without counting it is here in part, unless seasons were picked', async () => {
    const [whole, picked] = [
      aSeries([{ season_number: 1, episode_count: 5 }]),
      aSeries([{ season_number: 1, episode_count: 5 }]),
    ]
    await ask(whole)
    await ask(picked, { seasons: [1] })
    const library = [whole, picked].map((tmdb_id) => ({ tmdb_id, title: 'x' }))
    await sendLibrary(library)
    expect([(await row(whole)).status, (await row(picked)).status]).toEqual(['partly_available', 'pending'])
  })

  it('on the air is up to date with what has aired, and says when the next one comes', async () => {
    const today = Date.now()
    const dayFrom = (days: number) => new Date(today + days * 86_400_000).toISOString().slice(0, 10)
    const episode = (number: number, days: number) => ({
      season_number: 2,
      episode_number: number,
      air_date: dayFrom(days),
    })
    const id = aSeries(
      [
        { season_number: 1, episode_count: 6 },
        { season_number: 2, episode_count: 10, air_date: dayFrom(-20) },
      ],
      { status: 'Returning Series', last_episode_to_air: episode(3, -6), next_episode_to_air: episode(4, 1) },
    )
    await ask(id, { seasons: [2], future_seasons: false })
    await sonarr(byTvdb(id), [[2, 1, 2]])
    expect((await row(id)).status).toBe('partly_available')
    await sonarr(byTvdb(id), [[2, 3, 3]])
    const progress = { here: 3, aired: 3, total: 10, next_air_date: dayFrom(1) }
    expect(await row(id)).toMatchObject({ status: 'available', progress, lost_at: null })
    expect((await title(id)).seasons[1]).toMatchObject({ state: 'up_to_date', progress })
    await sonarr(byTvdb(id), [[2, 2, 2]], 'EpisodeFileDelete')
    expect(await row(id)).toMatchObject({ status: 'partly_available', lost_at: expect.any(String) })
  })

  it('takes season numbers up to 99,999,999, and names what a larger one should be', async () => {
    const id = aSeries([{ season_number: 20_240_101, episode_count: 2 }])
    expect((await ask(id, { seasons: [20_240_101] })).success).toBe(true)
    await sonarr(byTvdb(id), [[20_240_101, 1, 2]])
    expect((await row(id)).status).toBe('available')
    expect(await monitored(300_000 + id)).toEqual([[20_240_101]])
    const refused = await call(app.url, '/api/request', {
      token: ann,
      json: { tmdb_id: id, media_type: 'tv', seasons: [100_000_000] },
    })
    expect([refused.status, refused.body.field]).toEqual([422, 'seasons.0'])
  })
})

describe('a series that Sonarr numbers otherwise', () => {
  it('is judged whole by the number of its episodes, and its seasons join the list', async () => {
    const id = aSeries([{ season_number: 1, episode_count: 25 }])
    await ask(id)
    expect(await title(id)).toMatchObject({ numbering: 'tmdb', seasons_arrived: null })
    await sonarr(byTvdb(id), [[1, 1, 12]])
    expect((await row(id)).status).toBe('partly_available')
    await sonarr(byTvdb(id), [[2, 1, 13]])
    const whole = { numbering: 'differs', progress: { here: 25, aired: 25, total: 25 } }
    expect(await row(id)).toMatchObject({ status: 'available', ...whole })
    expect(await title(id)).toMatchObject({ ...whole, seasons_arrived: 2 })
    expect(await monitored(300_000 + id)).toEqual([[1, 2]])
  })

  it('never has a picked season claimed to be here whole', async () => {
    const id = aSeries([{ season_number: 1, episode_count: 25 }])
    await ask(id, { seasons: [1] })
    await sonarr(byTvdb(id), [
      [1, 1, 12],
      [2, 1, 13],
    ])
    expect(await row(id)).toMatchObject({ status: 'partly_available', numbering: 'differs', progress: { here: 25 } })
    const library = [{ tmdb_id: id, title: 'x', seasons: [{ season_number: 1, episodes: 25 }] }]
    await sendLibrary(library)
    expect((await row(id)).status).toBe('partly_available')
    expect((await title(id)).seasons).toMatchObject([{ state: 'some', requested: true }])
  })

  it('is here whole where its seasons are years', async () => {
    const id = aSeries(
      [0, 1, 2].map((season_number) => ({ season_number, episode_count: season_number === 0 ? 3 : 2 })),
    )
    await ask(id)
    await sonarr(byTvdb(id), [
      [2003, 1, 2],
      [2004, 1, 2],
    ])
    expect(await row(id)).toMatchObject({ status: 'available', numbering: 'differs' })
  })
})

describe('a season in two libraries of Plex', () => {
  it('is as much here as the larger one says', async () => {
    const id = aSeries([{ season_number: 1, episode_count: 10 }])
    await ask(id, { seasons: [1] })
    const plex = (librarySectionID: number, leafCount: number) =>
      call(app.url, `/webhook/plex?token=${WEBHOOK_TOKENS.plex}`, {
        json: {
          event: 'library.new',
          Metadata: {
            type: 'season',
            librarySectionID,
            parentGuid: `com.plexapp.agents.themoviedb://${id}`,
            guid: `com.plexapp.agents.thetvdb://${300_000 + id}/1`,
            parentTitle: 'x',
            index: 1,
            leafCount,
          },
        },
      })
    await plex(2, 10)
    expect((await row(id)).status).toBe('available')
    await plex(5, 2)
    expect(await row(id)).toMatchObject({ status: 'available', progress: { here: 10 } })
  })
})

describe('ids that change', () => {
  it('as Sonarr names them with the TMDB id, at once', async () => {
    const id = aSeries([{ season_number: 1, episode_count: 2 }])
    await ask(id)
    await sonarr({ tmdbId: id, tvdbId: 441_734 }, [[1, 1, 1]])
    expect(await row(id)).toMatchObject({ tvdb_id: 441_734, status: 'partly_available' })
    expect([await listRows(300_000 + id), (await listRows(441_734)).length]).toEqual([[], 1])
    await sonarr({ tvdbId: 441_734 }, [[1, 2, 2]])
    expect((await row(id)).status).toBe('available')
  })

  it('so that two requests have one: one row with the seasons of both, which move together', async () => {
    const external_ids = { tvdb_id: 360_000 }
    const seasons = [1, 2, 3].map((season_number) => ({ season_number, episode_count: 2 }))
    const [first, second] = [aSeries(seasons, { external_ids }), aSeries(seasons, { external_ids })]
    await ask(first, { seasons: [1] })
    await ask(second, { seasons: [2] }, bob)
    expect(await listRows(360_000)).toMatchObject([{ tmdbId: first, path: `/tv/Series ${first} (2015)` }])
    expect(await monitored(360_000)).toEqual([[1, 2]])
    await sonarr({ tmdbId: first, tvdbId: 360_000 }, [[2, 1, 2]])
    expect([(await row(first)).status, (await row(second)).status]).toEqual(['pending', 'available'])
    const canceled = await call(app.url, `/api/request/tv/${first}`, { method: 'DELETE', token: ann })
    expect(canceled.status).toBe(200)
    expect(await listRows(360_000)).toMatchObject([{ tmdbId: second }])
    expect(await monitored(360_000)).toEqual([[2]])
  })

  it('of a title that TMDB has no longer: its page shows what was stored', async () => {
    const id = aSeries([{ season_number: 1, episode_count: 3 }])
    await ask(id)
    app.tmdb.titles.set(`tv/${id}`, undefined)
    const { body } = await call(app.url, `/api/title/tv/${id}`, { token: ann, headers: { 'accept-language': 'de' } })
    expect(body).toMatchObject({ in_catalog: false, title: `Series ${id}`, seasons: [{ episode_count: 3 }] })
    const admin = await signIn(app.url, 'Op', ADMIN)
    expect((await call(app.url, '/api/admin/notices', { token: admin })).status).toBe(200)
    expect((await call(app.url, `/api/title/tv/${id + 1_000}`, { token: ann })).status).toBe(404)
    expect((await call(app.url, `/api/request/tv/${id}`, { method: 'DELETE', token: ann })).status).toBe(200)
  })
})

describe('a TMDB that asks to wait a moment, or packs its answers in other words', () => {
  it.each([{ 'content-encoding': 'GZIP' }, { 'content-encoding': 'x-gzip' }])('is read with %j', async (headers) => {
    const { gzipSync } = await import('node:zlib')
    const id = aSeries([{ season_number: 1, episode_count: 3 }])
    Object.assign(app.tmdb.headers, headers)
    app.tmdb.encode = (body) => gzipSync(Buffer.concat([Buffer.from('\ufeff'), body]))
    try {
      expect((await title(id)).seasons).toHaveLength(1)
    } finally {
      delete app.tmdb.headers['content-encoding']
      app.tmdb.encode = (body) => body
    }
  })
})

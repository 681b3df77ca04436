import { describe, expect, it } from 'vitest'
import { useArrHouse } from './arr-house.ts'
import { addSeries, send, sonarrMessage } from './arr-messages.ts'
import { call, codeOf } from './deployment.ts'

describe('more deletions than a person makes', () => {
  const { house, request, radarr, read, listed, row, arrive } = useArrHouse()
  const ids = Array.from({ length: 12 }, (_, n) => 301 + n)
  const remove = async (which: readonly number[]) => {
    for (const id of which) await radarr('MovieDelete', id)
  }
  const questions = async () => {
    const { body } = await call(house().app.url, '/api/admin/notices', { token: house().admin })
    return body.notices.filter((notice: { code: string }) => notice.code === 'many_deletions')
  }
  const answer = (json: unknown, token = house().admin) =>
    call(house().app.url, '/api/admin/deletions', { token, json })

  it('are nothing to answer while there are none, and are for the admin alone', async () => {
    expect(codeOf(await answer({ app: 'radarr', answer: 'keep' }))).toEqual([404, 'not_found', undefined])
    expect((await answer({ app: 'radarr', answer: 'keep' }, house().ann)).status).toBe(403)
    expect((await answer({ app: 'radarr', answer: 'keep' }, 'x')).status).toBe(401)
    for (const [json, field] of [
      [{ answer: 'keep' }, 'app'],
      [{ app: 'plex', answer: 'keep' }, 'app'],
      [{ app: 'radarr' }, 'answer'],
      [{ app: 'radarr', answer: 'maybe' }, 'answer'],
      [{ app: 'radarr', answer: 'remove', count: 0 }, 'count'],
      [{ app: 'radarr', answer: 'remove', count: '5' }, 'count'],
      [{ app: 'radarr', answer: 'remove', count: 1.5 }, 'count'],
      [{ app: 'radarr', answer: 'keep', more: 1 }, 'more'],
    ] as const) {
      expect(codeOf(await answer(json))).toEqual([422, 'invalid', field])
    }
    const headers = { 'content-type': 'application/json' }
    const broken = { token: house().admin, body: '{', headers }
    expect((await call(house().app.url, '/api/admin/deletions', broken)).status).toBe(400)
  })

  it('take nothing off a list: the admin is asked, and may keep them', async () => {
    await arrive(ids)
    expect(await listed()).toHaveLength(12)
    await remove(ids.slice(0, 4))
    expect(await questions()).toEqual([])
    const { body } = await radarr('MovieDelete', 305)
    expect(body.reason).toContain('until the admin answers')
    const [asked, ...others] = await questions()
    expect(others).toEqual([])
    expect(asked.deletions).toEqual({
      app: 'radarr',
      count: 5,
      of: 12,
      titles: expect.arrayContaining(['Movie 301 (2001)', 'Movie 305 (2001)']),
    })
    expect(asked.detail).toContain('Radarr reported 5 of 12 movies deleted within an hour. A missing disk?')
    expect(await listed()).toHaveLength(12)
    expect(await row(301)).toMatchObject({ status: 'gone', kept_in_lists: 'many_deletions' })
    expect((await call(house().app.url, '/api/admin/notices', { token: house().ann })).status).toBe(403)
    expect((await answer({ app: 'sonarr', answer: 'keep' })).status).toBe(404)
    const kept = await answer({ app: 'radarr', answer: 'keep' })
    expect(kept.body).toEqual({ success: true, message: 'Requested again.', left: 5, stayed: 0 })
    expect(await row(301)).toMatchObject({ status: 'pending', kept_in_lists: null })
    expect(await listed()).toHaveLength(12)
    expect(await questions()).toEqual([])
  })

  it('leave the lists when the admin says how many, but for the last row', async () => {
    await remove(ids)
    expect((await questions())[0].deletions).toMatchObject({ count: 12, of: 12 })
    for (const count of [undefined, 11, 13]) {
      const refused = await answer({ app: 'radarr', answer: 'remove', ...(count !== undefined && { count }) })
      expect(codeOf(refused)).toEqual([409, 'needs_confirmation', 'count'])
      expect(refused.body.detail).toContain('12 movies')
    }
    expect(await listed()).toHaveLength(12)
    const done = await answer({ app: 'radarr', answer: 'remove', count: 12 })
    expect(done.body).toMatchObject({ success: true, left: 11, stayed: 1 })
    const [last = 0, ...others] = await listed()
    expect(others).toEqual([])
    expect(await row(last)).toMatchObject({ status: 'gone', kept_in_lists: 'last_row' })
    expect(await questions()).toEqual([])
    expect((await answer({ app: 'radarr', answer: 'remove', count: 12 })).status).toBe(404)
  })

  it('are asked about for Sonarr as for Radarr, each by itself', async () => {
    const { app } = house()
    const all = Array.from({ length: 6 }, (_, n) => addSeries(app, 70_001 + n))
    const sonarr = (event: string, named: (typeof all)[number]) =>
      send(app, 'sonarr', sonarrMessage(event, named, event === 'Download' ? [[1, 1]] : []))
    for (const named of all) {
      await request(named.tmdbId, { media_type: 'tv' })
      await sonarr('Download', named)
    }
    expect(await read('/sonarr/api/v3/series')).toHaveLength(6)
    for (const named of all.slice(0, 5)) await sonarr('SeriesDelete', named)
    const [asked, ...others] = await questions()
    expect(others).toEqual([])
    expect(asked.deletions).toMatchObject({ app: 'sonarr', count: 5, of: 6 })
    expect(asked.detail).toContain('Sonarr reported 5 of 6 series deleted within an hour.')
    expect(await read('/sonarr/api/v3/series')).toHaveLength(6)
    expect((await answer({ app: 'radarr', answer: 'keep' })).status).toBe(404)
    expect((await answer({ app: 'sonarr', answer: 'remove', count: 5 })).body).toMatchObject({ left: 5, stayed: 0 })
    expect((await read('/sonarr/api/v3/series')).map((one: { tmdbId: number }) => one.tmdbId)).toEqual([70_006])
  })
})

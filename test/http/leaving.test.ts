import { describe, expect, it } from 'vitest'
import { useArrHouse } from './arr-house.ts'
import { addMovie, addSeries, send, sonarrMessage } from './arr-messages.ts'
import { call, codeOf, FEED_TOKEN, SYNC_TOKEN, WEBHOOK_TOKENS } from './deployment.ts'

describe('a file that is deleted', () => {
  const { house, request, radarr, read, listed, row, arrive } = useArrHouse()

  it.each(['missingFromDisk', 'manual'])(
    'in Radarr (%s) leaves the row, until it comes again',
    async (deleteReason) => {
      const id = addMovie(house().app, deleteReason === 'manual' ? 101 : 102)
      const device = house().push.subscribe()
      await call(house().app.url, '/api/push/subscribe', { token: house().ann, json: { ...device, language: 'en' } })
      await request(id)
      await radarr('MovieAdded', id)
      await radarr('Grab', id)
      expect((await radarr('Download', id)).body).toMatchObject({ notification_sent: true })
      expect(await listed()).toContain(id)
      const before = house().push.received.length
      expect((await radarr('MovieFileDelete', id, {}, { deleteReason })).status).toBe(200)
      expect(await row(id)).toMatchObject({
        status: 'picked_up',
        lost_at: expect.any(String),
        lost_in: 'radarr',
        kept_in_lists: null,
      })
      expect(await listed()).toContain(id)
      expect((await radarr('Download', id)).body).toMatchObject({ notification_sent: false })
      expect(await row(id)).toMatchObject({ status: 'available', lost_at: null, lost_in: null })
      // Who was told once that it is there is not told again.
      expect(house().push.received.slice(before)).toEqual([])
    },
  )

  it('in Radarr while Plex has it leaves it available, and says that the file is missing', async () => {
    await arrive([103])
    const Metadata = { type: 'movie', title: 'Movie 103', guid: 'plex://movie/103', Guid: [{ id: 'tmdb://103' }] }
    const plex = await call(house().app.url, `/webhook/plex?token=${WEBHOOK_TOKENS.plex}`, {
      json: { event: 'library.new', Metadata },
    })
    expect(plex.body).toMatchObject({ matched_request: true })
    await radarr('MovieFileDelete', 103)
    expect(await row(103)).toMatchObject({ status: 'available', lost_at: expect.any(String), lost_in: 'radarr' })
    expect(await listed()).toContain(103)
  })

  it('of a series that has this episode alone leaves the row', async () => {
    const named = addSeries(house().app, 60_001)
    const { tmdbId: id } = named
    await request(id, { media_type: 'tv' })
    const series = async () => (await read('/sonarr/api/v3/series')).map(({ tmdbId }: { tmdbId: number }) => tmdbId)
    const sonarr = (event: string) => send(house().app, 'sonarr', sonarrMessage(event, named, [[1, 1]]))
    await sonarr('Download')
    expect(await row(id)).toMatchObject({ status: 'available' })
    expect(await series()).toEqual([id])
    await sonarr('EpisodeFileDelete')
    expect(await row(id)).toMatchObject({ status: 'picked_up', lost_at: expect.any(String), lost_in: 'sonarr' })
    expect(await series()).toEqual([id])
    await sonarr('Download')
    expect(await row(id)).toMatchObject({ status: 'available', lost_at: null })
  })

  it('and that a library sync lacks changes what people see, and no list', async () => {
    const sync = (ids: readonly number[]) =>
      call(house().app.url, '/sync/library?media_type=movie&clear=true&confirm=true', {
        json: ids.map((tmdb_id) => ({ tmdb_id })),
        headers: { 'x-api-key': SYNC_TOKEN },
      })
    for (const id of [104, 105]) await request(addMovie(house().app, id))
    await sync([104, 105])
    expect([(await row(104)).status, (await row(105)).status]).toEqual(['available', 'available'])
    const before = await listed()
    expect((await sync([105])).status).toBe(200)
    expect(await row(104)).toMatchObject({ status: 'pending', lost_at: expect.any(String), lost_in: 'sync' })
    expect(await listed()).toEqual(before)
    await sync([104, 105])
    expect(await row(104)).toMatchObject({ status: 'available', lost_at: null })
  })
})

describe('a movie that Radarr deletes', () => {
  const { house, radarr, listed, row, arrive } = useArrHouse()

  it.each([
    ['of another name', { instanceName: 'Radarr 4K' }],
    ['at another address', { applicationUrl: 'http://nas:7879' }],
  ])('stays listed while a Radarr %s has it, and is gone with the last', async (_, other) => {
    const id = addMovie(house().app, 'instanceName' in other ? 201 : 202)
    // Another title, so that the list goes on.
    await arrive([id + 10, id])
    await radarr('Download', id, other)
    expect(await listed()).toEqual(expect.arrayContaining([id, id + 10]))
    const answer = await radarr('MovieDelete', id)
    expect(answer.body.reason).toContain('another client may have it')
    expect(await row(id)).toMatchObject({ status: 'available', lost_at: expect.any(String) })
    expect(await listed()).toContain(id)
    await radarr('MovieDelete', id, other)
    expect(await row(id)).toMatchObject({ status: 'gone', kept_in_lists: null })
    expect(await listed()).not.toContain(id)
  })

  it('is gone when what names itself equally, and uses the same token, deletes it', async () => {
    const by = { instanceName: 'Radarr HD', applicationUrl: 'http://nas:7878' }
    await arrive([221], by)
    await radarr('Grab', 221, { ...by })
    expect(await listed()).toContain(221)
    await radarr('MovieDelete', 221, { ...by })
    expect((await row(221)).status).toBe('gone')
    expect(await listed()).not.toContain(221)
  })

  it('stays in all lists when it is their last row', async () => {
    const paths = ['/radarr/api/v3/movie', '/list/radarr?by=tmdb', '/list/radarr', '/rss/movies', '/rss/all']
    const texts = () =>
      Promise.all(
        paths.map(async (path) => (await call(house().app.url, path, { headers: { 'x-api-key': FEED_TOKEN } })).text),
      )
    const left = await listed()
    const [last = 0] = left
    await texts()
    for (const id of left.slice(1)) await radarr('MovieDelete', id)
    expect(await listed()).toEqual([last])
    const before = await texts()
    const answer = await radarr('MovieDelete', last)
    expect(answer.body.reason).toContain('it is the last title of a list')
    expect(await row(last)).toMatchObject({ status: 'gone', kept_in_lists: 'last_row' })
    expect(await texts()).toEqual(before)
    for (const text of before) expect(text).toContain(String(last))
    await radarr('Download', last)
    expect(await row(last)).toMatchObject({ status: 'available', kept_in_lists: null })
  })
})

describe('a row that a client may have read', () => {
  const { house, request, read, list, row, arrive } = useArrHouse()
  const settings = (json: object) =>
    call(house().app.url, '/api/admin/settings', { method: 'PATCH', token: house().admin, json })
  const tags = async (tmdbId: number) => {
    const menu: { id: number; label: string }[] = await read('/radarr/api/v3/tag')
    const found = (await list()).find((one) => one.tmdbId === tmdbId)
    return (found?.tags ?? []).map((id) => menu.find((tag) => tag.id === id)?.label.replace(/-\w+$/, '')).sort()
  }
  const change = (method: string, path: string, token: string) =>
    call(house().app.url, `/api/request/movie/${path}`, { method, token })

  it('keeps the tag of who follows no longer, and of who asked first', async () => {
    await arrive([401, 402])
    expect(await tags(401)).toEqual(['ann'])
    await change('POST', '401/follow', house().bob)
    expect(await tags(401)).toEqual(['ann', 'bob'])
    await change('DELETE', '401/follow', house().bob)
    expect((await row(401)).followers).toEqual([])
    expect(await tags(401)).toEqual(['ann', 'bob'])
    expect((await change('DELETE', '402', house().ann)).body.still_listed).toBe(true)
    await request(402, { token: house().bob })
    expect((await row(402)).requested_by).toBe('Bob')
    expect(await tags(402)).toEqual(['ann', 'bob'])
  })

  it('keeps its root folder when that is renamed, which the menu goes on to offer', async () => {
    const folders = async () => (await read('/radarr/api/v3/rootfolder')).map(({ path }: { path: string }) => path)
    expect(await folders()).toEqual(['/movies/'])
    const profile = { id: 1, name: 'Standard', root_folders: { movie: '/cinema' } }
    const { body } = await settings({ quality_profiles: [profile] })
    expect(body.quality_profiles[0].folders_in_use).toEqual([{ media_type: 'movie', path: '/movies', rows: 2 }])
    await request(addMovie(house().app, 403))
    const paths = (await list()).map((one) => [one.tmdbId, one.rootFolderPath])
    expect(Object.fromEntries(paths)).toEqual({ 401: '/movies/', 402: '/movies/', 403: '/cinema/' })
    expect(await folders()).toEqual(['/movies/', '/cinema/'])
  })

  it('loses its tags by the admin’s word alone, who is told how many rows of which clients', async () => {
    const refused = await settings({ tags_hidden: true })
    expect(codeOf(refused)).toEqual([409, 'needs_confirmation', 'confirm'])
    expect(refused.body.detail).toContain("3 of Radarr's")
    expect(codeOf(await settings({ tags_hidden: true, confirm: 'yes' }))).toEqual([422, 'invalid', 'confirm'])
    expect(await tags(401)).toEqual(['ann', 'bob'])
    const { status, body } = await settings({ tags_hidden: true, confirm: true })
    expect([status, body.tags_hidden]).toEqual([200, true])
    expect([await tags(401), await read('/radarr/api/v3/tag')]).toEqual([[], []])
    // Shown again they are the same.
    await settings({ tags_hidden: false })
    expect(await tags(401)).toEqual(['ann', 'bob'])
  })
})

import { MAX_FOLLOWERS, type MediaRequest, normaliseTitle } from '../index.ts'
import { requestSlices } from '../requests/index.ts'
import { aFullRequest, aMovieRequest, aSeriesRequest } from './builders.ts'
import type { ContractTest, TestFunctions } from './contract-test.ts'
import { inFifties } from './every-row.ts'

const movie = { mediaType: 'movie', tmdbId: 603 } as const
const series = { mediaType: 'tv', tmdbId: 1396 } as const
const unknown = { mediaType: 'movie', tmdbId: 1 } as const
const DAY_MS = 24 * 3_600_000
const airing = (episodeNumber: number, airDate: string) => ({ seasonNumber: 1, episodeNumber, airDate })

/** Requests: adding, finding, ordering, the life of one, and the revision. */
export function describeRequests(test: ContractTest, equal: TestFunctions['equal']): void {
  test('of 1,000 adds of one title at once one wins', async ({ requests, revision }) => {
    const before = await revision.current()
    const outcomes = await Promise.all(
      Array.from({ length: 1000 }, (_, n) => requests.add(aMovieRequest({ requestedBy: `P${n}` }))),
    )
    equal(outcomes.filter((outcome) => outcome === 'added').length, 1)
    equal((await requests.list({})).length, 1)
    equal(await revision.current(), before + 1)
  })

  test('gives back what was stored, field by field, and nothing that was not', async ({ requests }) => {
    const { originalTitle: _, year: __, posterPath: ___, imdbId: ____, ...bare } = aMovieRequest({ tmdbId: 7 })
    for (const request of [bare, aFullRequest()]) {
      await requests.add(request)
      equal(await requests.find(request), request)
    }
  })

  test('a title of the same id but the other type is another title', async ({ requests }) => {
    await requests.add(aMovieRequest({ tmdbId: 5 }))
    equal(await requests.add(aSeriesRequest({ tmdbId: 5 })), 'added')
    equal(
      (await requests.findMany([{ mediaType: 'tv', tmdbId: 5 }])).map((one) => one.mediaType),
      ['tv'],
    )
  })

  test('unknown keys are undefined, empty or false, never faults', async ({ requests, revision }) => {
    const before = await revision.current()
    equal(await requests.find(unknown), undefined)
    equal(await requests.findMany([unknown]), [])
    equal(await requests.findMany([]), [])
    equal(await requests.findByTvdbId(1), [])
    equal(await requests.findByImdbId('tt0000001'), undefined)
    equal(await requests.findByTitle('nothing', 1999), [])
    equal(await requests.advance(unknown, { status: 'available', source: 'plex', at: 1 }), undefined)
    equal(await requests.mergeSeasons(unknown, { seasons: 'all' }), undefined)
    equal(await requests.renew(unknown, { by: 'Ann', at: 1 }), undefined)
    equal(await requests.withdraw(unknown, 1), undefined)
    equal(await requests.unfollow(unknown, 'Ann'), undefined)
    equal(await requests.learn(unknown, { at: 1, imdbId: 'tt0000001' }), undefined)
    equal(await requests.remove(unknown), false)
    equal(await revision.current(), before)
  })

  test('finds by external ids, and by title and year in either title', async ({ requests }) => {
    await requests.add(aSeriesRequest({ title: 'Money Heist', originalTitle: 'La casa de papel', year: 2017 }))
    await requests.add(aMovieRequest())
    equal(
      (await requests.findByTvdbId(81189)).map((one) => one.tmdbId),
      [1396],
    )
    equal((await requests.findByImdbId('tt0133093'))?.tmdbId, 603)
    for (const title of ['MONEY HEIST!', 'la casa de papel']) {
      equal(
        (await requests.findByTitle(normaliseTitle(title), 2017)).map((one) => one.tmdbId),
        [1396],
      )
    }
    equal(await requests.findByTitle(normaliseTitle('Money Heist'), 2018), [])
  })

  test('finds many in the order of the keys, doubles once', async ({ requests }) => {
    for (let tmdbId = 1; tmdbId <= 300; tmdbId += 1) await requests.add(aMovieRequest({ tmdbId }))
    const keys = [300, 7, 300, 999, 1].map((tmdbId) => ({ mediaType: 'movie' as const, tmdbId }))
    equal(
      (await requests.findMany(keys)).map((one) => one.tmdbId),
      [300, 7, 1],
    )
    const all = Array.from({ length: 300 }, (_, n) => ({ mediaType: 'movie' as const, tmdbId: n + 1 }))
    equal((await requests.findMany(all)).length, 300)
  })

  test('lists newest first, then movies before series, then by id; filters hold at once', async ({ requests }) => {
    await requests.add(aMovieRequest({ tmdbId: 2, createdAt: 100 }))
    await requests.add(aSeriesRequest({ tmdbId: 1, createdAt: 100 }))
    await requests.add(aMovieRequest({ tmdbId: 1, createdAt: 100, status: 'gone' }))
    await requests.add(aMovieRequest({ tmdbId: 9, createdAt: 200, withdrawnAt: 5 }))
    await requests.add(aMovieRequest({ tmdbId: 8, createdAt: 50, status: 'available', withdrawnAt: 5 }))
    const ids = async (filter: Parameters<typeof requests.list>[0]) =>
      (await requests.list(filter)).map((one) => `${one.mediaType}/${one.tmdbId}`)
    equal(await ids({}), ['movie/9', 'movie/1', 'movie/2', 'tv/1', 'movie/8'])
    equal(await ids({ type: 'tv' }), ['tv/1'])
    equal(await ids({ type: 'movie', listedOnly: true }), ['movie/2', 'movie/8'])
    equal(await ids({ status: 'gone' }), ['movie/1'])
  })

  test('of 100 same events at once one makes the transition', async ({ requests, revision }) => {
    await requests.add(aMovieRequest())
    const event = { status: 'available', source: 'plex', at: 5e12 } as const
    const results = await Promise.all(Array.from({ length: 100 }, () => requests.advance(movie, event)))
    equal(results.filter((result) => result?.changed).length, 1)
    equal((await requests.find(movie))?.addedAt, 5e12)
    const after = await revision.current()
    await requests.advance(movie, event)
    equal(await revision.current(), after)
    equal(
      (await requests.advance(movie, { status: 'downloading', source: 'radarr', at: 6e12 }))?.request.status,
      'available',
    )
  })

  test('advances many as it advances each, and again comes to the same', async ({ requests, revision }) => {
    const ids = Array.from({ length: 600 }, (_, n) => n + 1)
    for (const tmdbId of ids.filter((id) => id % 2 === 0)) await requests.add(aMovieRequest({ tmdbId }))
    await requests.add(aSeriesRequest({ seasons: [1] }))
    const counted = [{ seasonNumber: 1, episodes: 7 }]
    const event = { status: 'available', source: 'plex', at: 5e12, now: 5e12 } as const
    const changes = [
      ...ids.map((tmdbId) => ({ key: { mediaType: 'movie' as const, tmdbId }, event })),
      { key: series, event: { ...event, counted } },
    ]
    equal(await requests.advanceMany([]), [])
    const before = await revision.current()
    const advanced = async () =>
      (await requests.advanceMany(changes)).map((one) => (one === 'refused' ? undefined : one))
    const results = await advanced()
    equal(
      results.map((one) => one && [one.request.tmdbId, one.request.status, one.changed]),
      [...ids.map((id) => (id % 2 === 0 ? [id, 'available', true] : undefined)), [1396, 'available', true]],
    )
    equal(results.at(-1)?.reached, [{ seasonNumber: 1, state: 'complete' }])
    equal((await requests.list({ status: 'available' })).length, 301)
    const after = await revision.current()
    equal(after > before, true)
    const again = await advanced()
    equal(
      [again.length, again.some((one) => one?.changed || one?.reached?.length), await revision.current()],
      [601, false, after],
    )
  })

  test('shows all of a type in slices, each once, and those of one TVDB id together', async ({ requests }) => {
    // As many as stand at the end of any slice, with others before and behind them.
    const series = Array.from({ length: 700 }, (_, n) => ({ tmdbId: 701 - n, tvdbId: 1 + Math.floor(n / 7) }))
    await inFifties(series, (ids) => requests.add(aSeriesRequest(ids)))
    for (const tmdbId of [900, 901]) {
      const { tvdbId: _, ...bare } = aSeriesRequest({ tmdbId })
      await requests.add(bare)
    }
    await inFifties(series, ({ tmdbId }) => requests.add(aMovieRequest({ tmdbId })))
    for (const type of ['movie', 'tv'] as const) {
      const slices: MediaRequest[][] = []
      for await (const slice of requestSlices(requests, type)) slices.push(slice)
      const all = slices.flat()
      equal([all.length, new Set(all.map((one) => one.tmdbId)).size], type === 'tv' ? [702, 702] : [700, 700])
      equal([...new Set(all.map((one) => one.mediaType))], [type])
      const places = slices.map((slice) => new Set(slice.flatMap((one) => (type === 'tv' && one.tvdbId) || [])))
      for (const { tvdbId } of type === 'tv' ? series : []) {
        equal([tvdbId, places.filter((ids) => ids.has(tvdbId)).length], [tvdbId, 1])
      }
      equal(
        all.find((one) => one.tmdbId === 7),
        await requests.find({ mediaType: type, tmdbId: 7 }),
      )
    }
  })

  test('merges seasons and followers and never takes away', async ({ requests }) => {
    await requests.add(aSeriesRequest({ seasons: [2] }))
    const merged = await requests.mergeSeasons(series, { seasons: [1] }, 'Bob')
    equal([merged?.changed, merged?.request.seasons, merged?.request.followers], [true, [1, 2], ['Bob']])
    equal((await requests.mergeSeasons(series, { seasons: [2] }, 'Bob'))?.changed, false)
    equal((await requests.unfollow(series, 'Bob'))?.request.followers, [])
    equal((await requests.unfollow(series, 'Bob'))?.changed, false)
    await Promise.all([3, 4, 5].map((season) => requests.mergeSeasons(series, { seasons: [season] })))
    equal((await requests.find(series))?.seasons, [1, 2, 3, 4, 5])
  })

  test('of two who want to be the last follower at once one is, and a request takes their seasons all the same', async ({
    requests,
  }) => {
    const followers = Array.from({ length: MAX_FOLLOWERS - 1 }, (_, n) => `P${n}`)
    await requests.add(aSeriesRequest({ seasons: [1], followers }))
    await Promise.all(['Bob', 'Cid'].map((name) => requests.mergeSeasons(series, { seasons: [2] }, name)))
    const after = await requests.find(series)
    equal([after?.followers.length, after?.seasons], [MAX_FOLLOWERS, [1, 2]])
  })

  test('keeps which seasons were announced later, and which were named beside all', async ({ requests }) => {
    await requests.add(aSeriesRequest())
    const listed = [1, 2, 3].map((seasonNumber) => ({ seasonNumber, episodeCount: 7 }))
    await requests.learn(series, { at: 1, seasons: listed })
    await requests.mergeSeasons(series, { seasons: [0] })
    await requests.learn(series, { at: 1, seasons: listed })
    equal(
      (await requests.find(series))?.seasonState.map(({ seasonNumber, later, asked }) => [seasonNumber, later, asked]),
      [
        [0, undefined, true],
        [1, undefined, undefined],
        [2, undefined, undefined],
        [3, true, undefined],
      ],
    )
  })

  test('withdraws once, renews once, removes once', async ({ requests }) => {
    await requests.add(aMovieRequest())
    equal((await requests.withdraw(movie, 7))?.changed, true)
    equal((await requests.withdraw(movie, 8))?.changed, false)
    equal((await requests.find(movie))?.withdrawnAt, 7)
    equal((await requests.renew(movie, { by: 'Bob', at: 9, qualityProfileId: 3 }))?.changed, true)
    equal((await requests.renew(movie, { by: 'Cid', at: 9, qualityProfileId: 4 }))?.changed, false)
    const now = await requests.find(movie)
    equal([now?.requestedBy, now?.withdrawnAt, now?.qualityProfileId], ['Bob', undefined, 3])
    equal(await requests.remove(movie), true)
    equal(await requests.remove(movie), false)
    equal(await requests.add(aMovieRequest()), 'added')
  })

  test('learns facts, never drops an id that is missing, and goes on finding by one that was replaced', async (store) => {
    const { requests, revision } = store
    const { imdbId: _, ...bare } = aMovieRequest()
    await requests.add(bare)
    await requests.add(aSeriesRequest())
    equal((await requests.learn(movie, { at: 1, imdbId: 'tt0133093' }))?.changed, true)
    const after = await revision.current()
    equal((await requests.learn(movie, { at: 2, seasons: [] }))?.changed, false)
    equal((await requests.find(movie))?.imdbId, 'tt0133093')
    equal(await revision.current(), after)
    await requests.learn(movie, { at: 3, imdbId: 'tt9999999' })
    await requests.learn(series, { at: 3, tvdbId: 441734 })
    for (const id of ['tt0133093', 'tt9999999']) equal((await requests.findByImdbId(id))?.imdbId, 'tt9999999')
    for (const id of [81189, 441734]) {
      equal(
        (await requests.findByTvdbId(id)).map((one) => one.tvdbId),
        [441734],
      )
    }
    const later = 3 + 90 * DAY_MS
    await requests.learn(movie, { at: later })
    await requests.learn(series, { at: later })
    equal(await requests.findByImdbId('tt0133093'), undefined)
    equal(await requests.findByTvdbId(81189), [])
  })

  test('finds all series of one TVDB id, those whose it is before those whose it was', async ({ requests }) => {
    for (const tmdbId of [9, 2, 5, 7]) await requests.add(aSeriesRequest({ tmdbId, tvdbId: tmdbId === 7 ? 70 : 50 }))
    await requests.learn({ mediaType: 'tv', tmdbId: 2 }, { at: 1, tvdbId: 60 })
    const found = async (tvdbId: number) => (await requests.findByTvdbId(tvdbId)).map((one) => one.tmdbId)
    equal(await found(50), [5, 9, 2])
    equal(await found(60), [2])
    equal(await found(70), [7])
  })

  test('of 100 that bring the last episode at once one is to tell people', async ({ requests }) => {
    await requests.add(aSeriesRequest({ seasons: [1] }))
    const bring = (episodeNumber: number, at: number) =>
      requests.advance(series, {
        status: 'available',
        source: 'sonarr',
        at,
        now: at,
        parts: [{ seasonNumber: 1, episodeNumber }],
      })
    for (let episode = 1; episode <= 6; episode += 1) await bring(episode, 1e12 + episode)
    equal((await requests.find(series))?.status, 'partly_available')
    const results = await Promise.all(Array.from({ length: 100 }, () => bring(7, 2e12)))
    equal(
      results.flatMap((result) => result?.reached ?? []),
      [{ seasonNumber: 1, state: 'complete' }],
    )
    equal((await requests.find(series))?.status, 'available')
  })

  test('works out anew as time passes, and writes nothing while it comes to the same', async ({
    requests,
    revision,
  }) => {
    await requests.add(aSeriesRequest({ seasons: [1], seasonState: [] }))
    const seasons = [{ seasonNumber: 1, episodeCount: 2, airDate: '2026-01-01' }]
    const broadcast = { ended: false, last: airing(1, '2026-01-01'), next: airing(2, '2026-01-08') }
    await requests.learn(series, { at: Date.parse('2026-01-02'), seasons, broadcast, isInCatalog: true })
    const first = { status: 'available', source: 'sonarr', at: Date.parse('2026-01-03') } as const
    await requests.advance(series, { ...first, now: first.at, parts: [{ seasonNumber: 1, episodeNumber: 1 }] })
    const statusOn = async (day: string) => {
      await requests.learn(series, { at: Date.parse(day) })
      const now = await requests.find(series)
      return [now?.status, now?.seasonState[0]?.aired, now?.seasonState[0]?.state]
    }
    equal(await statusOn('2026-01-07'), ['available', 1, 'up_to_date'])
    const before = await revision.current()
    equal(await statusOn('2026-01-07'), ['available', 1, 'up_to_date'])
    equal(await revision.current(), before)
    equal(await statusOn('2026-01-14'), ['available', 2, 'up_to_date'])
    equal(await statusOn('2026-01-15'), ['partly_available', 2, 'some'])
  })
}

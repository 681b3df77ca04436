import { describe, expect, it } from 'vitest'
import { MAX_DEVICES, type MediaEvent } from '../src/index.ts'
import { aLibraryItem, aMovieRequest, aSeriesRequest } from '../src/testing/index.ts'
import { openHouse } from './house.ts'

const movie = { mediaType: 'movie', tmdbId: 603 } as const
const series = { mediaType: 'tv', tmdbId: 1396 } as const
const device = (n: number) => ({
  endpoint: `https://push.example/${n}`,
  keys: { p256dh: 'p', auth: 'a' },
  language: 'de' as const,
})
const event = (given: Partial<MediaEvent> = {}): MediaEvent => ({
  source: 'radarr',
  name: 'Download',
  kind: 'arrived',
  mediaType: 'movie',
  ids: { tmdbId: 603 },
  title: 'The Matrix',
  year: 1999,
  ...given,
})
const episode = (seasonNumber: number, episodeNumber: number) =>
  event({ source: 'sonarr', mediaType: 'tv', ids: { tvdbId: 81189 }, parts: [{ seasonNumber, episodeNumber }] })

async function openWith(...requests: ReturnType<typeof aMovieRequest>[]) {
  const house = openHouse()
  for (const request of requests) await house.memory.requests.add(request)
  const receive = (one: MediaEvent) => house.useCases.receiveEvent(one.source, { kind: 'event', event: one }, one.name)
  return Object.assign(house, { receive })
}

describe('a message of a sender', () => {
  it('moves a request from asked to picked up, downloading, here, and gone', async () => {
    const house = await openWith(aMovieRequest(), aMovieRequest({ tmdbId: 604, imdbId: 'tt0234215' }))
    const status = async () => (await house.memory.requests.find(movie))?.status
    const steps = [
      ['picked_up', 'picked_up'],
      ['downloading', 'downloading'],
      ['arrived', 'available'],
      ['gone', 'gone'],
    ] as const
    for (const [kind, expected] of steps) {
      house.clock.advance(1000)
      expect((await house.receive(event({ kind }))).outcome).toBe('matched')
      expect(await status()).toBe(expected)
    }
    expect((await house.memory.library.listIds()).movie).toEqual([])
  })

  it('of 100 at once makes one transition and one message', async () => {
    const house = await openWith(aMovieRequest())
    await house.useCases.subscribe('Ann', device(1))
    const all = await Promise.all(Array.from({ length: 100 }, () => house.receive(event())))
    expect(all.filter((one) => one.notified)).toHaveLength(1)
    expect(house.pushed).toHaveLength(1)
    expect(JSON.parse(house.pushed[0]?.message ?? '')).toMatchObject({
      title: 'The Matrix',
      body: 'Es ist da.',
      url: '/title/movie/603',
      icon: 'https://image.tmdb.org/t/p/w185/poster.jpg',
    })
  })

  it('fulfils the seasons that were asked for, not with the first episode', async () => {
    const house = await openWith(aSeriesRequest({ seasons: [1] }))
    await house.useCases.subscribe('Ann', device(1))
    for (let n = 1; n <= 7; n += 1) {
      house.clock.advance(1000)
      expect((await house.receive(episode(1, n))).notified).toBe(n === 7)
    }
    expect((await house.memory.requests.find(series))?.status).toBe('available')
    expect((await house.memory.library.findMany([series]))[0]?.seasons).toEqual([{ seasonNumber: 1, episodes: 1 }])
  })

  it('never forgets what a sync counted', async () => {
    const house = await openWith(aSeriesRequest())
    const seasons = [{ seasonNumber: 1, episodes: 7 }]
    await house.memory.library.add('sonarr', [aLibraryItem({ ...series, seasons })])
    await house.receive(episode(2, 1))
    expect((await house.memory.library.findMany([series]))[0]?.seasons).toEqual([
      { seasonNumber: 1, episodes: 7 },
      { seasonNumber: 2, episodes: 1 },
    ])
  })

  it('tells the library of a title nobody asked for, and people why nothing else came of it', async () => {
    const house = await openWith()
    expect(await house.receive(event())).toMatchObject({ outcome: 'library', addedToLibrary: true, notified: false })
    expect((await house.memory.library.listIds()).movie).toEqual([603])
    expect((await house.receive(event({ ids: {}, title: 'Unknown' }))).outcome).toBe('unmatched')
    await house.useCases.receiveEvent('plex', { kind: 'ignored', reason: 'Nothing for us.' }, 'media.play')
    await house.useCases.receiveEvent('radarr', { kind: 'test' }, 'Test')
    await house.useCases.settle(1000)
    expect(
      (await house.useCases.recentActivity(10)).map(({ outcome, name, reason }) => [outcome, name, reason]),
    ).toEqual([
      ['test', 'Test', undefined],
      ['ignored', 'media.play', 'Nothing for us.'],
      ['unmatched', 'Download', expect.any(String)],
      ['library', 'Download', undefined],
    ])
  })

  it('tells a delete of what nobody asked for as a delete, also where the title is not known', async () => {
    const house = await openWith()
    await house.receive(event())
    const gone = { kind: 'gone', name: 'MovieDelete' } as const
    expect(await house.receive(event(gone))).toMatchObject({ outcome: 'deleted', addedToLibrary: false })
    expect((await house.memory.library.listIds()).movie).toEqual([])
    const fileGone = await house.receive(event({ kind: 'file_gone', name: 'MovieFileDelete' }))
    expect(fileGone.outcome).toBe('deleted')
    const unknown = { source: 'sonarr', name: 'SeriesDelete', mediaType: 'tv', ids: { tvdbId: 5 } } as const
    expect(await house.receive(event({ ...unknown, kind: 'gone' }))).not.toHaveProperty('reason')
    await house.useCases.settle(1000)
    const entries = await house.useCases.recentActivity(3)
    expect(entries.map(({ name, outcome }) => [name, outcome])).toEqual([
      ['SeriesDelete', 'deleted'],
      ['MovieFileDelete', 'deleted'],
      ['MovieDelete', 'deleted'],
    ])
  })

  it('leaves the last title of a list that was read in it, and says so', async () => {
    const house = await openWith(aMovieRequest({ status: 'available', addedAt: 1 }))
    await house.rows('radarr')
    house.clock.advance(1000)
    const { reason } = await house.receive(event({ kind: 'gone' }))
    expect(reason).toContain('last title')
    expect(await house.rows('radarr')).toHaveLength(1)
    expect(await house.memory.requests.find(movie)).toMatchObject({ status: 'gone', kept: 'last_row' })
  })

  it('takes a movie whose file is gone for missing only when no other server has it, and leaves its row', async () => {
    const house = await openWith(aMovieRequest(), aMovieRequest({ tmdbId: 604 }))
    await house.receive(event())
    await house.receive(event({ source: 'plex', name: 'library.new' }))
    house.clock.advance(1000)
    await house.receive(event({ kind: 'file_gone' }))
    expect((await house.memory.requests.find(movie))?.status).toBe('available')
    await house.receive(event({ source: 'plex', kind: 'file_gone' }))
    expect((await house.memory.requests.find(movie))?.status).toBe('picked_up')
    expect(await house.rows('radarr-program')).toHaveLength(2)
  })

  it('is taken in whole or not at all: a store that is down is a fault', async () => {
    const house = await openWith(aMovieRequest())
    await house.memory.close()
    await expect(house.receive(event())).rejects.toThrow('closed')
  })
})

describe('push messages', () => {
  it('reach all devices of all who wait, each in its language', async () => {
    const house = await openWith(aMovieRequest({ followers: ['Bob'] }))
    await house.useCases.subscribe('Ann', device(1))
    await house.useCases.subscribe('Ann', { ...device(2), language: 'fr' })
    await house.useCases.subscribe('Bob', { ...device(3), language: 'es' })
    await house.useCases.subscribe('Cid', device(4))
    expect((await house.receive(event({ kind: 'picked_up', name: 'MovieAdded' }))).notified).toBe(true)
    const bodies = house.pushed.map(({ endpoint, message }) => [endpoint.slice(-1), JSON.parse(message).body])
    expect(bodies.sort()).toEqual([
      ['1', 'Es wurde aufgenommen und wird geholt.'],
      ['2', 'C’est pris en charge et va être récupéré.'],
      ['3', 'Se ha recogido y se va a descargar.'],
    ])
  })

  it('wait in the outbox for a service that is down, and are sent by the daily work or the next message', async () => {
    const house = await openWith(aMovieRequest())
    await house.useCases.subscribe('Ann', device(1))
    house.pushOutcome = 'failed'
    expect((await house.receive(event())).notified).toBe(false)
    house.pushOutcome = 'sent'
    expect(await house.useCases.drainOutbox()).toBe(0)
    house.clock.advance(61_000)
    expect(await house.useCases.runDaily(house.clock.now() + 60_000)).toMatchObject({ pushesSent: 1 })
    expect(house.pushed).toHaveLength(1)
    house.clock.advance(3_600_000)
    expect(await house.useCases.drainOutbox()).toBe(0)
  })

  it('are given up after a week, and forgotten with a device that is gone', async () => {
    const house = await openWith(aMovieRequest(), aMovieRequest({ tmdbId: 604 }))
    await house.useCases.subscribe('Ann', device(1))
    house.pushOutcome = 'failed'
    await house.receive(event())
    for (let day = 0; day < 12; day += 1) {
      house.clock.advance(24 * 3_600_000)
      await house.useCases.drainOutbox()
    }
    expect(await house.memory.outbox.due(9e15, 10)).toEqual([])
    house.pushOutcome = 'gone'
    await house.receive(event({ ids: { tmdbId: 604 } }))
    expect(await house.useCases.isSubscribed('Ann', device(1).endpoint)).toBe(false)
    expect(await house.memory.outbox.due(9e15, 10)).toEqual([])
  })

  it('never make an answer wait longer than two seconds', async () => {
    const house = await openWith(aMovieRequest())
    await house.useCases.subscribe('Ann', device(1))
    house.deployment.push = { publicKey: async () => '', send: () => new Promise(() => undefined) }
    const { createUseCases } = await import('../src/index.ts')
    const slow = createUseCases(house.deployment)
    const began = Date.now()
    await slow.receiveEvent('radarr', { kind: 'event', event: event() }, 'Download')
    expect(Date.now() - began).toBeLessThan(2_500)
  })

  it('go to twenty devices of a name at most, two at once too, and to no address but a push service’s', async () => {
    const house = await openWith()
    for (let n = 1; n < MAX_DEVICES; n += 1) expect(await house.useCases.subscribe('Ann', device(n))).toBe('subscribed')
    const lastTwo = [device(24), device(25)].map((one) => house.useCases.subscribe('Ann', one))
    expect(await Promise.all(lastTwo)).toEqual(['subscribed', 'too_many'])
    expect(await house.memory.pushSubscriptions.listFor('Ann')).toHaveLength(MAX_DEVICES)
    expect(await house.useCases.subscribe('Ann', device(3))).toBe('subscribed')
    expect(await house.useCases.subscribe('Bob', device(25))).toBe('subscribed')
    expect(await house.useCases.unsubscribe('Ann', device(1).endpoint)).toBe(true)
    expect(await house.useCases.subscribe('Ann', device(25))).toBe('subscribed')
    for (const endpoint of ['http://169.254.169.254/latest', 'https://fcm.googleapis.com.evil.example/x']) {
      expect(await house.useCases.subscribe('Ann', { ...device(1), endpoint })).toBe('no_push_service')
    }
    expect(await house.useCases.unsubscribe('Bob', device(25).endpoint)).toBe(false)
    expect(await house.useCases.tryPush('Ann', device(25).endpoint)).toBe(true)
    expect(await house.useCases.tryPush('Bob', device(25).endpoint)).toBeUndefined()
    expect(await house.useCases.unsubscribe('Ann', device(25).endpoint)).toBe(true)
  })

  it('come of a sync as of a webhook, and to who follows', async () => {
    const house = await openWith(aMovieRequest())
    await house.useCases.subscribe('Bob', device(2))
    const bob = { name: 'Bob', role: 'household' } as const
    expect(await house.useCases.followRequest(movie, bob, true)).toMatchObject({ request: { followers: ['Bob'] } })
    await house.useCases.syncLibrary('movie', [aLibraryItem()], { clear: true, confirm: false })
    await house.useCases.syncLibrary('movie', [aLibraryItem()], { clear: true, confirm: false })
    expect(house.pushed).toHaveLength(1)
    expect(await house.useCases.followRequest(movie, bob, false)).toMatchObject({ request: { followers: [] } })
    expect(await house.useCases.followRequest({ ...movie, tmdbId: 1 }, bob, true)).toEqual({ kind: 'not_found' })
  })
})

describe('a sync of a series', () => {
  it('that finds what the last one found writes nothing', async () => {
    const house = await openWith(aSeriesRequest())
    const items = [aLibraryItem({ ...series, seasons: [{ seasonNumber: 1, episodes: 3 }] })]
    const sync = () => {
      house.clock.advance(3_600_000)
      return house.useCases.syncLibrary('tv', items, { clear: true, confirm: false })
    }
    await sync()
    const before = await house.memory.revision.current()
    await sync()
    expect(await house.memory.revision.current()).toBe(before)
    expect((await house.memory.requests.find(series))?.status).toBe('partly_available')
  })
})

describe('two requests for one series at TVDB', () => {
  const first = aSeriesRequest({ tmdbId: 1, seasons: [1], requestedBy: 'Ann' })
  const second = aSeriesRequest({ tmdbId: 2, seasons: [2], requestedBy: 'Bob' })

  it('move together, whichever of the two the sender names', async () => {
    const house = await openWith(first, second)
    await house.useCases.subscribe('Bob', device(2))
    const season = (seasonNumber: number, count: number) =>
      event({
        source: 'sonarr',
        mediaType: 'tv',
        ids: { tmdbId: 1, tvdbId: 81189 },
        parts: Array.from({ length: count }, (_, n) => ({ seasonNumber, episodeNumber: n + 1 })),
      })
    const status = async () => (await house.memory.requests.list({})).map((request) => request.status)
    await house.receive(event({ ...season(1, 7), kind: 'picked_up' }))
    expect(await status()).toEqual(['picked_up', 'picked_up'])
    await house.receive(season(1, 7))
    expect(await status()).toEqual(['available', 'picked_up'])
    expect((await house.receive(season(2, 13))).notified).toBe(true)
    expect(await status()).toEqual(['available', 'available'])
    house.clock.advance(1)
    const gone = event({ source: 'sonarr', mediaType: 'tv', kind: 'gone', ids: { tvdbId: 81189 } })
    await house.receive(gone)
    expect(await status()).toEqual(['gone', 'gone'])
  })

  it('are revived together, and one that was canceled stays out of the lists', async () => {
    const gone = { status: 'gone', statusAt: 1, addedAt: 1 } as const
    const house = await openWith(
      { ...first, ...gone },
      { ...second, ...gone },
      aSeriesRequest({ tmdbId: 3, withdrawnAt: 2 }),
    )
    const season = (seasonNumber: number) => ({ seasonNumber, episodeNumber: 1 })
    const parts = [season(1), season(2)]
    await house.receive(event({ source: 'sonarr', mediaType: 'tv', ids: { tvdbId: 81189 }, parts }))
    const seasons = [{ seasonNumber: 1, episodes: 7 }]
    await house.useCases.syncLibrary('tv', [aLibraryItem({ mediaType: 'tv', tmdbId: 1, seasons })], {
      clear: true,
      confirm: true,
    })
    const rows = await house.memory.requests.list({})
    expect(rows.map(({ tmdbId, status }) => [tmdbId, status])).toEqual([
      [1, 'available'],
      [2, 'partly_available'],
      [3, 'pending'],
    ])
  })

  it('are both here by a sync of either, and missing with the last of both', async () => {
    const house = await openWith(first, second)
    const seasons = [
      { seasonNumber: 1, episodes: 7 },
      { seasonNumber: 2, episodes: 13 },
    ]
    const other = aLibraryItem({ mediaType: 'tv', tmdbId: 9 })
    const sync = (items: ReturnType<typeof aLibraryItem>[]) =>
      house.useCases.syncLibrary('tv', items, { clear: true, confirm: true })
    expect(await sync([aLibraryItem({ mediaType: 'tv', tmdbId: 2, seasons }), other])).toMatchObject({ marked: 2 })
    const status = async () => (await house.memory.requests.list({})).map((request) => request.status)
    expect(await status()).toEqual(['available', 'available'])
    house.clock.advance(1)
    await sync([other])
    expect(await status()).toEqual(['pending', 'pending'])
  })
})

describe('a series that Sonarr holds by another TVDB id', () => {
  it('has it from then on, and the next message that names that id alone is its own', async () => {
    const house = await openWith(aSeriesRequest({ seasons: [1] }))
    const told = (ids: MediaEvent['ids'], episodeNumber: number) =>
      event({ source: 'sonarr', mediaType: 'tv', ids, parts: [{ seasonNumber: 1, episodeNumber }] })
    await house.receive(told({ tmdbId: 1396, tvdbId: 441734 }, 1))
    expect((await house.memory.requests.find(series))?.tvdbId).toBe(441734)
    expect((await house.receive(told({ tvdbId: 441734 }, 2))).match?.rule).toBe('tvdb_id')
    expect((await house.receive(told({ tvdbId: 81189 }, 3))).match?.rule).toBe('tvdb_id')
    expect(await house.rows('sonarr')).toMatchObject([{ tvdbId: 441734 }])
    expect((await house.memory.requests.find(series))?.seasonState[1]?.here?.episodes).toBe(3)
  })

  it('loses nothing when Sonarr deletes what it had by the old id, or by a wrong one', async () => {
    const house = await openWith(aSeriesRequest({ seasons: [1] }))
    const told = (ids: MediaEvent['ids'], kind: MediaEvent['kind'] = 'arrived') =>
      event({ source: 'sonarr', mediaType: 'tv', kind, ids, parts: [{ seasonNumber: 1, episodeNumber: 1 }] })
    await house.receive(told({ tmdbId: 1396, tvdbId: 441734 }))
    for (const tvdbId of [81189, 999]) {
      const { parts: _, ...gone } = told({ tmdbId: 1396, tvdbId }, 'gone')
      expect((await house.receive(gone)).reason).toContain('another TVDB id')
    }
    expect(await house.memory.requests.find(series)).toMatchObject({ status: 'partly_available', tvdbId: 441734 })
    expect(await house.memory.library.findMany([series])).toHaveLength(1)
  })
})

describe('a sync', () => {
  it('says nothing of series and seasons that it does not count, whatever messages told of them', async () => {
    const house = await openWith(aSeriesRequest(), aSeriesRequest({ tmdbId: 2, tvdbId: 2, seasons: [1] }))
    const told = (tvdbId: number, seasonNumber: number, count: number) =>
      Array.from({ length: count }, (_, n) =>
        event({ source: 'sonarr', mediaType: 'tv', ids: { tvdbId }, parts: [{ seasonNumber, episodeNumber: n + 1 }] }),
      )
    for (const one of [...told(81189, 1, 7), ...told(81189, 2, 13), ...told(2, 1, 7)]) await house.receive(one)
    const statuses = async () => (await house.memory.requests.list({})).map((request) => request.status)
    expect(await statuses()).toEqual(['available', 'available'])
    const sync = (item: object) =>
      house.useCases.syncLibrary('tv', [aLibraryItem({ mediaType: 'tv', tmdbId: 1396, ...item })], {
        clear: true,
        confirm: true,
      })
    await sync({ seasons: [{ seasonNumber: 1, episodes: 7 }] })
    expect(await statuses()).toEqual(['available', 'available'])
    await sync({})
    expect(await statuses()).toEqual(['available', 'available'])
    house.clock.advance(1)
    const all = [
      { seasonNumber: 1, episodes: 7 },
      { seasonNumber: 2, episodes: 13 },
    ]
    await sync({ seasons: all })
    house.clock.advance(1)
    // A season that it had counted and has no more of is none of the others'.
    await sync({ seasons: all.slice(0, 1) })
    expect((await house.memory.requests.find(series))?.status).toBe('partly_available')
    house.clock.advance(1)
    await sync({ seasons: [{ seasonNumber: 1, episodes: 6 }] })
    expect((await house.memory.requests.find(series))?.seasonState[1]?.here?.episodes).toBe(6)
  })
})

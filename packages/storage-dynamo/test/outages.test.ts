import { isListed, type MediaRequest, type Storage } from '@stellarr/core'
import { aLibraryItem, aMovieRequest, faultOf, fixedClock } from '@stellarr/core/testing'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  awsError,
  dropped,
  type Engine,
  faultyTransport,
  type SeenCall,
  startEngine,
  type Trouble,
} from '../src/testing/index.ts'

let engine: Engine
beforeAll(async () => {
  engine = await startEngine()
})
afterAll(() => engine.stop())

const items = (from: number, count: number) =>
  Array.from({ length: count }, (_, n) => aLibraryItem({ tmdbId: from + n, title: `T ${from + n}` }))
const down = dropped('ECONNRESET', 'before')

/** A store on a table of its own, one without trouble beside it, and a switch for the trouble. */
async function open(options: { deadline?: () => number } = {}) {
  const clock = fixedClock()
  const table = await engine.freshTable()
  let trouble: (call: SeenCall) => Trouble | undefined = () => undefined
  const transport = faultyTransport((call) => trouble(call))
  const store = await engine.openStorage(clock, { table, transport, ...options })
  const plain = await engine.openStorage(clock, { table })
  return {
    clock,
    table,
    store,
    plain,
    transport,
    meet: (next: typeof trouble) => {
      transport.calls.length = 0
      trouble = next
    },
  }
}

/** Rows of eight kilobytes, so that three hundred take three pages of a query. */
async function manyRequests(store: Storage, count: number): Promise<MediaRequest[]> {
  const requests = Array.from({ length: count }, (_, n) =>
    aMovieRequest({ tmdbId: n + 1, overview: 'x'.repeat(8_000), createdAt: count - n }),
  )
  for (let from = 0; from < count; from += 16) {
    await Promise.all(requests.slice(from, from + 16).map((request) => store.requests.add(request)))
  }
  return requests
}

async function sync(store: Storage, list: ReturnType<typeof items>) {
  const id = await store.library.beginSync('plex', 'movie')
  await store.library.stage(id, 0, list)
  return store.library.commit(id)
}

describe('a list of several pages', () => {
  it('is whole or a fault, whatever happens to any of its calls', async () => {
    const { store, plain, meet, transport } = await open()
    const requests = await manyRequests(plain, 300)
    const movie = { type: 'movie', listedOnly: true } as const
    meet(() => undefined)
    expect(await store.requests.list(movie)).toEqual(requests.filter(isListed))
    expect(transport.calls.length).toBeGreaterThan(2)

    const empty: Trouble = {
      kind: 'answer',
      status: 200,
      body: JSON.stringify({
        Items: [],
        Count: 0,
        ScannedCount: 400,
        LastEvaluatedKey: { media_type: { S: 'movie' }, tmdb_id: { N: '0' } },
      }),
    }
    // Pages that a filter has emptied come with the key to go on from.
    meet(({ number }) => (number <= 3 ? empty : undefined))
    expect(await store.requests.list(movie)).toHaveLength(300)
    expect((await store.requests.findByImdbId('tt0133093'))?.tmdbId).toBe(1)

    const troubles: (Trouble | undefined)[] = [
      undefined,
      undefined,
      down,
      awsError('ThrottlingException'),
      awsError('InternalServerError', 500),
      awsError('AccessDeniedException'),
      { kind: 'changed', answer: (answer) => ({ ...answer, body: answer.body.slice(0, answer.body.length >> 1) }) },
      { kind: 'answer', status: 200, body: '{"Items":[],"Count":7}' },
    ]
    let [whole, faults] = [0, 0]
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...troubles), { minLength: 1, maxLength: 16 }), async (met) => {
        meet(({ number }) => met[number - 1])
        const rows = await store.requests.list(movie).catch((error: unknown) => error)
        if (Array.isArray(rows)) {
          whole += 1
          expect(rows).toHaveLength(300)
        } else {
          faults += 1
          expect(rows).toMatchObject({ code: 'storage_unavailable' })
        }
      }),
      { numRuns: 25, seed: 4 },
    )
    expect([whole > 3, faults > 3]).toEqual([true, true])
  })
})

describe('batches', () => {
  it('are done whole when every call does a part of them', async () => {
    const { store, plain, meet, transport } = await open()
    meet(() => ({ kind: 'unprocessed' }))
    expect(await store.library.add('plex', items(1, 70))).toHaveLength(70)
    expect((await plain.library.listIds()).movie).toHaveLength(70)
    expect(await store.library.findMany(items(1, 70))).toHaveLength(70)
    expect(transport.calls.filter(({ operation }) => operation === 'BatchWriteItem').length).toBeGreaterThan(9)
  })

  it('that are never done are a fault at the deadline, for reads and writes', async () => {
    const { store, meet } = await open({ deadline: () => Date.now() + 1_000 })
    meet(({ operation }) =>
      operation === 'BatchGetItem'
        ? { kind: 'changed', answer: (answer) => ({ ...answer, body: unread(answer.body) }) }
        : undefined,
    )
    const unread = (body: string) => {
      const [table = ''] = Object.keys(JSON.parse(body).Responses)
      const Keys = [{ media_type: { S: 'movie' }, tmdb_id: { N: '1' } }]
      return JSON.stringify({ Responses: { [table]: [] }, UnprocessedKeys: { [table]: { Keys } } })
    }
    expect(await faultOf(store.requests.findMany([{ mediaType: 'movie', tmdbId: 1 }]))).toBe('storage_unavailable')
    meet(({ operation, request }) => {
      if (operation !== 'BatchWriteItem') return undefined
      const { RequestItems } = JSON.parse(request.body ?? '{}')
      return { kind: 'answer', status: 200, body: JSON.stringify({ UnprocessedItems: RequestItems }) }
    })
    expect(await faultOf(store.library.add('plex', items(1, 70)))).toBe('storage_unavailable')
  })
})

describe('an outage', () => {
  it('is a fault for every read and write, never emptiness', async () => {
    const { store, plain, meet } = await open()
    await plain.requests.add(aMovieRequest())
    await plain.library.add('plex', items(1, 2))
    const key = { mediaType: 'movie', tmdbId: 603 } as const
    const calls: (() => Promise<unknown>)[] = [
      () => store.requests.list({}),
      () => store.requests.find(key),
      () => store.requests.findMany([key]),
      () => store.requests.findByImdbId('tt0133093'),
      () => store.requests.add(aMovieRequest({ tmdbId: 1 })),
      () => store.requests.exportAll(),
      () => store.library.listIds(),
      () => store.library.findMany([key]),
      () => store.library.exportAll(),
      () => store.revision.current(),
      () => store.settings.get('a'),
      () => store.signInAttempts.begin('a', 1, 5),
      () => store.signInAttempts.useChallengeOnce('a', 2, 1),
      () => store.pushSubscriptions.listFor('Ann'),
      () => store.plexGuids.find('a'),
      () => store.identity.storeId(),
      () => store.identity.isNew(),
      () => store.identity.confirmNew(),
    ]
    for (const trouble of [down, awsError('ExpiredTokenException'), awsError('ResourceNotFoundException')]) {
      meet(() => trouble)
      for (const call of calls) expect(await faultOf(call())).toBe('storage_unavailable')
    }
    meet(() => undefined)
    expect(await store.requests.list({})).toEqual([aMovieRequest()])
    expect((await store.library.listIds()).movie).toEqual([1, 2])
  })

  it('of a server whose clock is 10 minutes ahead is none', async () => {
    const { store, meet, transport } = await open()
    const date = new Date(Date.now() + 600_000).toUTCString()
    meet(({ request }) => {
      const signed = request.headers['x-amz-date'] ?? ''
      const at = Date.parse(signed.replace(/(....)(..)(..)T(..)(..)(..)Z/, '$1-$2-$3T$4:$5:$6Z'))
      return Math.abs(at - Date.parse(date)) > 300_000
        ? awsError('InvalidSignatureException', 400, { date })
        : undefined
    })
    expect(await store.requests.add(aMovieRequest())).toBe('added')
    expect(await store.requests.list({})).toEqual([aMovieRequest()])
    expect(transport.calls).toHaveLength(3 + 2 + 1)
  })
})

describe('whoever dies', () => {
  it('at any call of a commit leaves the old library or the new one, and the next sync is right', async () => {
    const calls = await (async () => {
      const { store, plain, meet, transport } = await open()
      await sync(plain, items(1, 60))
      meet(() => undefined)
      await sync(store, items(31, 60))
      return transport.calls.length
    })()
    const seen = { old: 0, new: 0 }
    for (let last = 1; last < calls; last += 1) {
      const { store, plain, meet, clock, transport } = await open()
      await sync(plain, items(1, 60))
      await plain.library.add('jellyfin', items(31, 5))
      const before = await plain.revision.current()
      meet(({ number }) => (number > last ? down : undefined))
      await sync(store, items(31, 60)).catch(() => undefined)
      expect(transport.calls.length).toBeGreaterThanOrEqual(last)

      const rows = (await plain.library.exportAll()).rows.filter((row) => row.source === 'plex')
      const isNew = rows[0]?.tmdbId === 31
      seen[isNew ? 'new' : 'old'] += 1
      const from = isNew ? 31 : 1
      expect(rows.map((row) => row.tmdbId)).toEqual(Array.from({ length: 60 }, (_, n) => from + n))
      expect((await plain.revision.current()) > before).toBe(isNew)

      // The lock expires, and whatever was left is put right or taken over.
      clock.advance(120_000)
      await sync(plain, items(40, 30))
      expect((await plain.library.listIds()).movie).toEqual([
        ...Array.from({ length: 5 }, (_, n) => 31 + n),
        ...Array.from({ length: 30 }, (_, n) => 40 + n),
      ])
      await Promise.all([store.close(), plain.close()])
    }
    expect([seen.old > 3, seen.new > 0]).toEqual([true, true])
  }, 120_000)

  it('between a change and its count leaves it to be counted a minute later', async () => {
    const { store, plain, meet, clock } = await open()
    meet(({ number }) => (number > 2 ? down : undefined))
    expect(await faultOf(store.requests.add(aMovieRequest()))).toBe('storage_unavailable')
    expect(await plain.requests.list({})).toHaveLength(1)
    expect(await plain.revision.current()).toBe(0)
    clock.advance(60_000)
    expect(await Promise.all([1, 2, 3].map(() => plain.revision.current()))).toEqual([1, 1, 1])
    expect(await plain.revision.current()).toBe(1)
  })

  it('while holding the lock keeps others waiting for a while, and what they report is not lost', async () => {
    const { store, plain, meet, clock } = await open()
    await sync(plain, items(1, 60))
    let shown = 0
    meet(({ operation }) => {
      if (operation === 'BatchWriteItem') shown += 1
      return shown > 0 ? down : undefined
    })
    await sync(store, items(31, 60)).catch(() => undefined)
    const reported = plain.library.add('plex', items(500, 1))
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect((await plain.library.listIds()).movie).toHaveLength(60)
    clock.advance(90_000)
    expect(await reported).toHaveLength(1)
    expect((await plain.library.listIds()).movie).toHaveLength(61)
  })
})

describe('many at once', () => {
  it('sync two sources of the same titles while webhooks report, and nothing of any is lost', async () => {
    const { store, plain, clock } = await open()
    await sync(plain, items(1, 40))
    const other = async () => {
      const id = await store.library.beginSync('jellyfin', 'movie')
      await store.library.stage(id, 0, items(1, 80))
      return store.library.commit(id)
    }
    const id = await plain.library.beginSync('plex', 'movie')
    await plain.library.stage(id, 0, items(1, 50))
    clock.advance(1)
    const reports = Array.from({ length: 20 }, (_, n) => (n % 2 ? store : plain).library.add('emby', items(40 + n, 2)))
    const own = Array.from({ length: 5 }, (_, n) => plain.library.add('plex', items(200 + n, 1)))
    const many = plain.library.add('radarr', items(30, 60))
    await Promise.all([plain.library.commit(id), other(), ...reports, ...own, many])
    const rows = (await plain.library.exportAll()).rows
    const idsOf = (source: string) => rows.filter((row) => row.source === source).map((row) => row.tmdbId)
    expect(idsOf('emby')).toEqual(Array.from({ length: 21 }, (_, n) => 40 + n))
    expect(idsOf('radarr')).toEqual(Array.from({ length: 60 }, (_, n) => 30 + n))
    expect(idsOf('jellyfin')).toEqual(Array.from({ length: 80 }, (_, n) => 1 + n))
    expect(idsOf('plex')).toEqual([...Array.from({ length: 50 }, (_, n) => 1 + n), 200, 201, 202, 203, 204])
  })

  it('repeat one report a hundred times: it is new once and counted once', async () => {
    const { plain } = await open()
    const before = await plain.revision.current()
    const added = await Promise.all(Array.from({ length: 100 }, () => plain.library.add('plex', items(7, 1))))
    expect(added.flat()).toHaveLength(1)
    expect(await plain.revision.current()).toBe(before + 1)
  })
})

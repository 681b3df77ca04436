import { type ActivityEntry, type LibraryRow, MAX_TRIES, type Storage } from '../index.ts'
import { aDevice, aLibraryItem, aMovieRequest, aSeriesRequest } from './builders.ts'
import type { ContractTest, TestFunctions } from './contract-test.ts'

const movie = { mediaType: 'movie', tmdbId: 603 } as const
const anEntry = (at: number): ActivityEntry => ({
  id: String(at),
  at,
  source: 'plex',
  name: 'library.new',
  title: 'The Matrix',
  detail: '',
  outcome: 'matched',
  key: { ...movie },
})
const aSeries = () => aLibraryItem({ mediaType: 'tv', tmdbId: 4, seasons: [{ seasonNumber: 1, episodes: 3 }] })

/** Changes everything inside a value. */
function scribble(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  for (const inner of Object.values(value)) scribble(inner)
  for (const name of Object.keys(value)) Reflect.set(value, name, 'scribbled')
  if (Array.isArray(value)) Reflect.set(value, value.length, 'scribbled')
}

/** Puts something into every part of a store, and then changes whatever was handed in. Answers a sync that has begun. */
async function fill(store: Storage, now: number): Promise<string> {
  const handedIn: unknown[] = []
  const given = <Value>(value: Value): Value => {
    handedIn.push(value)
    return value
  }
  const { requests, library } = store
  await requests.add(given(aMovieRequest()))
  await requests.add(given(aSeriesRequest()))
  await requests.mergeSeasons(
    given({ mediaType: 'tv', tmdbId: 1396 }),
    given({ seasons: [0], futureSeasons: true }),
    'Bob',
  )
  // Who followed once keeps their tag, whoever follows and stops again.
  await requests.mergeSeasons(movie, { seasons: [] }, 'Cid')
  await requests.unfollow(movie, 'Cid')
  await requests.advance(given({ ...movie }), given({ status: 'available', source: 'plex', at: now }))
  const committed = await library.beginSync('plex', 'movie')
  await library.stage(committed, 0, given([aLibraryItem()]))
  await library.commit(committed)
  await library.add('plex', given([aSeries()]))
  await library.restore(given([{ ...aSeries(), source: 'emby', addedAt: 7 }]))
  const sync = await library.beginSync('sync', 'tv')
  await library.stage(sync, 0, given([aSeries()]))
  await store.settings.set('set', 'one')
  await store.settings.getOrCreate('made', () => 'two')
  await store.settings.update('updated', () => 'three')
  await store.plexGuids.save('plex://show/1', given({ mediaType: 'tv', tmdbId: 5, tvdbId: 6 }))
  await store.pushSubscriptions.save(given(aDevice()))
  await store.activity.record(given(anEntry(now)))
  await store.outbox.add(given([{ endpoint: 'e', body: '{}', dueAt: 1 }]))
  for (const value of handedIn) scribble(value)
  return sync
}

/** Everything that can be read of a filled store. */
async function readAll({ requests, library, ...store }: Storage, sync: string) {
  return {
    find: await requests.find(movie),
    findMany: await requests.findMany([movie]),
    byTvdbId: await requests.findByTvdbId(81189),
    byImdbId: await requests.findByImdbId('tt0133093'),
    byTitle: await requests.findByTitle('the matrix', 1999),
    list: await requests.list({}),
    requests: await requests.exportAll(),
    library: await library.exportAll(),
    rows: await library.findMany([movie, { mediaType: 'tv', tmdbId: 4 }]),
    ids: await library.listIds(),
    sync: await library.findSync(sync),
    preview: await library.preview(sync),
    revision: await store.revision.current(),
    id: await store.identity.storeId(),
    isNew: await store.identity.isNew(),
    settings: await store.settings.exportAll(),
    guid: await store.plexGuids.find('plex://show/1'),
    guids: await store.plexGuids.exportAll(),
    device: await store.pushSubscriptions.find(aDevice().endpoint),
    devices: await store.pushSubscriptions.listFor('Ann'),
    allDevices: await store.pushSubscriptions.exportAll(),
    activity: await store.activity.recent(10),
    outbox: await store.outbox.due(1, 10),
  }
}

/** What was acknowledged stays: over a restart, and whatever a caller does with what it gave or got. */
export function describeKept(test: ContractTest, equal: TestFunctions['equal']): void {
  test('everything acknowledged is there when the store is opened again', async (store, clock, reopen) => {
    const sync = await fill(store, clock.now())
    const before = await readAll(store, sync)
    equal(await readAll(await reopen(), sync), before)
    await store.close()
    const after = await reopen()
    equal(await readAll(after, sync), before)
    equal((await after.library.commit(sync)).added, [{ mediaType: 'tv', tmdbId: 4 }])
    equal(await after.requests.add(aMovieRequest()), 'exists')
    const [message] = before.outbox
    equal(message && (await after.outbox.claim(message, 5)), true)
  })

  test('tries and used challenges outlive a restart', async ({ signInAttempts, turns }, clock, reopen) => {
    const turn = await signInAttempts.begin('a', clock.now(), MAX_TRIES)
    if (turn.kind === 'begun') await signInAttempts.end('a', turn.id, 'wrong')
    await signInAttempts.begin('a', clock.now(), MAX_TRIES)
    await signInAttempts.useChallengeOnce('h', clock.now() + 10, clock.now())
    await turns.take('one', async () => undefined)
    const after = await reopen()
    const next = await after.signInAttempts.begin('a', clock.now(), MAX_TRIES)
    equal(next.kind === 'begun' && next.triesLeft, MAX_TRIES - 3)
    equal(await after.signInAttempts.useChallengeOnce('h', clock.now() + 10, clock.now()), false)
    equal(await after.turns.take('one', async () => 'free'), 'free')
  })

  test('what is reported before and after a restart is told by the syncs begun', async (store, _clock, reopen) => {
    const sync = await store.library.beginSync('plex', 'movie')
    const after = await reopen()
    await after.library.add('plex', [aLibraryItem()])
    equal((await after.library.commit(sync)).removed, [])
    const next = await store.library.beginSync('plex', 'movie')
    equal((await (await reopen()).library.commit(next)).removed, [movie])
  })

  test('answers share no memory with the store, nor does what it was given', async (store, clock) => {
    const sync = await fill(store, clock.now())
    const asGiven = await readAll(store, sync)
    equal(asGiven.find?.status, 'available')
    equal(asGiven.list, [asGiven.requests.rows[0], asGiven.requests.rows[1]])
    equal(asGiven.requests.rows[1], {
      ...aSeriesRequest(),
      ...(await store.requests.find({ mediaType: 'tv', tmdbId: 1396 })),
      seasons: 'all',
      futureSeasons: true,
      followers: ['Bob'],
    })
    const aSeriesOf = (source: 'plex' | 'emby', addedAt: number): LibraryRow => ({ ...aSeries(), source, addedAt })
    equal(asGiven.library.rows, [
      aSeriesOf('emby', 7),
      { ...aLibraryItem(), source: 'plex', addedAt: clock.now() },
      aSeriesOf('plex', clock.now()),
    ])
    equal(asGiven.settings.rows, [
      { name: 'made', value: 'two' },
      { name: 'set', value: 'one' },
      { name: 'updated', value: 'three' },
    ])
    equal(asGiven.guids.rows, [{ guid: 'plex://show/1', mediaType: 'tv', tmdbId: 5, tvdbId: 6 }])
    equal(asGiven.allDevices.rows, [aDevice()])
    equal(asGiven.activity, [anEntry(clock.now())])

    const { requests, library, outbox } = store
    const answers: unknown[] = [
      await readAll(store, sync),
      await requests.mergeSeasons(movie, { seasons: 'all' }, 'Cid'),
      await requests.unfollow(movie, 'Cid'),
      await requests.advance(movie, { status: 'available', source: 'plex', at: clock.now() }),
      await requests.learn(movie, { at: 1 }),
    ]
    const [message] = await outbox.add([{ endpoint: 'f', body: '{}', dueAt: 2 }])
    await outbox.remove(message?.id ?? '')
    answers.push(message)
    const begun = await library.beginSync('plex', 'movie')
    await library.stage(begun, 0, [aLibraryItem()])
    answers.push(await library.commit(begun), await library.add('plex', [aLibraryItem()]))
    const expected = await readAll(store, sync)
    for (const answer of answers) scribble(answer)
    equal(await readAll(store, sync), expected)
    equal({ ...expected, revision: asGiven.revision }, asGiven)
  })
}

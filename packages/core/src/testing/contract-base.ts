import { TURN_WAIT_MS } from '../index.ts'
import { aDevice, aLibraryItem, aMovieRequest } from './builders.ts'
import { type ContractTest, faultOf, type TestFunctions } from './contract-test.ts'
import { ODD_NAMES } from './odd-names.ts'

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** What everything rests on: settings, turns, the revision, the store's identity, and that a closed store says so. */
export function describeBase(test: ContractTest, equal: TestFunctions['equal']): void {
  test('settings: of many makers one wins for all', async ({ settings }) => {
    let made = 0
    const make = async () => {
      made += 1
      return `value ${made}`
    }
    const values = await Promise.all(Array.from({ length: 50 }, () => settings.getOrCreate('vapid', make)))
    equal(new Set(values).size, 1)
    equal(await settings.get('vapid'), values[0])
    await settings.set('vapid', 'new')
    equal(await settings.getOrCreate('vapid', make), 'new')
    equal(await settings.get('nothing'), undefined)
  })

  test('settings: each of many changes at once builds on the one before', async ({ settings }) => {
    const add = (n: number) => (value: string | undefined) => JSON.stringify([...JSON.parse(value ?? '[]'), n])
    await Promise.all(Array.from({ length: 20 }, (_, n) => settings.update('numbers', add(n))))
    const numbers: number[] = JSON.parse((await settings.get('numbers')) ?? '')
    equal(
      numbers.sort((a, b) => a - b),
      Array.from({ length: 20 }, (_, n) => n),
    )
    equal(await settings.update('numbers', (value) => value ?? 'none'), await settings.get('numbers'))
    let thrown = 'none'
    await settings
      .update('numbers', () => {
        throw new Error('no')
      })
      .catch((error: unknown) => {
        thrown = String(error)
      })
    equal(thrown, 'Error: no')
  })

  test('settings of any name are told apart', async ({ settings }) => {
    for (const name of ODD_NAMES) equal([name, await settings.get(name)], [name, undefined])
    const values = ODD_NAMES.map((name, n) => ({ name, value: `${n} ${name}` }))
    for (const [n, { name, value }] of values.entries()) {
      if (n % 3 === 0) await settings.set(name, value)
      else if (n % 3 === 1) equal(await settings.getOrCreate(name, () => value), value)
      else equal(await settings.update(name, (before) => before ?? value), value)
    }
    for (const { name, value } of values) equal([name, await settings.get(name)], [name, value])
    const { rows } = await settings.exportAll()
    equal(
      rows.sort((a, b) => Number.parseInt(a.value, 10) - Number.parseInt(b.value, 10)),
      values,
    )
  })

  test('only requests and library move the revision', async (store, clock) => {
    const { settings, pushSubscriptions, signInAttempts, outbox } = store
    const before = await store.revision.current()
    await settings.set('a', 'b')
    await settings.update('a', () => 'c')
    await settings.update('new', () => 'c')
    await settings.getOrCreate('made', () => 'c')
    await pushSubscriptions.save(aDevice())
    await pushSubscriptions.remove(aDevice().endpoint)
    await store.plexGuids.save('a', { mediaType: 'tv', tmdbId: 1 })
    const turn = await signInAttempts.begin('a', clock.now(), 1)
    equal(turn.kind, 'begun')
    if (turn.kind === 'begun') await signInAttempts.end('a', turn.id, 'right')
    await signInAttempts.useChallengeOnce('a', clock.now() + 1, clock.now())
    const [message] = await outbox.add([{ endpoint: 'e', body: '{}', dueAt: 1 }])
    equal(message && (await outbox.claim(message, 2)), true)
    equal(await outbox.remove(message?.id ?? ''), true)
    await store.activity.record({
      id: 'a',
      at: clock.now(),
      source: 'plex',
      name: 'n',
      title: '',
      detail: '',
      outcome: 'test',
    })
    await store.turns.take('a', async () => undefined)
    await store.identity.storeId()
    await store.identity.isNew()
    await store.identity.confirmNew()
    equal(await store.revision.current(), before)
    await store.requests.add(aMovieRequest())
    equal(await store.revision.current(), before + 1)
  })

  test('has one id that stays', async ({ identity }) => {
    const id = await identity.storeId()
    equal([id.length > 15, await identity.storeId()], [true, id])
  })

  test('is new until somebody says that it is meant, whatever is written, and never again', async (store, _, reopen) => {
    await store.requests.add(aMovieRequest())
    equal(await store.identity.isNew(), true)
    const id = await store.identity.storeId()
    await store.settings.set('a', 'b')
    const later = await reopen()
    equal([await later.identity.isNew(), await later.identity.isNew()], [true, true])
    await later.identity.confirmNew()
    equal([await later.identity.isNew(), await store.identity.isNew()], [false, false])
    await store.identity.confirmNew()
    equal([await (await reopen()).identity.isNew(), await store.identity.storeId()], [false, id])
  })

  test('is meant also when that is the first word about it', async ({ identity }, _, reopen) => {
    await identity.confirmNew()
    equal([await identity.isNew(), await (await reopen()).identity.isNew()], [false, false])
    equal((await identity.storeId()).length > 15, true)
  })

  test('of those who take a turn at once one works at a time, whatever becomes of the others', async ({ turns }) => {
    const log: string[] = []
    const work = (name: string, fails: boolean) => async () => {
      log.push(`${name} begins`)
      await pause(5)
      log.push(`${name} ends`)
      if (fails) throw new Error(name)
      return name
    }
    const results = await Promise.allSettled(
      ['a', 'b', 'c', 'd'].map((name) => turns.take('one', work(name, name === 'b'))),
    )
    equal(
      results.map((result) => (result.status === 'fulfilled' ? result.value : 'failed')),
      ['a', 'failed', 'c', 'd'],
    )
    const pairs = log.map((line, index) =>
      index % 2 === 0 ? line.split(' ')[0] === log[index + 1]?.split(' ')[0] : true,
    )
    equal(
      pairs.every((alone) => alone),
      true,
    )
    equal(await turns.take('one', () => turns.take('another', async () => 'both')), 'both')
  })

  test('turns of any name are told apart', async ({ turns }) => {
    const inside = ODD_NAMES.reduceRight<() => Promise<string>>(
      (work, name) => () => turns.take(name, work),
      async () => 'all at once',
    )
    equal(await inside(), 'all at once')
    for (const name of ODD_NAMES) equal(await turns.take(name, async () => name), name)
  })

  test('a turn that does not come in time is a fault, and the others go on', async ({ turns }, clock) => {
    const done: string[] = []
    let running: Promise<unknown> = Promise.resolve()
    const end = await new Promise<() => void>((begun) => {
      running = turns.take('one', async () => {
        await new Promise<void>(begun)
        done.push('first')
      })
    })
    const late = faultOf(turns.take('one', async () => done.push('late')))
    await pause(5)
    clock.advance(TURN_WAIT_MS / 2)
    const next = turns.take('one', async () => done.push('next'))
    await pause(5)
    clock.advance(TURN_WAIT_MS / 2)
    equal(await late, 'storage_unavailable')
    equal(done, [])
    end()
    await Promise.all([running, next])
    equal(done, ['first', 'next'])
    equal(await turns.take('one', async () => 'free'), 'free')
    equal(done, ['first', 'next'])
  })

  test('throws once it is closed, for every read and write', async (store, clock) => {
    await store.requests.add(aMovieRequest())
    const sync = await store.library.beginSync('plex', 'movie')
    const [message] = await store.outbox.add([{ endpoint: 'e', body: '{}', dueAt: 1 }])
    if (!message) throw new Error('not added')
    await store.close()
    const key = { mediaType: 'movie', tmdbId: 603 } as const
    const entry = {
      id: 'a',
      at: clock.now(),
      source: 'plex',
      name: 'n',
      title: '',
      detail: '',
      outcome: 'test',
    } as const
    const calls: (() => Promise<unknown>)[] = [
      () => store.requests.list({}),
      () => store.requests.find(key),
      () => store.requests.findMany([key]),
      () => store.requests.findByTvdbId(1),
      () => store.requests.findByImdbId('tt0133093'),
      () => store.requests.findByTitle('the matrix', 1999),
      () => store.requests.add(aMovieRequest({ tmdbId: 1 })),
      () => store.requests.mergeSeasons(key, { seasons: 'all' }, 'Bob'),
      () => store.requests.unfollow(key, 'Bob'),
      () => store.requests.advance(key, { status: 'gone', source: 'plex', at: 9e12 }),
      () => store.requests.advanceMany([{ key, event: { status: 'gone', source: 'plex', at: 9e12 } }]),
      () => store.requests.slice('movie'),
      () => store.requests.renew(key, { by: 'Bob', at: 1 }),
      () => store.requests.withdraw(key, 1),
      () => store.requests.learn(key, { at: 1, imdbId: 'tt0000001' }),
      () => store.requests.remove(key),
      () => store.requests.exportAll(),
      () => store.library.beginSync('plex', 'movie'),
      () => store.library.findSync(sync),
      () => store.library.stage(sync, 0, [aLibraryItem()]),
      () => store.library.preview(sync),
      () => store.library.commit(sync),
      () => store.library.forgetRemoved('plex', [key]),
      () => store.library.add('plex', [aLibraryItem()]),
      () => store.library.restore([{ ...aLibraryItem(), source: 'plex', addedAt: 1 }]),
      () => store.library.remove('plex', key),
      () => store.library.findMany([key]),
      () => store.library.listIds(),
      () => store.library.exportAll(),
      () => store.revision.current(),
      () => store.settings.get('a'),
      () => store.settings.set('a', 'b'),
      () => store.settings.getOrCreate('a', () => 'b'),
      () => store.settings.update('a', () => 'b'),
      () => store.settings.exportAll(),
      () => store.signInAttempts.begin('a', 1, 1),
      () => store.signInAttempts.useChallengeOnce('a', 2, 1),
      () => store.pushSubscriptions.save(aDevice()),
      () => store.pushSubscriptions.listFor('Ann'),
      () => store.pushSubscriptions.find('a'),
      () => store.pushSubscriptions.remove('a'),
      () => store.pushSubscriptions.exportAll(),
      () => store.plexGuids.find('a'),
      () => store.plexGuids.save('a', key),
      () => store.plexGuids.exportAll(),
      () => store.identity.storeId(),
      () => store.identity.isNew(),
      () => store.identity.confirmNew(),
      () => store.activity.record(entry),
      () => store.activity.recent(1),
      () => store.outbox.add([{ endpoint: 'e', body: '{}', dueAt: 1 }]),
      () => store.outbox.due(1, 1),
      () => store.outbox.claim(message, 2),
      () => store.outbox.remove(message.id),
    ]
    for (const call of calls) equal([String(call), await faultOf(call())], [String(call), 'storage_unavailable'])
  })
}

import { MAX_TRIES, TRIES_WINDOW_MS } from '../index.ts'
import type { ContractTest, TestFunctions } from './storage-contract.ts'

const device = (endpoint: string, user: string, createdAt: number) => ({
  endpoint: `https://push.example/${endpoint}`,
  user,
  keys: { p256dh: 'p', auth: 'a' },
  language: 'de' as const,
  createdAt,
})

/** Sign-in attempts, push subscriptions, the GUID cache, settings, turns and the store's identity. */
export function describeSmallStores(test: ContractTest, equal: TestFunctions['equal']): void {
  test('of 100 attempts at once exactly the allowed number goes through', async ({ signInAttempts }, clock) => {
    const now = clock.now()
    const turns = await Promise.all(Array.from({ length: 100 }, () => signInAttempts.reserve('1.2.3.4', now)))
    equal(turns.filter((turn) => turn.allowed).length, MAX_TRIES)
    equal(
      turns
        .filter((turn) => turn.allowed)
        .map((turn) => turn.triesLeft)
        .sort(),
      [0, 1, 2, 3, 4],
    )
    equal(
      turns.every((turn) => turn.retryAt === now + TRIES_WINDOW_MS),
      true,
    )
    equal((await signInAttempts.reserve('5.6.7.8', now)).allowed, true)
    equal((await signInAttempts.reserve('1.2.3.4', now + TRIES_WINDOW_MS - 1)).allowed, false)
    equal((await signInAttempts.reserve('1.2.3.4', now + TRIES_WINDOW_MS)).allowed, true)
  })

  test('an attempt given back can be made again', async ({ signInAttempts }, clock) => {
    for (let n = 0; n < MAX_TRIES * 3; n += 1) {
      equal((await signInAttempts.reserve('a', clock.now())).triesLeft, MAX_TRIES - 1)
      await signInAttempts.release('a')
    }
    await signInAttempts.release('never seen')
  })

  test('a challenge is new once until it is forgotten', async ({ signInAttempts }, clock) => {
    const now = clock.now()
    const uses = await Promise.all(
      Array.from({ length: 50 }, () => signInAttempts.useChallengeOnce('h', now + 10, now)),
    )
    equal(uses.filter(Boolean).length, 1)
    equal(await signInAttempts.useChallengeOnce('h', now + 20, now + 9), false)
    equal(await signInAttempts.useChallengeOnce('h', now + 20, now + 10), true)
  })

  test('keeps many devices of one person, oldest first, one row an endpoint', async ({ pushSubscriptions }) => {
    await pushSubscriptions.save(device('b', 'Zoë', 2))
    await pushSubscriptions.save(device('a', 'Zoë', 1))
    await pushSubscriptions.save(device('c', 'Bob', 1))
    await pushSubscriptions.save(device('b', 'Zoë', 3))
    equal(await pushSubscriptions.listFor('Zoë'), [device('a', 'Zoë', 1), device('b', 'Zoë', 3)])
    equal(await pushSubscriptions.remove(device('a', '', 0).endpoint), true)
    equal(await pushSubscriptions.remove(device('a', '', 0).endpoint), false)
    equal((await pushSubscriptions.listFor('nobody')).length, 0)
    equal(await pushSubscriptions.find(device('b', '', 0).endpoint), device('b', 'Zoë', 3))
    equal(await pushSubscriptions.find(device('a', '', 0).endpoint), undefined)
  })

  test('remembers what a Plex GUID stood for', async ({ plexGuids }) => {
    equal(await plexGuids.find('plex://show/1'), undefined)
    await plexGuids.save('plex://show/1', { mediaType: 'tv', tmdbId: 5, tvdbId: 6 })
    await plexGuids.save('plex://movie/1', { mediaType: 'movie', tmdbId: 5 })
    equal(await plexGuids.find('plex://show/1'), { mediaType: 'tv', tmdbId: 5, tvdbId: 6 })
    equal(await plexGuids.find('plex://movie/1'), { mediaType: 'movie', tmdbId: 5 })
  })

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

  test('settings and devices leave the revision alone', async ({ settings, pushSubscriptions, revision }) => {
    const before = await revision.current()
    await settings.set('a', 'b')
    await pushSubscriptions.save(device('a', 'Ann', 1))
    equal(await revision.current(), before)
  })

  test('has one id that stays', async ({ identity }) => {
    const id = await identity.storeId()
    equal([id.length > 15, await identity.storeId()], [true, id])
  })

  test('of those who take a turn at once one works at a time, whatever becomes of the others', async ({ turns }) => {
    const log: string[] = []
    const work = (name: string, fails: boolean) => async () => {
      log.push(`${name} begins`)
      await new Promise((resolve) => setTimeout(resolve, 5))
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
}

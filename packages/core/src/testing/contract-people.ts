import { MAX_TRIES, TRIES_WINDOW_MS } from '../index.ts'
import type { ContractTest, TestFunctions } from './contract-test.ts'
import { ODD_NAMES } from './odd-names.ts'

/** Sign-in: attempts that are counted, and challenges that are used once. */
export function describePeople(test: ContractTest, equal: TestFunctions['equal']): void {
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

  test('gives back one attempt alone, the last, of this client alone', async ({ signInAttempts }, clock) => {
    const began = clock.now()
    for (let n = 0; n < MAX_TRIES; n += 1) {
      for (const client of ['a', 'b']) await signInAttempts.reserve(client, began + n)
    }
    await signInAttempts.release('a')
    equal(await signInAttempts.reserve('a', began + 9), {
      allowed: true,
      triesLeft: 0,
      retryAt: began + TRIES_WINDOW_MS,
    })
    equal((await signInAttempts.reserve('a', began + 9)).allowed, false)
    equal((await signInAttempts.reserve('b', began + 9)).allowed, false)
  })

  test('counts clients of any name, each by itself', async ({ signInAttempts }, clock) => {
    for (const triesLeft of [MAX_TRIES - 1, MAX_TRIES - 2]) {
      for (const client of ODD_NAMES) {
        equal([client, (await signInAttempts.reserve(client, clock.now())).triesLeft], [client, triesLeft])
      }
    }
    for (const client of ODD_NAMES) await signInAttempts.release(client)
  })

  test('a challenge is new once until it is forgotten', async ({ signInAttempts }, clock) => {
    const now = clock.now()
    const uses = await Promise.all(
      Array.from({ length: 50 }, () => signInAttempts.useChallengeOnce('h', now + 10, now)),
    )
    equal(uses.filter(Boolean).length, 1)
    equal(await signInAttempts.useChallengeOnce('h', now + 20, now + 9), false)
    equal(await signInAttempts.useChallengeOnce('h', now + 20, now + 10), true)
    for (const expected of [true, false]) {
      for (const hash of ODD_NAMES) {
        equal([hash, await signInAttempts.useChallengeOnce(hash, now + 10, now)], [hash, expected])
      }
    }
  })
}

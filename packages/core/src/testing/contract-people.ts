import { type BegunTurn, CLOCK_SPREAD_MS, MAX_TRIES, TRIES_WINDOW_MS, TRY_MS, type TryEnd } from '../index.ts'
import type { ContractTest, TestFunctions } from './contract-test.ts'
import { ODD_NAMES } from './odd-names.ts'

const begunOf = (turns: readonly BegunTurn[]) => turns.flatMap((turn) => (turn.kind === 'begun' ? [turn] : []))

/** Sign-in: attempts that are counted, and challenges that are used once. */
export function describePeople(test: ContractTest, equal: TestFunctions['equal']): void {
  test('of 100 tries at once exactly the allowed number begins, and the others are told to wait', async (store, clock) => {
    const { signInAttempts } = store
    const now = clock.now()
    const turns = await Promise.all(Array.from({ length: 100 }, () => signInAttempts.begin('1.2.3.4', now, MAX_TRIES)))
    const begun = begunOf(turns)
    equal(begun.map(({ triesLeft }) => triesLeft).sort(), [0, 1, 2, 3, 4])
    equal(new Set(begun.map(({ id }) => id)).size, MAX_TRIES)
    equal(turns.filter(({ kind }) => kind === 'busy').length, 100 - MAX_TRIES)
    equal((await signInAttempts.begin('5.6.7.8', now, MAX_TRIES)).kind, 'begun')
    for (const { id } of begun) await signInAttempts.end('1.2.3.4', id, 'wrong')
    const limited = { kind: 'limited', retryAt: now + TRIES_WINDOW_MS }
    equal(await signInAttempts.begin('1.2.3.4', now, MAX_TRIES), limited)
    equal(await signInAttempts.begin('1.2.3.4', now + TRIES_WINDOW_MS - 1, MAX_TRIES), limited)
    equal((await signInAttempts.begin('1.2.3.4', now + TRIES_WINDOW_MS, MAX_TRIES)).kind, 'begun')
  })

  test('a right try takes the failed ones with it, one that is neither only itself', async ({
    signInAttempts,
  }, clock) => {
    const now = clock.now()
    const begin = async () => begunOf([await signInAttempts.begin('a', now, 3)])[0]
    const end = async (begun: { id: string } | undefined, how: TryEnd) =>
      signInAttempts.end('a', begun?.id ?? 'none', how)
    for (let n = 0; n < 9; n += 1) await end(await begin(), n % 2 === 0 ? 'right' : 'neither')
    await end(await begin(), 'wrong')
    await end(await begin(), 'neither')
    const right = await begin()
    equal(right?.triesLeft, 1)
    const underWay = await begin()
    equal(underWay?.triesLeft, 0)
    await end(right, 'right')
    equal((await begin())?.triesLeft, 1)
    await end(underWay, 'wrong')
    equal(await signInAttempts.begin('a', now, 2), { kind: 'busy' })
    await signInAttempts.end('a', 'never begun', 'right')
    await signInAttempts.end('never seen', right?.id ?? '', 'right')
    equal((await begin())?.triesLeft, 0)
  })

  test('a try that never ends is waited for no longer than a try lasts, and has failed', async (store, clock) => {
    const { signInAttempts } = store
    const now = clock.now()
    const first = begunOf([await signInAttempts.begin('a', now, 1)])[0]
    equal(await signInAttempts.begin('a', now + TRY_MS - 1, 1), { kind: 'busy' })
    equal(await signInAttempts.begin('a', now + TRY_MS, 1), { kind: 'limited', retryAt: now + TRIES_WINDOW_MS })
    equal((await signInAttempts.begin('a', now + TRIES_WINDOW_MS, 1)).kind, 'begun')
    await signInAttempts.end('a', first?.id ?? '', 'right')
  })

  test('tries from a clock that was ahead do not count once it is right', async ({ signInAttempts }, clock) => {
    const now = clock.now()
    for (const ahead of [3 * 86_400_000, CLOCK_SPREAD_MS + 1]) {
      for (const end of ['wrong', undefined] as const) {
        const begun = begunOf([await signInAttempts.begin('a', now + ahead, 1)])[0]
        if (end) await signInAttempts.end('a', begun?.id ?? '', end)
        const after = await signInAttempts.begin('a', now, 1)
        equal([ahead, end, after.kind], [ahead, end, 'begun'])
        await signInAttempts.end('a', begunOf([after])[0]?.id ?? '', 'right')
      }
    }
    // Instances differ by a little: what one wrote counts for the other.
    const begun = begunOf([await signInAttempts.begin('b', now + CLOCK_SPREAD_MS, 1)])[0]
    await signInAttempts.end('b', begun?.id ?? '', 'wrong')
    equal((await signInAttempts.begin('b', now, 1)).kind, 'limited')
  })

  test('counts clients of any name, each by itself', async ({ signInAttempts }, clock) => {
    for (const triesLeft of [MAX_TRIES - 1, MAX_TRIES - 2]) {
      for (const client of ODD_NAMES) {
        const [begun] = begunOf([await signInAttempts.begin(client, clock.now(), MAX_TRIES)])
        equal([client, begun?.triesLeft], [client, triesLeft])
        await signInAttempts.end(client, begun?.id ?? '', 'wrong')
      }
    }
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

import { describe, expect, it } from 'vitest'
import { challengeText, MAX_TRIES, SESSION_MS, sessionTokens, sha256Hex, TRIES_WINDOW_MS } from '../src/index.ts'
import { faultOf, fixedClock } from '../src/testing/index.ts'
import { breakable, openHouse } from './house.ts'

type House = ReturnType<typeof openHouse>
const ORIGIN = 'https://stellarr.example'

async function attempt(house: House, given: { password?: string; origin?: string; at?: number; client?: string } = {}) {
  const { password = 'household-password', origin = ORIGIN, at = 0, client = '192.0.2.1' } = given
  const timestamp = Math.floor(house.clock.now() / 1000) + at
  const key = await sha256Hex(`${password} ${origin} 100000`)
  const hash = await sha256Hex(challengeText(key, timestamp))
  return house.useCases.signIn({ origin, timestamp, hash, name: 'Ann', client })
}

describe('sign-in', () => {
  it('falls back to a limiter in memory while the store is down, so that a fault opens no door', async () => {
    const broken = { now: true }
    const house = openHouse(breakable(broken, 'signInAttempts', 'reserve'))
    for (let n = 1; n <= MAX_TRIES; n += 1) {
      expect(await attempt(house, { password: 'wrong', at: n })).toEqual({
        kind: 'wrong_password',
        triesLeft: MAX_TRIES - n,
      })
    }
    expect((await attempt(house)).kind).toBe('limited')
    house.clock.advance(TRIES_WINDOW_MS + 1)
    expect((await attempt(house)).kind).toBe('signed_in')
  })

  it('refuses everybody while the store cannot say whether a challenge was used', async () => {
    const broken = { now: true }
    const house = openHouse(breakable(broken, 'signInAttempts', 'useChallengeOnce'))
    expect(await faultOf(attempt(house))).toBe('storage_unavailable')
    broken.now = false
    expect((await attempt(house, { at: 1 })).kind).toBe('signed_in')
  })

  it('has a cap over all clients together', async () => {
    const house = openHouse()
    for (let n = 0; n < 500; n += 1) {
      expect((await attempt(house, { password: 'wrong', client: `client ${n}` })).kind).toBe('wrong_password')
    }
    expect((await attempt(house, { client: 'somebody new' })).kind).toBe('limited')
    house.clock.advance(TRIES_WINDOW_MS + 1)
    expect((await attempt(house, { client: 'somebody new' })).kind).toBe('signed_in')
  })

  it('derives keys once an origin, for at most 16 origins', async () => {
    const house = openHouse()
    await attempt(house)
    await attempt(house, { at: 1 })
    expect(house.derivations).toEqual([ORIGIN, ORIGIN])
    for (let n = 0; n < 16; n += 1) await attempt(house, { origin: `https://o${n}.example`, client: `c${n}` })
    await attempt(house, { at: 2 })
    expect(house.derivations.filter((salt) => salt === ORIGIN)).toHaveLength(4)
  })

  it('derives nothing for a client that is over its limit', async () => {
    const house = openHouse()
    for (let n = 0; n < MAX_TRIES; n += 1) await attempt(house, { password: 'wrong', at: n })
    await attempt(house, { origin: 'https://another.example' })
    expect(house.derivations.every((salt) => salt === ORIGIN)).toBe(true)
  })

  it('knows sessions that began when the admin was called operator', async () => {
    const began = 1_790_000_000_000
    const { check } = sessionTokens({
      clock: fixedClock(began),
      appSecretKey: 'x'.repeat(32),
      passwords: { household: 'household-password', admin: 'operator-password' },
    })
    const admin = '1790000000.T3A.gfCOmVsEfCCUHxM2N3xN6Ox0TJ2mnihzLssHQivULGY'
    const household = '1790000000.QW5u.A63bTjOG5gGgl2JOnbrnfgoFP6olZGZdghGClgAqIpI'
    expect(await check(admin, true)).toEqual({ name: 'Op', role: 'admin' })
    expect(await check(household, true)).toEqual({ name: 'Ann', role: 'household' })
  })

  it('knows a session for its time, over https for 30 days, and none from the future', async () => {
    const house = openHouse()
    const outcome = await attempt(house, { password: 'admin-password' })
    if (outcome.kind !== 'signed_in') throw new Error('not signed in')
    expect(await house.useCases.checkToken(outcome.token, true)).toEqual({ name: 'Ann', role: 'admin' })
    house.clock.advance(8 * 86_400_000)
    expect(await house.useCases.checkToken(outcome.token, false)).toBeUndefined()
    expect(await house.useCases.checkToken(outcome.token, true)).toBeDefined()
    house.clock.advance(SESSION_MS)
    expect(await house.useCases.checkToken(outcome.token, true)).toBeUndefined()
    house.clock.advance(-SESSION_MS - 8 * 86_400_000 - 6 * 60_000)
    expect(await house.useCases.checkToken(outcome.token, true)).toBeUndefined()
  })
})

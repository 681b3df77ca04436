import { describe, expect, it } from 'vitest'
import {
  challengeText,
  createUseCases,
  MAX_OPEN_TRIES,
  MAX_TRIES,
  SESSION_MS,
  sessionTokens,
  sha256Hex,
  TRIES_WINDOW_MS,
} from '../src/index.ts'
import { faultOf, fixedClock } from '../src/testing/index.ts'
import { breakable, openHouse } from './house.ts'

type House = ReturnType<typeof openHouse>
const ORIGIN = 'https://stellarr.example'
const HOUR = 3_600_000

interface Given {
  password?: string
  origin?: string
  /** Seconds from now. */
  at?: number
  client?: string
  as?: 'household' | 'admin'
  device?: string
}

const ADMIN = 'admin-password'

async function attempt(house: House, given: Given = {}) {
  const { password = 'household-password', origin = ORIGIN, at = 0, client = '192.0.2.1', as, device } = given
  const timestamp = Math.floor(house.clock.now() / 1000) + at
  const key = await sha256Hex(`${password} ${origin} 100000`)
  const hash = await sha256Hex(challengeText(key, timestamp))
  return house.useCases.signIn({ origin, timestamp, hash, name: 'Ann', client, as, device })
}

async function signedIn(house: House, given: Given = {}) {
  const outcome = await attempt(house, given)
  if (outcome.kind !== 'signed_in') throw new Error(outcome.kind)
  return outcome
}

describe('sign-in', () => {
  it('falls back to a limiter in memory while the store is down, so that a fault opens no door', async () => {
    const broken = { now: true }
    const house = openHouse(breakable(broken, 'signInAttempts', 'begin'))
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

  it('judges any number of right tries at once, and of wrong ones no more than are allowed', async () => {
    const house = openHouse()
    const kinds = async (given: Given) => {
      const tries = Array.from({ length: 100 }, (_, n) => attempt(house, { ...given, at: n }))
      return (await Promise.all(tries)).map(({ kind }) => kind)
    }
    expect(new Set(await kinds({}))).toEqual(new Set(['signed_in']))
    const wrong = await kinds({ password: 'wrong' })
    expect(wrong.filter((kind) => kind === 'wrong_password')).toHaveLength(MAX_TRIES)
    expect(wrong.filter((kind) => kind === 'limited')).toHaveLength(100 - MAX_TRIES)
  })

  it('waits for tries that another instance has under way, and not for ever', async () => {
    const house = openHouse()
    const { begin, end } = house.memory.signInAttempts
    const client = 'household address 192.0.2.1'
    const others = []
    for (let n = 0; n < MAX_TRIES; n += 1) others.push(await begin(client, house.clock.now(), MAX_TRIES))
    const waiting = attempt(house)
    const [first] = others
    if (first?.kind !== 'begun') throw new Error('not begun')
    await end(client, first.id, 'neither')
    expect((await waiting).kind).toBe('signed_in')
    await begin(client, house.clock.now(), MAX_TRIES)
    const began = performance.now()
    expect(await attempt(house, { at: 1 })).toEqual({ kind: 'limited', retryAt: house.clock.now() + 2_000 })
    expect(performance.now() - began).toBeGreaterThan(1_900)
  })

  it('forgets what failed before when a try is right, and counts a proof that was used neither way', async () => {
    const house = openHouse()
    for (let round = 0; round < 3; round += 1) {
      for (let n = 1; n < MAX_TRIES; n += 1) {
        expect((await attempt(house, { password: 'wrong', at: 10 * round + n })).kind).toBe('wrong_password')
      }
      expect((await attempt(house, { at: round })).kind).toBe('signed_in')
      for (let n = 0; n < 9; n += 1) expect((await attempt(house, { at: round })).kind).toBe('used_challenge')
    }
    expect(await attempt(house, { password: 'wrong', at: 50 })).toMatchObject({ triesLeft: MAX_TRIES - 1 })
    await attempt(house, { at: 0 })
    expect(await attempt(house, { password: 'wrong', at: 51 })).toMatchObject({ triesLeft: MAX_TRIES - 2 })
  })

  it('counts the tries of household and admin apart, and tries one password when told which', async () => {
    const house = openHouse()
    const last = { kind: 'wrong_password', triesLeft: 0 }
    for (let n = 1; n < MAX_TRIES; n += 1) await attempt(house, { as: 'admin', at: n })
    expect(await attempt(house, { as: 'admin', at: 5 })).toEqual(last)
    expect((await attempt(house, { as: 'admin', password: ADMIN })).kind).toBe('limited')
    expect(await attempt(house, { as: 'household', password: ADMIN })).toMatchObject({ triesLeft: MAX_TRIES - 1 })
    expect(await attempt(house, { as: 'household' })).toMatchObject({ kind: 'signed_in', role: 'household' })
    expect((await attempt(house, { as: 'admin', password: ADMIN })).kind).toBe('limited')
    expect(await attempt(house, { password: ADMIN, at: 6 })).toMatchObject({ kind: 'signed_in', role: 'admin' })
    for (let n = 1; n < MAX_TRIES; n += 1) await attempt(house, { password: 'wrong', at: n })
    expect(await attempt(house, { password: 'wrong' })).toEqual(last)
    expect((await attempt(house)).kind).toBe('limited')
  })

  it('lets nobody who knows the household’s password try the admin’s without end', async () => {
    const house = openHouse()
    const guess = async (at: number, password: string) =>
      attempt(house, { password, at, device: (await signedIn(house, { at })).device })
    const wrong = { kind: 'wrong_password', triesLeft: MAX_TRIES - 1 }
    for (let n = 0; n < MAX_OPEN_TRIES - 1; n += 1) expect(await guess(n, 'wrong')).toEqual(wrong)
    expect(await guess(50, ADMIN)).toMatchObject({ role: 'admin' })
    for (let n = 0; n < MAX_OPEN_TRIES; n += 1) expect(await guess(60 + n, 'wrong')).toEqual(wrong)
    expect(await guess(90, ADMIN)).toEqual(wrong)
    // Neither the household's password nor the admin's own tries are touched by that.
    expect((await attempt(house, { at: 100 })).kind).toBe('signed_in')
    expect((await attempt(house, { as: 'admin', password: ADMIN, at: 100 })).kind).toBe('signed_in')
    const { device } = await signedIn(house, { at: 101 })
    for (let n = 0; n < MAX_TRIES; n += 1) await attempt(house, { as: 'admin', password: 'wrong', at: n, device })
    const another = await signedIn(house, { at: 102 })
    expect((await attempt(house, { as: 'admin', password: ADMIN, device: another.device })).kind).toBe('limited')
  })

  it('gives a device that was signed in before tries of its own, whatever strangers do', async () => {
    const house = openHouse()
    const household = (await signedIn(house)).device
    const admin = (await signedIn(house, { password: ADMIN })).device
    for (let n = 0; n < 500; n += 1) await attempt(house, { password: 'wrong', client: `stranger ${n}` })
    for (let n = 0; n < MAX_TRIES; n += 1) await attempt(house, { password: 'wrong', at: n })
    expect((await attempt(house, { at: 10 })).kind).toBe('limited')
    expect(await attempt(house, { password: 'wrong', device: household })).toMatchObject({ triesLeft: MAX_TRIES - 1 })
    expect(await attempt(house, { at: 10, device: household })).toMatchObject({ role: 'household' })
    expect(await attempt(house, { at: 10, device: admin, password: ADMIN, as: 'admin' })).toMatchObject({
      role: 'admin',
    })
    for (let n = 1; n < MAX_TRIES; n += 1)
      await attempt(house, { as: 'household', password: 'wrong', at: n, device: household })
    expect(await attempt(house, { as: 'household', password: 'wrong', device: household })).toMatchObject({
      triesLeft: 0,
    })
    expect((await attempt(house, { as: 'household', at: 11, device: household })).kind).toBe('limited')
    // Another device of the same place has its own.
    expect((await attempt(house, { at: 11, device: admin })).kind).toBe('signed_in')
  })

  it('stays the same device, known by the highest that it was signed in as', async () => {
    const house = openHouse()
    const household = (await signedIn(house)).device
    const admin = (await signedIn(house, { password: ADMIN, device: household })).device
    const again = (await signedIn(house, { at: 1, device: admin })).device
    expect(admin).not.toBe(household)
    expect(again).toBe(admin)
    expect(admin.split('.')[0]).toBe(household.split('.')[0])
  })

  it('knows no device by what was forged, cut or shown to another server', async () => {
    const house = openHouse()
    const { device } = await signedIn(house)
    const [id = '', signature = ''] = device.split('.')
    const elsewhere = openHouse()
    elsewhere.deployment.signIn.passwords.household = 'another-password'
    const changed = { ...elsewhere, useCases: createUseCases(elsewhere.deployment) }
    for (let n = 0; n < MAX_TRIES; n += 1) {
      await attempt(house, { password: 'wrong', at: n })
      await attempt(changed, { password: 'wrong', at: n })
    }
    for (const bad of [
      '',
      '.',
      id,
      `${id}.`,
      `${id}.${'A'.repeat(43)}`,
      `${'A'.repeat(22)}.${signature}`,
      `${device}A`,
    ]) {
      expect([bad, (await attempt(house, { at: 9, device: bad })).kind]).toEqual([bad, 'limited'])
    }
    expect((await attempt(changed, { password: 'another-password', at: 9, device })).kind).toBe('limited')
    expect((await attempt(house, { at: 9, device })).kind).toBe('signed_in')
    expect(await house.useCases.checkToken(device, true)).toBeUndefined()
  })

  it('takes the right password at once when the clock was ahead and is right again', async () => {
    for (const down of [false, true]) {
      const house = openHouse(breakable({ now: down }, 'signInAttempts', 'begin'))
      house.clock.advance(72 * HOUR)
      for (let n = 0; n < 500; n += 1) await attempt(house, { password: 'wrong', client: `c${n}` })
      for (let n = 0; n < MAX_TRIES; n += 1) await attempt(house, { password: 'wrong', as: 'household', at: n })
      expect((await attempt(house)).kind).toBe('limited')
      house.clock.advance(-72 * HOUR)
      expect((await attempt(house)).kind).toBe('signed_in')
    }
  })
})

import { describe, expect, it } from 'vitest'
import {
  createUseCases,
  MAX_REFUSALS,
  parseRefusals,
  REFUSAL_KINDS,
  REFUSAL_PLACES,
  REFUSALS,
  type Refusal,
  withRefusals,
} from '../src/index.ts'
import { openHouse } from './house.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const wrongKey = { kind: 'wrong_key', place: 'radarr-list', address: '192.168.1.20', app: 'Radarr' } as const
const row = (given: Partial<Refusal> = {}): Refusal => ({
  ...wrongKey,
  count: 1,
  firstAt: DAY,
  lastAt: DAY,
  ...given,
})

describe('refusals', () => {
  it('are one row a kind, place and address, which counts them and knows the program as it last called itself', () => {
    const once = withRefusals([], [row(), row({ lastAt: DAY + 5, app: 'other' })], DAY + 5)
    expect(once).toEqual([row({ count: 2, lastAt: DAY + 5, app: 'other' })])
    // Told late, an older one changes neither what was said last nor when.
    expect(withRefusals(once, [row({ firstAt: DAY - 5, lastAt: DAY - 5, app: 'Sonarr' })], DAY + 5)).toEqual([
      row({ count: 3, firstAt: DAY - 5, lastAt: DAY + 5, app: 'other' }),
    ])
    const others = [row({ kind: 'wrong_app' }), row({ place: 'sonarr-list' }), row({ address: 'fd00:1:2::/48' })]
    expect(withRefusals(once, others, DAY)).toHaveLength(4)
  })

  it('are forgotten a day after the last, and fifty at most: the newest, first', () => {
    expect(withRefusals([row()], [], 2 * DAY - 1)).toHaveLength(1)
    expect(withRefusals([row()], [], 2 * DAY)).toEqual([])
    const many = Array.from({ length: 60 }, (_, n) => row({ address: `10.0.0.${n}`, lastAt: DAY + n }))
    const kept = withRefusals(many, [], DAY + 60)
    expect([kept.length, kept[0]?.address, kept.at(-1)?.address]).toEqual([MAX_REFUSALS, '10.0.0.59', '10.0.0.10'])
  })

  it('survive being stored, and what cannot be read is left out', () => {
    const rows = REFUSAL_KINDS.flatMap((kind) => REFUSAL_PLACES.map((place) => row({ kind, place })))
    expect(parseRefusals(JSON.stringify({ writtenAt: 5, rows }))).toEqual({ writtenAt: 5, rows })
    for (const stored of [undefined, '', 'null', '[]', '{"rows":1}', '{"rows":[null,1,{}]}']) {
      expect(parseRefusals(stored)).toEqual({ writtenAt: 0, rows: [] })
    }
    const odd = [
      { ...row(), kind: 'x' },
      { ...row(), place: 'x' },
      { ...row(), count: 'x' },
      { ...row(), app: 1 },
    ]
    expect(parseRefusals(JSON.stringify({ writtenAt: 5, rows: odd })).rows).toEqual([])
  })
})

describe('noting refusals', () => {
  /** A house whose store counts the writes, and fails while `broken` says so. */
  function openCounted() {
    const seen = { writes: 0, broken: false }
    const house = openHouse((storage) => ({
      ...storage,
      settings: {
        ...storage.settings,
        async update(name, change) {
          if (seen.broken) throw new Error('locked')
          const before = await storage.settings.get(name)
          const after = await storage.settings.update(name, change)
          if (before !== after) seen.writes += 1
          return after
        },
      },
    }))
    return { ...house, seen }
  }

  it('is written once a minute by all processes together, and none is lost', async () => {
    const { seen, deployment, useCases, clock } = openCounted()
    const processes = [useCases, createUseCases(deployment), createUseCases(deployment)]
    for (let second = 0; second < 600; second += 10) {
      for (const [n, one] of processes.entries()) {
        one.noteRefusal({ ...wrongKey, address: `10.0.0.${n}` })
        one.noteRefusal({ ...wrongKey, place: 'sync' })
        await one.settle(1000)
      }
      clock.advance(10_000)
    }
    expect(seen.writes).toBeLessThanOrEqual(11)
    // Each process shows what it has not written yet beside what all have.
    for (const one of processes) {
      clock.advance(MINUTE)
      one.noteRefusal({ ...wrongKey, place: 'sync' })
      await one.settle(1000)
    }
    const rows = await useCases.recentRefusals()
    expect(rows.map(({ place, address, count }) => [place, address, count])).toEqual([
      ['sync', '192.168.1.20', 183],
      ...[0, 1, 2].map((n) => ['radarr-list', `10.0.0.${n}`, 60]),
    ])
    expect(await createUseCases(deployment).recentRefusals()).toEqual(rows)
  })

  it('keeps nothing but the row', async () => {
    const { useCases, memory, clock } = openHouse()
    useCases.noteRefusal(wrongKey)
    await useCases.settle(1000)
    const at = clock.now()
    expect(JSON.parse((await memory.settings.get(REFUSALS)) ?? '')).toEqual({
      writtenAt: at,
      rows: [row({ firstAt: at, lastAt: at })],
    })
  })

  it('tries again a minute after a store that failed, and loses nothing by it', async () => {
    const { seen, useCases, clock } = openCounted()
    seen.broken = true
    useCases.noteRefusal(wrongKey)
    await useCases.settle(1000)
    expect(await useCases.recentRefusals()).toMatchObject([{ count: 1 }])
    seen.broken = false
    useCases.noteRefusal(wrongKey)
    await useCases.settle(1000)
    expect(seen.writes).toBe(0)
    clock.advance(MINUTE)
    useCases.noteRefusal(wrongKey)
    await useCases.settle(1000)
    expect([seen.writes, await useCases.recentRefusals()]).toMatchObject([1, [{ count: 3 }]])
  })

  it('neither fails nor waits when the store does not answer', async () => {
    const house = openHouse((storage) => ({
      ...storage,
      settings: { ...storage.settings, update: () => new Promise<string>(() => undefined) },
    }))
    house.useCases.noteRefusal(wrongKey)
    const began = Date.now()
    await house.useCases.settle(20)
    expect(Date.now() - began).toBeLessThan(500)
  })

  it('is not held back by a clock that was wrong', async () => {
    const { useCases, memory, clock } = openHouse()
    await memory.settings.set(REFUSALS, JSON.stringify({ writtenAt: clock.now() + DAY, rows: [] }))
    useCases.noteRefusal(wrongKey)
    await useCases.settle(1000)
    expect(parseRefusals(await memory.settings.get(REFUSALS)).rows).toHaveLength(1)
  })
})

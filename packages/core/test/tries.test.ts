import { describe, expect, it } from 'vitest'
import {
  CHALLENGE_SKEW_MS,
  CLOCK_SPREAD_MS,
  isAlive,
  isFresh,
  isTryCounted,
  TRIES_WINDOW_MS,
  TRY_MS,
  turnOf,
} from '../src/index.ts'

const NOW = Date.UTC(2026, 0, 1)
const failed = (...ago: number[]) => ago.map((ms) => ({ at: NOW - ms, underWay: false }))
const underWay = (...ago: number[]) => ago.map((ms) => ({ at: NOW - ms, underWay: true }))

describe('a try', () => {
  it('may begin while failed ones and those under way are fewer than allowed', () => {
    expect(turnOf([], NOW, 1)).toEqual({ kind: 'begun', triesLeft: 0 })
    expect(turnOf([...failed(1), ...underWay(1)], NOW, 3)).toEqual({ kind: 'begun', triesLeft: 0 })
    expect(turnOf([...failed(TRIES_WINDOW_MS), ...failed(1)], NOW, 2)).toEqual({ kind: 'begun', triesLeft: 0 })
  })

  it('waits for one that is under way, and for none that has died', () => {
    expect(turnOf([...failed(5), ...underWay(1)], NOW, 2)).toEqual({ kind: 'busy' })
    const retryAt = NOW - TRY_MS + TRIES_WINDOW_MS
    expect(turnOf([...failed(5), ...underWay(TRY_MS)], NOW, 2)).toEqual({ kind: 'limited', retryAt })
  })

  it('comes back when the oldest failed one is forgotten', () => {
    expect(turnOf(failed(1, 9, 4), NOW, 3)).toEqual({ kind: 'limited', retryAt: NOW - 9 + TRIES_WINDOW_MS })
  })
})

describe('a time that was stored', () => {
  it.each([
    [-TRIES_WINDOW_MS, false],
    [1 - TRIES_WINDOW_MS, true],
    [0, true],
    [CLOCK_SPREAD_MS, true],
    [CLOCK_SPREAD_MS + 1, false],
    [3 * 86_400_000, false],
  ])('of a try, %i ms from now, counts: %s', (from, expected) => expect(isTryCounted(NOW + from, NOW)).toBe(expected))

  it.each([
    [-11, false],
    [-10, true],
    [CHALLENGE_SKEW_MS, true],
    [CHALLENGE_SKEW_MS + 1, false],
    [3 * 86_400_000, false],
  ])('of a session of 10 ms, %i ms from now, lives: %s', (from, expected) =>
    expect(isAlive(NOW + from, NOW, 10)).toBe(expected),
  )

  it.each([
    [-CHALLENGE_SKEW_MS - 1000, false],
    [-CHALLENGE_SKEW_MS, true],
    [CHALLENGE_SKEW_MS, true],
    [CHALLENGE_SKEW_MS + 1000, false],
  ])('of a challenge, %i ms from now, is fresh: %s', (from, expected) =>
    expect(isFresh((NOW + from) / 1000, NOW)).toBe(expected),
  )
})

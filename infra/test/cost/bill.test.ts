import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { billOf, fromEach, largestLine, plus, times } from '../../src/cost/bill.ts'
import { type Item, PRICES, type Price, type Quantities, REGIONS } from '../../src/cost/prices.ts'

const none = fromEach(() => 0)
const used = (some: Partial<Quantities>): Quantities => ({ ...none, ...some })
const FRANKFURT = { region: 'eu-central-1', freeTier: true } as const
const FULL = { region: 'eu-central-1', freeTier: false } as const
const usdOf = (item: Item, bill: ReturnType<typeof billOf>) => bill.lines.find((line) => line.item === item)?.usd

describe('the bill', () => {
  it('is nothing for nothing', () => {
    expect(billOf(none, FULL).totalUsd).toBe(0)
    expect(largestLine(billOf(none, FULL))).toBeUndefined()
  })

  it('counts known quantities at the prices of their page', () => {
    const bill = billOf(used({ readUnits: 2_000_000, writeUnits: 1_000_000, cdnRequests: 50_000, alarms: 6 }), FULL)
    expect(usdOf('readUnits', bill)).toBeCloseTo(0.305, 10)
    expect(usdOf('writeUnits', bill)).toBeCloseTo(0.7625, 10)
    expect(usdOf('cdnRequests', bill)).toBeCloseTo(0.06, 10)
    expect(usdOf('alarms', bill)).toBeCloseTo(0.6, 10)
    expect(bill.totalUsd).toBeCloseTo(1.7275, 10)
    expect(largestLine(bill)?.item).toBe('writeUnits')
  })

  it('has prices of its own in every region', () => {
    const units = used({ readUnits: 1_000_000 })
    expect(billOf(units, { region: 'us-east-1', freeTier: true }).totalUsd).toBeCloseTo(0.125, 10)
    expect(billOf(units, FRANKFURT).totalUsd).toBeCloseTo(0.1525, 10)
  })

  it('takes off what is always free, and never more than was used', () => {
    expect(usdOf('alarms', billOf(used({ alarms: 6 }), FRANKFURT))).toBe(0)
    expect(usdOf('alarms', billOf(used({ alarms: 12 }), FRANKFURT))).toBeCloseTo(0.2, 10)
    expect(usdOf('lambdaRequests', billOf(used({ lambdaRequests: 3_000_000 }), FRANKFURT))).toBeCloseTo(0.4, 10)
    // The units of on-demand tables have no free tier.
    expect(usdOf('readUnits', billOf(used({ readUnits: 1_000_000 }), FRANKFURT))).toBeCloseTo(0.1525, 10)
  })

  it('gives one allowance to the kinds that share it, once', () => {
    const bill = billOf(used({ logGbIn: 4, logGbKept: 3 }), FRANKFURT)
    expect(usdOf('logGbIn', bill)).toBe(0)
    expect(usdOf('logGbKept', bill)).toBeCloseTo(2 * 0.0324, 10)
  })

  it('is never below zero, never dearer with the free tier, and grows with use', () => {
    const quantity = fc.double({ min: 0, max: 1e9, noNaN: true })
    const all = fc.tuple(...Object.keys(PRICES).map(() => quantity))
    fc.assert(
      fc.property(all, fc.constantFrom(...REGIONS), fc.integer({ min: 1, max: 1_000 }), (amounts, region, count) => {
        let next = 0
        const one = fromEach(() => amounts[next++] ?? 0)
        const free = billOf(one, { region, freeTier: true })
        const full = billOf(one, { region, freeTier: false })
        for (const line of free.lines) expect(line.usd).toBeGreaterThanOrEqual(0)
        expect(free.totalUsd).toBeLessThanOrEqual(full.totalUsd)
        const many = billOf(times(count, one), { region, freeTier: false })
        expect(many.totalUsd).toBeCloseTo(count * full.totalUsd, -Math.log10(Math.max(1, many.totalUsd) * 1e-9))
      }),
    )
  })

  it('adds amounts up kind by kind', () => {
    expect(plus(used({ alarms: 6 }), used({ alarms: 1, mails: 2 }))).toEqual(used({ alarms: 7, mails: 2 }))
  })

  it('names a page of AWS for every price', () => {
    for (const price of Object.values<Price>(PRICES)) {
      expect(price.source).toMatch(/^https:\/\/aws\.amazon\.com\/[\w/-]+\/pricing\/([\w-]+\/)?$/)
      for (const region of REGIONS) expect(price.usd[region]).toBeGreaterThan(0)
    }
  })
})

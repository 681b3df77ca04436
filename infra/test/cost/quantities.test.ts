import { describe, expect, it } from 'vitest'
import { billOf, largestLine, plus, times } from '../../src/cost/bill.ts'
import { type Measured, OPERATIONS, rounded, type Spent } from '../../src/cost/measured.ts'
import { billedSeconds, largestUse, monthlyUses, ofDeployment, ofHousehold } from '../../src/cost/quantities.ts'
import { freeUntil, limitsOf, oneForAll } from '../../src/cost/scale.ts'
import { HOUSEHOLD } from '../../src/cost/usage.ts'

const NOTHING: Spent = {
  invocations: 0,
  cpuMs: 0,
  storeSteps: 0,
  readUnits: 0,
  writeUnits: 0,
  filePuts: 0,
  settingsReads: 0,
  catalogueCalls: 0,
  catalogueSteps: 0,
  pushes: 0,
  bytesIn: 0,
  bytesOut: 0,
  logBytes: 0,
  logLines: 0,
}
const spent = (some: Partial<Spent>): Spent => ({ ...NOTHING, ...some })

/** Figures in which every call takes one unit, and a started instance three. */
const measured = (warm: Spent = spent({ invocations: 1, readUnits: 1, cpuMs: 10 })): Measured => ({
  about: { how: 'made up', engine: 'none', processor: 'none', node: '24' },
  listedRequests: 100,
  operations: Object.fromEntries(
    OPERATIONS.map((name) => [
      name,
      { what: name, warm, cold: { ...warm, readUnits: 3 * warm.readUnits, cpuMs: 300, settingsReads: 1 } },
    ]),
  ) as Measured['operations'],
  tableBytes: 1_024 ** 3,
  web: { files: 10, bytes: 1_000, worker: { bytes: 10 }, trending: { files: 3, bytes: 100 }, storedBytes: 1_024 ** 3 },
})

describe('the time that Lambda bills', () => {
  it('grows with the share of a processor, waiting does not', () => {
    expect(billedSeconds(spent({ cpuMs: 100 }), 1_769)).toBeCloseTo(0.1, 10)
    expect(billedSeconds(spent({ cpuMs: 100 }), 512)).toBeCloseTo(0.3455, 3)
    expect(billedSeconds(spent({ storeSteps: 10 }), 128)).toBe(billedSeconds(spent({ storeSteps: 10 }), 1_769))
  })

  it('is no shorter with more than one processor', () => {
    expect(billedSeconds(spent({ cpuMs: 100 }), 10_240)).toBeCloseTo(0.1, 10)
  })
})

describe('what a household uses', () => {
  it('is each operation as often as it is done, with its cold starts', () => {
    const units = HOUSEHOLD.reduce((sum, { times: count, cold }) => sum + count * (1 + 2 * cold), 0)
    const calls = HOUSEHOLD.reduce((sum, { times: count }) => sum + count, 0)
    const { readUnits, lambdaRequests, keyCalls, tableGb } = ofHousehold(measured())
    expect(readUnits).toBeCloseTo(units, 6)
    expect(lambdaRequests).toBeCloseTo(calls, 6)
    expect(keyCalls).toBeCloseTo(
      HOUSEHOLD.reduce((sum, { times: count, cold }) => sum + count * cold, 0),
      6,
    )
    expect(tableGb).toBe(1)
  })

  it('has the polls of both clients at their own intervals', () => {
    const timesOf = (name: string) => HOUSEHOLD.find(({ operation }) => operation === name)?.times
    expect(timesOf('radarrProgramList')).toBe(730 * 4)
    expect(timesOf('sonarrProgramList')).toBe(730 * 12)
  })

  it('passes the daily work by the CDN', () => {
    const { lambdaRequests, cdnRequests } = ofHousehold(measured(spent({ invocations: 1 })))
    const daily = HOUSEHOLD.find(({ operation }) => operation === 'daily')?.times ?? 0
    const files = 8 * 10 + 150 + 150 * 3
    expect(cdnRequests).toBeCloseTo(lambdaRequests - daily + files, 6)
  })

  it('names what takes most', () => {
    const found = largestUse(monthlyUses(measured()), 'readUnits')
    expect(found?.use.operation).toBe('sonarrProgramList')
    expect(found?.share).toBeGreaterThan(0.4)
    expect(largestUse(monthlyUses(measured()), 'alarms')).toBeUndefined()
  })
})

describe('what a deployment costs anyway', () => {
  it('is paid once a deployment: many of them cost more than one for all', () => {
    const options = { region: 'eu-central-1', freeTier: true } as const
    const one = plus(ofHousehold(measured()), ofDeployment(measured()))
    const many = billOf(times(100, one), options)
    expect(largestLine(many)?.item).toBe('alarms')
    expect(billOf(oneForAll(measured(), 100), options).totalUsd).toBeLessThan(many.totalUsd)
  })
})

describe('what gives way first', () => {
  it('is in order, and each has an answer and a source', () => {
    const limits = limitsOf(measured(spent({ invocations: 1, readUnits: 8, catalogueCalls: 1, cpuMs: 10 })))
    const counts = limits.map(({ households }) => households)
    expect(counts).toEqual([...counts].sort((a, b) => a - b))
    for (const { answer, source } of limits) {
      expect(answer.length).toBeGreaterThan(20)
      expect(source).toMatch(/^https:\/\//)
    }
  })

  it('comes later when less is used', () => {
    const householdsOf = (readUnits: number) =>
      limitsOf(measured(spent({ readUnits }))).find(({ what }) => what.includes('of one table'))?.households ?? 0
    expect(householdsOf(1)).toBeGreaterThanOrEqual(2 * householdsOf(2) - 1)
    expect(householdsOf(1)).toBeLessThanOrEqual(2 * householdsOf(2) + 2)
  })

  it('begins where the free alarms end', () => {
    expect(freeUntil(measured()).find(({ item }) => item === 'alarms')?.households).toBe(1)
  })
})

describe('rounding', () => {
  it('keeps so many figures', () => {
    expect([rounded(1_234, 2), rounded(9.96, 2), rounded(0, 2), rounded(0.0449, 2)]).toEqual([1_200, 10, 0, 0.045])
  })
})

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { docsBlock, fullReport, withBlock } from '../../src/cost/document.ts'
import { readMeasured } from '../../src/cost/measured.ts'
import { amountOf, billsOf, usd } from '../../src/cost/report.ts'

const DOCS = join(import.meta.dirname, '../../../docs')
const measured = readMeasured(readFileSync(join(DOCS, 'measured-cost.json'), 'utf8'))

describe('docs/costs.md', () => {
  it('says what npm run cost works out', () => {
    const document = readFileSync(join(DOCS, 'costs.md'), 'utf8')
    expect(document, 'run npm run cost -- --write-docs').toBe(withBlock(document, docsBlock(measured)))
  })

  it('is found out when a figure is another', () => {
    const document = readFileSync(join(DOCS, 'costs.md'), 'utf8')
    const dearer = { ...measured, tableBytes: 1_000 * measured.tableBytes }
    expect(withBlock(document, docsBlock(dearer))).not.toBe(document)
  })

  it('keeps everything around its marks, and needs both', () => {
    const [begin, end] = ['<!-- npm run cost -- --write-docs writes from here -->', '<!-- to here -->']
    expect(withBlock(`a\n${begin}\nold\n${end}\nz\n`, 'new')).toBe(`a\n${begin}\n\nnew\n\n${end}\nz\n`)
    expect(() => withBlock(`a\n${begin}\nz\n`, 'new')).toThrow('docs/costs.md')
    expect(() => withBlock(`a\n${end}\nz\n`, 'new')).toThrow('docs/costs.md')
  })
})

describe('the bill of what was measured', () => {
  it.each(['eu-central-1', 'us-east-1'] as const)('of one household is at most six cents in %s', (region) => {
    const { free } = billsOf(measured, 1, region)
    expect(free.totalUsd).toBeGreaterThan(0)
    expect(free.totalUsd).toBeLessThanOrEqual(0.06)
  })

  it('has one call and one read unit for each look of an open page', () => {
    const { warm, cold } = measured.operations.openPage
    expect(warm).toMatchObject({ invocations: 1, readUnits: 1, writeUnits: 0, catalogueCalls: 0 })
    expect(cold).toMatchObject({ invocations: 1, readUnits: 1, writeUnits: 0, catalogueCalls: 0 })
  })

  it('is printed whole: every line with its source, for each number of households', () => {
    const report = fullReport(measured, 'eu-central-1')
    const { lines } = billsOf(measured, 1, 'eu-central-1').full
    for (const { price } of lines) expect(report.split(`| ${price.name} `).length - 1).toBeGreaterThanOrEqual(4)
    for (const count of ['One household', '10 households', '100 households', '1,000 households']) {
      expect(report).toContain(`## ${count}`)
    }
    expect(report).not.toMatch(/NaN|undefined|Infinity/)
  })
})

describe('figures', () => {
  it.each([
    [0, '$0.000'],
    [0.0001, '< $0.001'],
    [0.0535, '$0.054'],
    [1, '$1.00'],
    [16_496.5, '$16,496.50'],
  ])('%s is %s', (amount, text) => expect(usd(amount)).toBe(text))

  it('of quantities are three', () => {
    expect([amountOf(12_743), amountOf(0.0016764)]).toEqual(['12,700', '0.00168'])
  })
})

import { type Bill, type BillLine, billOf, largestLine, plus, times } from './bill.ts'
import type { Measured } from './measured.ts'
import { OPTIONS, PRICES_READ, type Region } from './prices.ts'
import { ALARMS, largestUse, monthlyUses, ofDeployment, ofHousehold } from './quantities.ts'
import { freeUntil, limitsOf, oneForAll } from './scale.ts'
import { HOUSEHOLD } from './usage.ts'

export const COUNTS = [1, 10, 100, 1_000] as const
const MILLION = 1_000_000

const grouped = (value: number, digits = 0) =>
  value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })

/** An amount in USD: cents and their tenths below a dollar. */
export function usd(amount: number): string {
  if (amount > 0 && amount < 0.0005) return '< $0.001'
  return `$${grouped(amount, amount < 1 ? 3 : 2)}`
}

/** A quantity to three figures. */
export function amountOf(quantity: number): string {
  return quantity.toLocaleString('en', { maximumSignificantDigits: 3 })
}

/** A table in Markdown whose columns are aligned, so that it is read in a terminal, too. */
function table(heads: string[], rows: string[][], rightFrom = 1): string {
  const widths = heads.map((head, n) => Math.max(head.length, ...rows.map((row) => row[n]?.length ?? 0)))
  const line = (cells: string[]) =>
    `| ${cells.map((cell, n) => (n < rightFrom ? cell.padEnd(widths[n] ?? 0) : cell.padStart(widths[n] ?? 0))).join(' | ')} |`
  const rule = widths.map((width, n) => (n < rightFrom ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`))
  return [line(heads), line(rule), ...rows.map(line)].join('\n')
}

/** The bills of so many households, each with a deployment of its own, in one account. */
export function billsOf(measured: Measured, households: number, region: Region): { free: Bill; full: Bill } {
  const used = times(households, plus(ofHousehold(measured), ofDeployment(measured)))
  return { free: billOf(used, { region, freeTier: true }), full: billOf(used, { region, freeTier: false }) }
}

const unitPrice = ({ price, unitUsd }: BillLine) =>
  `$${unitUsd} ${price.per === 1 ? 'each' : `for ${grouped(price.per)}`}`

/** Every line of the bills of so many households. */
export function billTable(measured: Measured, households: number, region: Region): string {
  const { free, full } = billsOf(measured, households, region)
  const rows = full.lines.map((line, n) => [
    line.price.name,
    `${amountOf(line.quantity)} ${line.price.unit}`,
    unitPrice(line),
    usd(free.lines[n]?.usd ?? 0),
    usd(line.usd),
    line.price.source,
  ])
  const total = ['**Together**', '', '', usd(free.totalUsd), usd(full.totalUsd), '']
  return table(['', 'a month', 'price', 'with free tier', 'without', 'source'], [...rows, total])
}

/** Which line is the dearest and why, in a sentence or two; empty when nothing is billed. */
export function whyLargest(measured: Measured, bill: Bill): string {
  const line = largestLine(bill)
  if (!line) return ''
  const share = Math.round((line.usd / bill.totalUsd) * 100)
  const found = largestUse(monthlyUses(measured), line.item)
  const rule = HOUSEHOLD.find(({ operation }) => operation === found?.use.operation)
  const cause =
    found && rule
      ? `${Math.round(found.share * 100)} % of it is one thing, “${measured.operations[found.use.operation].what}”: ${rule.why}`
      : line.item === 'alarms'
        ? `Each deployment has ${ALARMS} alarms, and ten an account are free.`
        : ''
  return `The largest line is ${line.price.name}: ${usd(line.usd)}, ${share} %. ${cause}`.trimEnd()
}

/** Totals by number of households. */
export function totalsTable(measured: Measured, region: Region): string {
  const alone = billsOf(measured, 1, region).free.totalUsd
  const rows = COUNTS.map((households) => {
    const { free, full } = billsOf(measured, households, region)
    const shared = billOf(oneForAll(measured, households), { region, freeTier: true })
    return [grouped(households), ...[alone * households, free.totalUsd, full.totalUsd, shared.totalUsd].map(usd)]
  })
  const heads = ['households', 'each in its own account', 'all in one account', 'the same without free tier']
  return table([...heads, 'one deployment for all (not built)'], rows, 0)
}

/** Where the free allowances of one account end. */
export function freeTable(measured: Measured, region: Region): string {
  const { lines } = billsOf(measured, 1, region).full
  const nameOf = (item: string) => lines.find((line) => line.item === item)?.price.name ?? item
  const rows = freeUntil(measured).map(({ item, households }) => [nameOf(item), grouped(households)])
  return table(['always free', 'for so many households in one account'], rows)
}

/** What gives way first, with the answer to each. */
export function limitsTable(measured: Measured): string {
  const rows = limitsOf(measured).map(({ households, what, answer, source }) => [
    grouped(households),
    `[${what}](${source})`,
    answer,
  ])
  return table(['from households', 'what gives way', 'answer'], rows, 3)
}

/** The bill of a million households of one deployment, its largest lines. */
export function millionTable(measured: Measured, region: Region): string {
  const { lines, totalUsd } = billOf(oneForAll(measured, MILLION), { region, freeTier: true })
  const rows = [...lines]
    .sort((a, b) => b.usd - a.usd)
    .filter((line) => line.usd >= totalUsd / 100)
    .map((line) => [line.price.name, usd(line.usd), usd(line.usd / MILLION)])
  const total = ['**Together**', usd(totalUsd), usd(totalUsd / MILLION)]
  return table(['', 'a month', 'a household'], [...rows, total])
}

/** What a household may add. */
export function optionsTable(): string {
  return table(
    ['if you want', 'a month'],
    OPTIONS.map(({ name, usd: amount }) => [name, usd(amount)]),
  )
}

/** How often a household does what. */
export function usageTable(measured: Measured): string {
  const rows = HOUSEHOLD.map(({ operation, times: count, why }) => [
    grouped(count),
    measured.operations[operation].what,
    why,
  ])
  return table(['a month', 'what', 'why so often'], rows, 3)
}

/** Where the figures are from. */
export function origin(measured: Measured, region: Region): string {
  const { engine, processor, node } = measured.about
  return `USD a month without taxes, ${region}, prices as published, looked up on ${PRICES_READ} in copies of AWS’s pages: the sources have the last word. Measured with Node ${node} on one processor (${processor}) over ${engine}.`
}

import type { Measured } from './measured.ts'
import { REGIONS, type Region } from './prices.ts'
import {
  billsOf,
  billTable,
  COUNTS,
  freeTable,
  limitsTable,
  millionTable,
  optionsTable,
  origin,
  totalsTable,
  usageTable,
  usd,
  whyLargest,
} from './report.ts'
import { freeUntil, limitsOf } from './scale.ts'

const BEGIN = '<!-- npm run cost -- --write-docs writes from here -->'
const END = '<!-- to here -->'

const heading = (text: string) => `## ${text}`

/** Everything, for one region: what `npm run cost` prints. */
export function fullReport(measured: Measured, region: Region): string {
  const bills = COUNTS.flatMap((households) => [
    heading(
      households === 1
        ? 'One household'
        : `${households.toLocaleString('en')} households, each with a deployment of its own, in one account`,
    ),
    billTable(measured, households, region),
    whyLargest(measured, billsOf(measured, households, region).free),
    `Without the free tier: ${whyLargest(measured, billsOf(measured, households, region).full)}`,
  ])
  return [
    origin(measured, region),
    heading('What a household does in a month'),
    usageTable(measured),
    ...bills,
    heading('Beside it'),
    optionsTable(),
    heading('All of them'),
    totalsTable(measured, region),
    ...onTheWay(measured, region),
  ].join('\n\n')
}

function onTheWay(measured: Measured, region: Region): string[] {
  return [
    heading('On the way to 1,000,000 households'),
    freeTable(measured, region),
    limitsTable(measured),
    'A million households of one deployment, which is not built:',
    millionTable(measured, region),
  ]
}

/** The part of docs/costs.md that is written by the script. */
export function docsBlock(measured: Measured): string {
  const region = REGIONS[0]
  const { free, full } = billsOf(measured, 1, region)
  const elsewhere = REGIONS.slice(1).map((other) => `in ${other} ${usd(billsOf(measured, 1, other).free.totalUsd)}`)
  return [
    `**One household: ${usd(free.totalUsd)} a month** with the always-free tier, ${usd(full.totalUsd)} without it (${elsewhere.join(', ')}). ${origin(measured, region)}`,
    whyLargest(measured, free),
    `Without the free tier: ${whyLargest(measured, full)}`,
    billTable(measured, 1, region),
    heading('Beside it'),
    optionsTable(),
    heading('More households'),
    totalsTable(measured, region),
    ...onTheWay(measured, region),
    heading('What a household is taken to do'),
    usageTable(measured),
  ].join('\n\n')
}

/**
 * A document with the block between its two marks replaced.
 * @throws when a mark is missing
 */
export function withBlock(document: string, block: string): string {
  const [before, ...rest] = document.split(BEGIN)
  const after = rest.join(BEGIN).split(END).slice(1).join(END)
  if (before === undefined || rest.length !== 1 || !document.includes(END)) {
    throw new Error(`docs/costs.md: expected one line "${BEGIN}" and one "${END}"`)
  }
  return `${before}${BEGIN}\n\n${block}\n\n${END}${after}`
}

/** All of it for programs: the bills, and what gives way first. */
export function asJson(measured: Measured, region: Region): object {
  return {
    region,
    about: measured.about,
    bills: COUNTS.map((households) => ({ households, ...billsOf(measured, households, region) })),
    freeUntil: freeUntil(measured),
    limits: limitsOf(measured),
  }
}

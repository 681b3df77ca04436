import { type Item, PRICES, type Price, type Quantities, type Region } from './prices.ts'

export interface BillLine {
  item: Item
  price: Price
  /** Units used in the month. */
  quantity: number
  /** Those of them that are always free; 0 without the free tier. */
  free: number
  /** USD of one `price.per` units. */
  unitUsd: number
  usd: number
}

export interface Bill {
  lines: BillLine[]
  totalUsd: number
}

/**
 * One month's bill of one account, in USD.
 * @param quantities what everything in the account used; kinds that share an allowance take of it in the list's order
 */
export function billOf(quantities: Quantities, { region, freeTier }: { region: Region; freeTier: boolean }): Bill {
  const left = new Map<string, number>()
  const lines = (Object.entries(PRICES) as [Item, Price][]).map(([item, price]): BillLine => {
    const quantity = quantities[item]
    const allowance = price.free?.shared ?? item
    const available = freeTier && price.free ? (left.get(allowance) ?? price.free.units) : 0
    const free = Math.min(quantity, available)
    left.set(allowance, available - free)
    const unitUsd = price.usd[region]
    return { item, price, quantity, free, unitUsd, usd: ((quantity - free) / price.per) * unitUsd }
  })
  return { lines, totalUsd: lines.reduce((sum, { usd }) => sum + usd, 0) }
}

/** The dearest line of a bill; undefined when nothing is billed. */
export function largestLine({ lines }: Bill): BillLine | undefined {
  const [first] = lines.filter(({ usd }) => usd > 0).sort((a, b) => b.usd - a.usd)
  return first
}

/** What several amounts are together. */
export function plus(...all: readonly Quantities[]): Quantities {
  return fromEach((item) => all.reduce((sum, one) => sum + one[item], 0))
}

/** So many times an amount. */
export const times = (count: number, one: Quantities): Quantities => fromEach((item) => count * one[item])

/** An amount of every kind. */
export function fromEach(quantity: (item: Item) => number): Quantities {
  return Object.fromEntries((Object.keys(PRICES) as Item[]).map((item) => [item, quantity(item)])) as Quantities
}

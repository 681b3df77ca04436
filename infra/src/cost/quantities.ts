import { DEFAULTS } from '../deployment.ts'
import { fromEach, plus } from './bill.ts'
import type { Measured, OperationName, Spent } from './measured.ts'
import type { Item, Quantities } from './prices.ts'
import { HOUSEHOLD, MONTH_HOURS, WEB } from './usage.ts'

/** Memory with which Lambda gives a function one whole processor (developer guide, "Configure Lambda function memory"). */
const WHOLE_CPU_MB = 1_769
/** As in the template; tests hold these, and what a deployment has below, beside it. */
export const DAILY_MEMORY_MB = 256
/**
 * Time spent waiting, ms: it does not grow where there is less processor. DynamoDB answers in a few milliseconds from
 * Lambda, and 8 leave room for the handshakes of a new instance; the others are reached over a new connection.
 */
const WAIT_MS = { store: 8, settings: 60, catalogue: 100, push: 150 }

/** Bytes of a call out of AWS besides its body: handshake and headers. */
const CALL_OUT_BYTES = 3_000
const PUSH_BYTES = 5_000
/** Bytes that Lambda itself logs: START, END and REPORT of each call, and INIT_START of an instance. */
const PLATFORM_LOG_BYTES = 450
const INIT_LOG_BYTES = 150
/** Headers that CloudFront passes on to an origin. */
const HEADER_BYTES = 1_000
export const LOG_DAYS = 14
/** Versions of the web app that lie in the bucket at once: replaced ones are kept for thirty days. */
const SITE_VERSIONS = 3
const GB = 1e9
const GIB = 1_024 ** 3

/** What there is of each deployment, whatever it is used for. */
export const ALARMS = 6
export const LOG_FILTER_COUNT = 2
/** Hours a month in which a filter finds something: a metric is billed for those alone. */
const HOURS_WITH_ERRORS = 1
const MAILS = 2

const some = (given: Partial<Quantities>): Quantities => fromEach((item) => given[item] ?? 0)

const memoryOf = (operation: OperationName) => (operation === 'daily' ? DAILY_MEMORY_MB : DEFAULTS.apiMemoryMb)

/** How long Lambda bills for an operation, s, on a processor like the one it was measured on. */
export function billedSeconds(spent: Spent, memoryMb: number): number {
  const share = Math.min(1, memoryMb / WHOLE_CPU_MB)
  const waits =
    spent.storeSteps * WAIT_MS.store +
    spent.settingsReads * WAIT_MS.settings +
    spent.catalogueSteps * WAIT_MS.catalogue +
    spent.pushes * WAIT_MS.push
  return (spent.cpuMs / share + waits) / 1_000
}

export interface MonthlyUse {
  operation: OperationName
  times: number
  /** Of one time, instances started and running ones mixed. */
  spent: Spent
  /** Billed for one time. */
  seconds: number
  /** Instances started for one time. */
  coldShare: number
}

const mixed = (warm: Spent, cold: Spent, share: number): Spent =>
  Object.fromEntries(
    (Object.keys(warm) as (keyof Spent)[]).map((name) => [name, warm[name] * (1 - share) + cold[name] * share]),
  ) as Spent

/** @param cold the share of cold starts of everything; that of the usage model when absent */
export function monthlyUses(measured: Measured, cold?: number): MonthlyUse[] {
  return HOUSEHOLD.map(({ operation, times, cold: usual }) => {
    const { warm, cold: started } = measured.operations[operation]
    const share = cold ?? usual
    const memory = memoryOf(operation)
    return {
      operation,
      times,
      spent: mixed(warm, started, share),
      seconds: billedSeconds(warm, memory) * (1 - share) + billedSeconds(started, memory) * share,
      coldShare: share,
    }
  })
}

/** What one time of an operation takes of the kinds that operations take of. */
const OF_USE = {
  lambdaRequests: ({ spent }) => spent.invocations,
  lambdaSeconds: ({ operation, seconds }) => (seconds * memoryOf(operation)) / 1_024,
  readUnits: ({ spent }) => spent.readUnits,
  writeUnits: ({ spent }) => spent.writeUnits,
  filePuts: ({ spent }) => spent.filePuts,
  cdnRequests: ({ operation, spent }) => (operation === 'daily' ? 0 : spent.invocations),
  cdnGbOut: ({ spent }) => spent.bytesOut / GB,
  cdnGbToOrigin: ({ spent }) => (spent.bytesIn + spent.invocations * HEADER_BYTES) / GB,
  internetGbOut: ({ spent }) => (spent.catalogueCalls * CALL_OUT_BYTES + spent.pushes * PUSH_BYTES) / GB,
  logGbIn: ({ spent, coldShare }) =>
    (spent.invocations * PLATFORM_LOG_BYTES + coldShare * INIT_LOG_BYTES + spent.logBytes) / GB,
  keyCalls: ({ spent }) => spent.settingsReads,
} satisfies Partial<Record<Item, (use: MonthlyUse) => number>>

const isOfUse = (item: Item): item is keyof typeof OF_USE => item in OF_USE

/** What takes most of a kind, and its share of what all operations take; undefined for what no operation takes. */
export function largestUse(uses: readonly MonthlyUse[], item: Item): { use: MonthlyUse; share: number } | undefined {
  if (!isOfUse(item)) return undefined
  const taken = (use: MonthlyUse) => use.times * OF_USE[item](use)
  const [use] = [...uses].sort((a, b) => taken(b) - taken(a))
  const all = uses.reduce((sum, one) => sum + taken(one), 0)
  return use && all > 0 ? { use, share: taken(use) / all } : undefined
}

/** What one household uses in a month, beside what its deployment costs anyway. */
export function ofHousehold(measured: Measured, uses = monthlyUses(measured)): Quantities {
  const { web, tableBytes } = measured
  const ofUses = fromEach((item) =>
    isOfUse(item) ? uses.reduce((sum, use) => sum + use.times * OF_USE[item](use), 0) : 0,
  )
  const pages = WEB.loads * web.files + WEB.visits
  const trending = WEB.visits * web.trending.files
  const webBytes = WEB.loads * web.bytes + WEB.visits * (web.worker.bytes + web.trending.bytes)
  return plus(
    ofUses,
    some({
      tableGb: tableBytes / GIB,
      backupGb: tableBytes / GIB,
      // As if CloudFront had none of them.
      fileGets: pages + trending,
      cdnRequests: pages + trending,
      cdnFunctions: pages,
      cdnGbOut: webBytes / GB,
      logGbKept: ofUses.logGbIn * ((LOG_DAYS * 24) / MONTH_HOURS),
    }),
  )
}

/** What a deployment costs in a month whatever it is used for. */
export function ofDeployment(measured: Measured): Quantities {
  return some({
    alarms: ALARMS,
    logMetrics: (LOG_FILTER_COUNT * HOURS_WITH_ERRORS) / MONTH_HOURS,
    mails: MAILS,
    fileGb: (measured.web.storedBytes * SITE_VERSIONS) / GIB,
  })
}

import { plus, times } from './bill.ts'
import type { Measured, OperationName } from './measured.ts'
import { type Item, PRICES, type Price, type Quantities } from './prices.ts'
import { ALARMS, monthlyUses, ofDeployment, ofHousehold } from './quantities.ts'
import { HOUSEHOLD, MONTH_SECONDS } from './usage.ts'

export interface Limit {
  /** What gives way. */
  what: string
  /** Households at which it does; infinite when never. */
  households: number
  /** What is to be done then. */
  answer: string
  source: string
}

const MILLION = 1_000_000
const grouped = (value: number) => Math.round(value).toLocaleString('en')

const QUOTAS = 'https://docs.aws.amazon.com/general/latest/gr/'
const CDN_QUOTAS = 'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html'
const DYNAMO_GUIDE = 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/'

/** Quotas of AWS as a new account has them; most are raised when asked for. */
const QUOTA = {
  cachePolicies: 20,
  accessControls: 100,
  distributions: 500,
  roles: 1_000,
  alarms: 5_000,
  tables: 2_500,
  parameterReadsASecond: 40,
  concurrentCalls: 1_000,
  tableReadUnitsASecond: 40_000,
  partitionReadUnitsASecond: 3_000,
}
/** What a deployment has of them; a test holds it beside the template. */
export const HAS = { cachePolicies: 2, accessControls: 1, distributions: 1, roles: 2, tables: 1 } as const
/** TMDB: "somewhere in the 40 requests per second range", counted by address. */
const TMDB_CALLS_A_SECOND = 40
const POLLS = new Set<OperationName>(['radarrProgramList', 'sonarrProgramList'])
/** apps/lambda reads its parameter again after so long. */
const SETTINGS_FRESH_SECONDS = 300

/** Where the allowances that are always free end, as households in one account; the first first. */
export function freeUntil(measured: Measured): { item: Item; households: number }[] {
  const one = plus(ofHousehold(measured), ofDeployment(measured))
  const shared = { ...one, logGbIn: one.logGbIn + one.logGbKept }
  return (Object.entries(PRICES) as [Item, Price][])
    .filter(([item, { free }]) => free && item !== 'logGbKept' && shared[item] > 0)
    .map(([item, { free }]) => ({ item, households: Math.floor((free?.units ?? 0) / shared[item]) }))
    .sort((a, b) => a.households - b.households)
}

/**
 * One deployment for so many households, which is not built: their calls keep instances running, so that hardly anybody
 * starts one, and each instance at work reads the settings every five minutes.
 */
export function oneForAll(measured: Measured, households: number): Quantities {
  const uses = monthlyUses(measured, 0).map((use) => {
    if (!POLLS.has(use.operation)) return use
    // The read is noted at each poll all the same.
    const { readUnits, writeUnits } = measured.operations[use.operation].cold
    return { ...use, spent: { ...use.spent, readUnits, writeUnits } }
  })
  const all = plus(ofDeployment(measured), times(households, ofHousehold(measured, uses)))
  const atWork = Math.ceil(callsAtOnce(measured, 0) * households)
  return { ...all, keyCalls: (atWork * MONTH_SECONDS) / SETTINGS_FRESH_SECONDS }
}

/** Calls of one household under way at once, on average. */
function callsAtOnce(measured: Measured, cold?: number): number {
  return (
    monthlyUses(measured, cold).reduce((sum, { times: count, seconds }) => sum + count * seconds, 0) / MONTH_SECONDS
  )
}

/** Which part of all reads the rows of feeds are, beside revision and settings (two units). */
function feedShare(measured: Measured): number {
  const rows = monthlyUses(measured, 0)
    .filter(({ operation }) => POLLS.has(operation))
    .reduce((sum, use) => sum + use.times * (use.spent.readUnits - 2), 0)
  return rows / ofHousehold(measured).readUnits
}

/** What gives way on the way to a million households, the first first. */
export function limitsOf(measured: Measured): Limit[] {
  const household = ofHousehold(measured)
  const aSecond = (units: number) => units / MONTH_SECONDS
  const daily = monthlyUses(measured).find(({ operation }) => operation === 'daily')
  const dailyCallsASecond = daily ? daily.spent.catalogueCalls / daily.seconds : 0
  const catalogueCalls = monthlyUses(measured).reduce((sum, use) => sum + use.times * use.spent.catalogueCalls, 0)
  const sonarr = HOUSEHOLD.find(({ operation }) => operation === 'sonarrProgramList')
  const partitionUnits = aSecond((sonarr?.times ?? 0) * measured.operations.sonarrProgramList.warm.readUnits)
  const at = (households: number) => Math.floor(households)
  const freeLogs = PRICES.logGbIn.free.units
  return [
    {
      what: `TMDB, ${TMDB_CALLS_A_SECOND} calls a second from one address, should so many share it: the daily work of all starts in one minute`,
      households: at(TMDB_CALLS_A_SECOND / dailyCallsASecond),
      answer:
        'Who is refused keeps yesterday’s files and tries again the next day. Then: another minute for each deployment, and one shared catalogue that asks for a title once for all.',
      source: 'https://developer.themoviedb.org/docs/rate-limiting',
    },
    {
      what: `TMDB, with the daily work spread over the day (${grouped(catalogueCalls)} calls a household and month)`,
      households: at(TMDB_CALLS_A_SECOND / aSecond(catalogueCalls)),
      answer:
        'The shared catalogue: trending files, details and searches are the same for everybody, so calls grow with titles and not with households.',
      source: 'https://developer.themoviedb.org/docs/rate-limiting',
    },
    {
      what: `CloudFront, ${QUOTA.cachePolicies} cache policies an account, of which a deployment has ${HAS.cachePolicies}`,
      households: at(QUOTA.cachePolicies / HAS.cachePolicies),
      answer:
        'An account of its own for each household, or policies that the deployments of an account share (they are all the same), or AWS’s own.',
      source: CDN_QUOTAS,
    },
    {
      what: `CloudFront, ${QUOTA.accessControls} origin access controls an account, of which a deployment has ${HAS.accessControls}`,
      households: at(QUOTA.accessControls / HAS.accessControls),
      answer: 'The quota is raised on request, or they are shared in the same way.',
      source: CDN_QUOTAS,
    },
    {
      what: `CloudFront, ${QUOTA.distributions} distributions an account, and ${grouped(QUOTA.roles)} roles, ${HAS.roles} a deployment`,
      households: Math.min(at(QUOTA.distributions / HAS.distributions), at(QUOTA.roles / HAS.roles)),
      answer:
        'One deployment for many: the household’s id at the front of every partition key and in the session, its tokens as rows.',
      source: CDN_QUOTAS,
    },
    {
      what: `CloudWatch, ${grouped(QUOTA.alarms)} alarms a region, of which a deployment has ${ALARMS}`,
      households: at(QUOTA.alarms / ALARMS),
      answer: 'The same: one deployment has its alarms once.',
      source: `${QUOTAS}cw_region.html`,
    },
    {
      what: `DynamoDB, ${grouped(QUOTA.tables)} tables a region`,
      households: at(QUOTA.tables / HAS.tables),
      answer: 'The same: one table for all.',
      source: `${DYNAMO_GUIDE}ServiceQuotas.html`,
    },
    {
      what: `Logs, ${freeLogs} GB a month are free (${grouped(household.logGbIn * MILLION)} GB a month at a million households)`,
      households: at(freeLogs / (household.logGbIn + household.logGbKept)),
      answer:
        'The app writes nothing for a call that went well; these are the lines of Lambda itself about each. With its system log at level warn they are gone, and warnings of one kind can be counted and sampled.',
      source: 'https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-advanced.html',
    },
    {
      what: `SSM, ${QUOTA.parameterReadsASecond} reads of parameters a second: each cold start reads the settings`,
      households: at(QUOTA.parameterReadsASecond / aSecond(household.keyCalls)),
      answer:
        'One deployment’s instances keep running and read once in five minutes; before that, higher throughput ($0.05 for 10,000 reads).',
      source: `${QUOTAS}ssm.html`,
    },
    {
      what: `Lambda, ${grouped(QUOTA.concurrentCalls)} calls at once an account (a new one may have 10: a hundredth of that)`,
      households: at(QUOTA.concurrentCalls / callsAtOnce(measured)),
      answer:
        'The quota is raised on request. An instance that runs answers a feed some twenty times as fast as one that is started; bytes of a feed kept behind its revision take most of what is left.',
      source: `${QUOTAS}lambda-service.html`,
    },
    {
      what: `DynamoDB, ${grouped(QUOTA.tableReadUnitsASecond)} read units a second of one table`,
      households: at(QUOTA.tableReadUnitsASecond / aSecond(household.readUnits)),
      answer: `The quota is raised on request. ${Math.round(feedShare(measured) * 100)} % are the rows of feeds, read anew at each poll: kept behind the revision, in a row of their own or as a file at the CDN, they take a unit or two.`,
      source: `${DYNAMO_GUIDE}ServiceQuotas.html`,
    },
    {
      what: `DynamoDB, ${grouped(QUOTA.partitionReadUnitsASecond)} read units a second of one partition, were all series of all households in \`tv\``,
      households: at(QUOTA.partitionReadUnitsASecond / partitionUnits),
      answer:
        'Nothing is shared today: each household has a table of its own, and its Sonarr takes ' +
        `${partitionUnits.toPrecision(2)} units a second of that partition. With the household’s id in the key it stays so.`,
      source: `${DYNAMO_GUIDE}bp-partition-key-design.html`,
    },
  ].sort((a, b) => a.households - b.households)
}

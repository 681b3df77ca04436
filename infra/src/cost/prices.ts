/** Regions whose prices are known here. */
export const REGIONS = ['eu-central-1', 'us-east-1'] as const
export type Region = (typeof REGIONS)[number]

/** What AWS counts in a month. */
export interface Price {
  /** What it is, for people. */
  name: string
  /** What one of it is. */
  unit: string
  /** USD for so many units, so that the figures are those of the page. */
  per: number
  usd: Record<Region, number>
  /** Units a month that are always free, for accounts of any age; several kinds may share one allowance. */
  free?: { units: number; shared?: string }
  source: string
}

/** When the prices were read: on-demand prices in USD without taxes. */
export const PRICES_READ = '2026-11-25'

const everywhere = (usd: number): Record<Region, number> => ({ 'eu-central-1': usd, 'us-east-1': usd })
const frankfurtAndVirginia = (frankfurt: number, virginia: number): Record<Region, number> => ({
  'eu-central-1': frankfurt,
  'us-east-1': virginia,
})

const MILLION = 1_000_000
const LAMBDA = 'https://aws.amazon.com/lambda/pricing/'
const DYNAMO = 'https://aws.amazon.com/dynamodb/pricing/on-demand/'
const S3 = 'https://aws.amazon.com/s3/pricing/'
const CDN = 'https://aws.amazon.com/cloudfront/pricing/'
const WATCH = 'https://aws.amazon.com/cloudwatch/pricing/'
const KMS = 'https://aws.amazon.com/kms/pricing/'
const SNS = 'https://aws.amazon.com/sns/pricing/'
const TRANSFER = 'https://aws.amazon.com/ec2/pricing/on-demand/'
const DNS = 'https://aws.amazon.com/route53/pricing/'
const WAF = 'https://aws.amazon.com/waf/pricing/'

/**
 * Everything the deployment is billed for. Free of charge and left out: the Function URL, the schedule (EventBridge rules
 * of the default bus), standard SSM parameters, budgets without actions, certificates, the way from Lambda and S3 to
 * CloudFront, and from Lambda to DynamoDB and S3 of its region. Offers of the first twelve months do not count, nor the
 * free DynamoDB units, which are of provisioned tables alone.
 */
export const PRICES = {
  lambdaSeconds: {
    name: 'Lambda time (arm64)',
    unit: 'GB-s',
    per: 1,
    usd: everywhere(0.0000133334),
    free: { units: 400_000 },
    source: LAMBDA,
  },
  lambdaRequests: {
    name: 'Lambda requests',
    unit: 'requests',
    per: MILLION,
    usd: everywhere(0.2),
    free: { units: MILLION },
    source: LAMBDA,
  },
  readUnits: {
    name: 'DynamoDB reads',
    unit: 'units',
    per: MILLION,
    usd: frankfurtAndVirginia(0.1525, 0.125),
    source: DYNAMO,
  },
  writeUnits: {
    name: 'DynamoDB writes',
    unit: 'units',
    per: MILLION,
    usd: frankfurtAndVirginia(0.7625, 0.625),
    source: DYNAMO,
  },
  tableGb: {
    name: 'DynamoDB storage',
    unit: 'GB-months',
    per: 1,
    usd: frankfurtAndVirginia(0.306, 0.25),
    free: { units: 25 },
    source: DYNAMO,
  },
  backupGb: {
    name: 'DynamoDB point-in-time recovery',
    unit: 'GB-months',
    per: 1,
    usd: frankfurtAndVirginia(0.2448, 0.2),
    source: DYNAMO,
  },
  filePuts: {
    name: 'S3 writes',
    unit: 'requests',
    per: 1_000,
    usd: frankfurtAndVirginia(0.0054, 0.005),
    source: S3,
  },
  fileGets: {
    name: 'S3 reads',
    unit: 'requests',
    per: 1_000,
    usd: frankfurtAndVirginia(0.00043, 0.0004),
    source: S3,
  },
  fileGb: { name: 'S3 storage', unit: 'GB-months', per: 1, usd: frankfurtAndVirginia(0.0245, 0.023), source: S3 },
  cdnRequests: {
    name: 'CloudFront requests (https)',
    unit: 'requests',
    per: 10_000,
    usd: frankfurtAndVirginia(0.012, 0.01),
    free: { units: 10 * MILLION },
    source: CDN,
  },
  cdnGbOut: {
    name: 'CloudFront data to viewers',
    unit: 'GB',
    per: 1,
    usd: everywhere(0.085),
    free: { units: 1_024 },
    source: CDN,
  },
  cdnGbToOrigin: { name: 'CloudFront data to origins', unit: 'GB', per: 1, usd: everywhere(0.02), source: CDN },
  cdnFunctions: {
    name: 'CloudFront function (pages)',
    unit: 'calls',
    per: MILLION,
    usd: everywhere(0.1),
    free: { units: 2 * MILLION },
    source: CDN,
  },
  internetGbOut: {
    name: 'Data to TMDB and push services',
    unit: 'GB',
    per: 1,
    usd: everywhere(0.09),
    free: { units: 100 },
    source: TRANSFER,
  },
  logGbIn: {
    name: 'Logs taken in',
    unit: 'GB',
    per: 1,
    usd: frankfurtAndVirginia(0.63, 0.5),
    free: { units: 5, shared: 'logs' },
    source: WATCH,
  },
  logGbKept: {
    name: 'Logs kept',
    unit: 'GB-months',
    per: 1,
    usd: frankfurtAndVirginia(0.0324, 0.03),
    free: { units: 5, shared: 'logs' },
    source: WATCH,
  },
  alarms: {
    name: 'CloudWatch alarms',
    unit: 'alarms',
    per: 1,
    usd: everywhere(0.1),
    free: { units: 10 },
    source: WATCH,
  },
  logMetrics: {
    name: 'Metrics made of logs',
    unit: 'metric-months',
    per: 1,
    usd: everywhere(0.3),
    free: { units: 10 },
    source: WATCH,
  },
  keyCalls: {
    name: 'KMS (settings decrypted)',
    unit: 'requests',
    per: 10_000,
    usd: everywhere(0.03),
    free: { units: 20_000 },
    source: KMS,
  },
  mails: {
    name: 'Mails of alarms (SNS)',
    unit: 'mails',
    per: 100_000,
    usd: everywhere(2),
    free: { units: 1_000 },
    source: SNS,
  },
} as const satisfies Record<string, Price>

export type Item = keyof typeof PRICES
export type Quantities = Record<Item, number>

/** What a household may add, a month: of its deployment, whatever it is used for, but for the firewall's requests. */
export const OPTIONS: readonly { name: string; usd: number; source: string }[] = [
  { name: 'A domain of your own: its hosted zone at Route 53 (the registrar’s fee beside it)', usd: 0.5, source: DNS },
  {
    name: 'A firewall (AWS WAF): $5 for the list, $1 for each of two rules, $0.60 a million requests',
    usd: 7,
    source: WAF,
  },
]

import * as v from 'valibot'

const count = v.pipe(v.number(), v.minValue(0))

/** What was used, of everything that is billed or takes time. */
const spent = v.strictObject({
  invocations: count,
  /** Of the machine it was measured on. */
  cpuMs: count,
  /** Steps that waited for DynamoDB and S3; calls under way together are one. */
  storeSteps: count,
  readUnits: count,
  writeUnits: count,
  /** Files written to S3. */
  filePuts: count,
  /** Reads of the SSM parameter, each with a decryption by KMS. */
  settingsReads: count,
  catalogueCalls: count,
  catalogueSteps: count,
  /** Push messages sent. */
  pushes: count,
  /** Bodies of requests, and answers as sent (gzipped where the app does that) with their headers. */
  bytesIn: count,
  bytesOut: count,
  logBytes: count,
  logLines: count,
})
export type Spent = v.InferOutput<typeof spent>

const operation = v.strictObject({
  what: v.string(),
  /** By an instance that runs already. */
  warm: spent,
  /** By one that is started for it. */
  cold: spent,
})

/** What can be asked of the deployment, as the bench measures it. */
export const OPERATIONS = [
  'radarrProgramList',
  'sonarrProgramList',
  'stevenLuList',
  'radarrCustomList',
  'sonarrCustomList',
  'signIn',
  'openApp',
  'openPage',
  'libraryStatus1000',
  'libraryStatus5000',
  'requestsPage',
  'search',
  'title',
  'addRequest',
  'webhookPickedUp',
  'webhookDownloading',
  'webhookArrived',
  'webhookEpisode',
  'syncUnchanged',
  'syncChanged',
  'daily',
] as const
export type OperationName = (typeof OPERATIONS)[number]

const measured = v.strictObject({
  about: v.strictObject({
    how: v.string(),
    /** The DynamoDB engine whose capacity units these are. */
    engine: v.string(),
    processor: v.string(),
    node: v.string(),
  }),
  /** Requests listed, movies and series together. */
  listedRequests: count,
  operations: v.strictObject(
    Object.fromEntries(OPERATIONS.map((name) => [name, operation])) as Record<OperationName, typeof operation>,
  ),
  /** All rows of a household with a library of 5,000 titles. */
  tableBytes: count,
  /** The web app as CloudFront sends it, gzipped: what a first visit loads, and what every visit does. */
  web: v.strictObject({
    files: count,
    bytes: count,
    worker: v.strictObject({ bytes: count }),
    /** Trending files read at a visit, together. */
    trending: v.strictObject({ files: count, bytes: count }),
    /** As they lie in the bucket. */
    storedBytes: count,
  }),
})
export type Measured = v.InferOutput<typeof measured>

/** Reads docs/measured-cost.json. @throws for another shape */
export const readMeasured = (json: string): Measured => v.parse(measured, JSON.parse(json))

/** Whole bytes and milliseconds say more than is known: so many figures stay, and a second run changes little. */
export function rounded(value: number, figures: number): number {
  return Number(value.toPrecision(figures))
}

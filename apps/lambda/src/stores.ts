import { type Clock, Fault, type Logger, type Storage, type TrendingSnapshots } from '@stellarr/core'
import { openDynamoStorage, s3Snapshots } from '@stellarr/storage-dynamo'
import type { Context } from 'aws-lambda'
import type { StoreSettings } from './settings.ts'

/** How long a call may take that was made outside Lambda, without a context. */
const LOCAL_MS = 30_000

/** When, in epoch ms, an invocation is cut off; stores keep what an answer needs from it. */
export function endOf(context: Context, clock: Clock): number {
  return clock.now() + (context.getRemainingTimeInMillis?.() ?? LOCAL_MS)
}

/** The table of the settings; touches no network. */
export function openStorage(
  settings: StoreSettings,
  deps: { clock: Clock; logger: Logger; deadline: () => number | undefined },
): Storage {
  const { table, dynamoEndpoint: endpoint } = settings
  return openDynamoStorage({ table, ...deps, ...(endpoint === undefined ? {} : { endpoint }) })
}

/** The trending files in the bucket of the settings; without one there are none. */
export function openSnapshots(
  settings: StoreSettings & { bucket: string | undefined },
  deps: { clock: Clock; logger: Logger; deadline: () => number | undefined },
): TrendingSnapshots {
  const { bucket, s3Endpoint: endpoint } = settings
  if (bucket !== undefined) return s3Snapshots({ bucket, ...deps, ...(endpoint === undefined ? {} : { endpoint }) })
  return {
    load: async () => undefined,
    async save() {
      throw new Fault('storage_unavailable', 'TRENDING_S3_BUCKET is not set.')
    },
  }
}

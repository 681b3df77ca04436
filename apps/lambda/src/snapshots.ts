import { Fault, type TrendingSnapshots } from '@stellarr/core'
import { s3Snapshots } from '@stellarr/storage-dynamo'
import type { StoreSettings } from './settings.ts'
import type { StoreSurroundings } from './store.ts'

/** The trending files in the bucket of the settings; without one there are none. */
export function openSnapshots(
  { bucket, s3Endpoint: endpoint }: Pick<StoreSettings, 's3Endpoint'> & { bucket: string | undefined },
  surroundings: StoreSurroundings,
): TrendingSnapshots {
  if (bucket !== undefined) return s3Snapshots({ bucket, endpoint, ...surroundings })
  return {
    load: async () => undefined,
    async save() {
      throw new Fault('storage_unavailable', 'TRENDING_S3_BUCKET is not set.')
    },
  }
}

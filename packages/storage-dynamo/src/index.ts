import type { Clock, Storage } from '@stellarr/core'
import { dynamoAddress, openClient, type ServiceOptions } from './client/open-client.ts'
import { dynamoLibrary } from './library/repository.ts'
import { dynamoActivity } from './repositories/activity.ts'
import { dynamoIdentity } from './repositories/identity.ts'
import { dynamoMediaRequests } from './repositories/media-requests.ts'
import { dynamoOutbox } from './repositories/outbox.ts'
import { dynamoPlexGuids } from './repositories/plex-guids.ts'
import { dynamoPushSubscriptions } from './repositories/push-subscriptions.ts'
import { dynamoSettings } from './repositories/settings.ts'
import { dynamoSignInAttempts } from './repositories/sign-in-attempts.ts'
import { dynamoTurns } from './repositories/turns.ts'
import { stateRow } from './table/state-row.ts'
import { type Measure, tableClient } from './table/table-client.ts'

export { isTableMissing } from './client/failures.ts'
export type { Credentials } from './client/signed-client.ts'
export { nodeTransport, type TransportRequest } from './client/transport.ts'
export { type S3SnapshotsOptions, s3Snapshots } from './s3-snapshots.ts'
export type { Measure } from './table/table-client.ts'

export interface DynamoStorageOptions extends ServiceOptions {
  table: string
  clock: Clock
  /** Told what each call consumed. */
  measure?: Measure | undefined
}

/**
 * The store in one DynamoDB table. Nothing is sent before the first read or write, so opening costs a cold start
 * nothing and cannot fail; a table that is missing shows then, as `storage_unavailable`.
 */
export function openDynamoStorage(options: DynamoStorageOptions): Storage {
  const table = tableClient({
    client: openClient(options),
    table: options.table,
    endpoint: dynamoAddress(options),
    measure: options.measure,
  })
  const state = stateRow(table, options.clock, options.logger)
  return {
    requests: dynamoMediaRequests(table, state),
    library: dynamoLibrary(table, state, options.clock, options.logger),
    revision: { current: state.revision },
    pushSubscriptions: dynamoPushSubscriptions(table),
    signInAttempts: dynamoSignInAttempts(table),
    plexGuids: dynamoPlexGuids(table),
    settings: dynamoSettings(table),
    identity: dynamoIdentity(table),
    turns: dynamoTurns(table, options.clock, options.logger),
    activity: dynamoActivity(table, options.clock),
    outbox: dynamoOutbox(table, options.clock),
    async close() {
      table.close()
    },
  }
}

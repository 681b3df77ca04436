import type { Clock, Logger, Storage } from '@stellarr/core'
import { openDynamoStorage } from '@stellarr/storage-dynamo'
import type { Context } from 'aws-lambda'
import type { StoreSettings } from './settings.ts'

/** How long a call may take that was made outside Lambda, without a context. */
const LOCAL_MS = 30_000

/** When, in epoch ms, an invocation is cut off; stores keep what an answer needs from it. */
export function endOf(context: Context, clock: Clock): number {
  return clock.now() + (context.getRemainingTimeInMillis?.() ?? LOCAL_MS)
}

/** What a store is given besides its settings. */
export interface StoreSurroundings {
  clock: Clock
  logger: Logger
  deadline: () => number | undefined
}

/** The store of both functions: what people call it, and how it is opened. Another store takes its place here. */
export const STORE = {
  name: 'DynamoDB',

  /** Opens the store that the settings name; touches no network, so a table that is missing shows at its first use. */
  open({ table, dynamoEndpoint: endpoint }: StoreSettings, surroundings: StoreSurroundings): Storage {
    return openDynamoStorage({ table, endpoint, ...surroundings })
  },
}

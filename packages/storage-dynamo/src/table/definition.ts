/**
 * The table, defined once for tests, `npm run dynamodb:create` and the deployment. On-demand, since a household sleeps
 * most of the day; `ttl` holds epoch seconds and is only an aid: every read of an expiring row compares with the clock.
 */
export const TABLE_DEFINITION = {
  partitionKey: { name: 'media_type', type: 'S' },
  sortKey: { name: 'tmdb_id', type: 'N' },
  billingMode: 'PAY_PER_REQUEST',
  ttlAttribute: 'ttl',
  /** Thirty-five days back, to the second. */
  pointInTimeRecovery: true,
} as const

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { type LocalAws, startLocalAws } from '@stellarr/infra/local'
import { createTable } from '@stellarr/storage-dynamo/create-table'
import { inject } from 'vitest'
import { NOBODY, REGION } from '../infra/src/local/instance.ts'

/** Makes the table when there is none; answers the id of the store that the first start used, as settings keep it. */
async function storeIdOf(dataDir: string, table: string, endpoint: string): Promise<string> {
  const { storeId } = await createTable({ table, endpoint, region: REGION, credentials: () => NOBODY })
  const kept = join(dataDir, 'store-id')
  if (!existsSync(kept)) writeFileSync(kept, storeId)
  return readFileSync(kept, 'utf8')
}

/**
 * The deployment on AWS as its template describes it: the CDN's behaviours before the built web app, the trending files
 * and both built functions over DynamoDB's local engine. DATA_DIR names the table and keeps the store's id, which is
 * STORE_ID unless another value is given.
 */
export async function startAws(env: Record<string, string>, host: string): Promise<LocalAws> {
  const { DATA_DIR: dataDir = '', DYNAMODB_TABLE: table = basename(dataDir), ...settings } = env
  const dynamodbEndpoint = inject('dynamodbEndpoint')
  return startLocalAws({
    template: JSON.parse(inject('template')),
    settings: { STORE_ID: await storeIdOf(dataDir, table, dynamodbEndpoint), ...settings },
    functions: inject('functions'),
    table,
    dynamodbEndpoint,
    siteDir: join(import.meta.dirname, '../apps/web/dist'),
    host,
    port: 0,
  })
}

import { existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Storage } from '@stellarr/core'
import { type DynamoStorageOptions, isTableMissing, openDynamoStorage } from '@stellarr/storage-dynamo'
import { holdsForeignRows } from '@stellarr/storage-dynamo/predecessor'
import { lockStore, openSqliteStorage } from '@stellarr/storage-sqlite'
import type { Address, Environment } from './address.ts'
import { findCredentials } from './credentials.ts'
import { findRegion } from './region.ts'
import { Stop } from './stop.ts'

const clock = { now: () => Date.now() }

/** How to reach a table. Throws `Stop` for settings that cannot be right. */
async function tableOptions(table: string, env: Environment) {
  const endpoint = env.DYNAMODB_ENDPOINT || undefined
  if (endpoint !== undefined && !URL.canParse(endpoint)) {
    throw new Stop(`DYNAMODB_ENDPOINT: expected an address such as http://localhost:8000, not "${endpoint}".`)
  }
  const region = await findRegion(env)
  return { table, endpoint, region, credentials: await findCredentials(env) }
}

/** That a table is not there, with where it was looked for: most often it is in another region. */
export function noTable({
  table,
  endpoint,
  region,
}: Pick<DynamoStorageOptions, 'table' | 'endpoint' | 'region'>): Stop {
  return new Stop(
    endpoint === undefined
      ? `There is no table ${table} in ${region}: check its name and the region (AWS_REGION, else that of "aws configure"). "npm run deploy:aws" makes the table of a deployment.`
      : `There is no table ${table} at ${endpoint}: check its name; "npm run dynamodb:create" makes a new one.`,
  )
}

/**
 * Looks at a table: how to reach it, and whether it holds rows that are not ours.
 * @throws Stop for settings that cannot be right, and for a table that is not there
 */
export async function findTable(table: string, env: Environment) {
  const options = await tableOptions(table, env)
  try {
    return { options, isForeign: await holdsForeignRows(options) }
  } catch (error) {
    throw isTableMissing(error) ? noTable(options) : error
  }
}

/** Opens a table of ours. A table of the predecessor is refused: even its first read as a store would write to it. */
async function openTable(table: string, env: Environment): Promise<Storage> {
  const { options, isForeign } = await findTable(table, env)
  if (isForeign) {
    throw new Stop(
      `The table ${table} is not Stellarr's, and its rows would be lost: "npm run dynamodb:create" makes one, and import --predecessor reads the predecessor's.`,
    )
  }
  return openDynamoStorage({ ...options, clock })
}

/** Opens a store to read it; throws where there is none. */
export async function openSource(address: Address, env: Environment): Promise<Storage> {
  if (address.kind === 'dynamodb') return openTable(address.table, env)
  if (!existsSync(address.path)) throw new Stop(`There is no store at ${address.path}: name it by --store.`)
  return openSqliteStorage({ path: address.path, clock })
}

/**
 * Opens a store to write to it; an SQLite file is made where there is none. Until it is closed nobody else may serve it.
 * @param version of this program
 * @throws Fault `wrong_store` where another Stellarr uses the file
 */
export async function openDestination(address: Address, env: Environment, version: string): Promise<Storage> {
  if (address.kind === 'dynamodb') return openTable(address.table, env)
  mkdirSync(dirname(address.path), { recursive: true, mode: 0o700 })
  const lock = await lockStore(address.path, { version })
  return openSqliteStorage({ path: address.path, clock, lock })
}

import { existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Storage } from '@stellarr/core'
import { openDynamoStorage } from '@stellarr/storage-dynamo'
import { holdsForeignRows } from '@stellarr/storage-dynamo/predecessor'
import { openSqliteStorage } from '@stellarr/storage-sqlite'
import type { Address, Environment } from './address.ts'
import { findCredentials } from './credentials.ts'
import { Stop } from './stop.ts'

const clock = { now: () => Date.now() }

/** How to reach a table. Throws `Stop` for settings that cannot be right. */
export async function tableOptions(table: string, env: Environment) {
  const endpoint = env.DYNAMODB_ENDPOINT || undefined
  if (endpoint !== undefined && !URL.canParse(endpoint)) {
    throw new Stop(`DYNAMODB_ENDPOINT: expected an address such as http://localhost:8000, not "${endpoint}".`)
  }
  const region = env.AWS_REGION || env.AWS_DEFAULT_REGION || undefined
  return { table, endpoint, region, credentials: await findCredentials(env) }
}

/** Opens a table of ours. A table of the predecessor is refused: even its first read as a store would write to it. */
async function openTable(table: string, env: Environment): Promise<Storage> {
  const options = await tableOptions(table, env)
  if (await holdsForeignRows(options)) {
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

/** Opens a store to write to it; an SQLite file is made where there is none. */
export async function openDestination(address: Address, env: Environment): Promise<Storage> {
  if (address.kind === 'dynamodb') return openTable(address.table, env)
  mkdirSync(dirname(address.path), { recursive: true, mode: 0o700 })
  return openSqliteStorage({ path: address.path, clock })
}

import { resolve } from 'node:path'
import { Stop } from './stop.ts'

/** Where a store is. Paths are absolute. */
export type Address = { kind: 'sqlite'; path: string } | { kind: 'dynamodb'; table: string }

export type Environment = Record<string, string | undefined>

/** `sqlite:<path>` or `dynamodb:<table>`. @param option what the text was given as, for the error */
export function parseAddress(text: string, option: string): Address {
  const [, kind, name = ''] = /^(sqlite|dynamodb):(.+)$/s.exec(text) ?? []
  if (kind === 'sqlite') return { kind, path: resolve(name) }
  // DynamoDB's rule for names of tables.
  if (kind === 'dynamodb' && /^[\w.-]{3,255}$/.test(name)) return { kind, table: name }
  throw new Stop(`${option}: expected sqlite:<path of a file> or dynamodb:<name of a table>, not "${text}".`)
}

/** The store of the deployment that these settings are of, as the app itself chooses it. */
export function defaultAddress({ DYNAMODB_TABLE, DATABASE_PATH, DATA_DIR }: Environment): Address {
  if (DYNAMODB_TABLE) return parseAddress(`dynamodb:${DYNAMODB_TABLE}`, 'DYNAMODB_TABLE')
  return { kind: 'sqlite', path: resolve(DATABASE_PATH || resolve(DATA_DIR || './data', 'stellarr.db')) }
}

/** How a store is named to a person, and as `parseAddress` takes it. */
export const addressText = (address: Address): string =>
  address.kind === 'sqlite' ? `sqlite:${address.path}` : `dynamodb:${address.table}`

import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { KeptRows } from './rows.ts'

/** Names of the schemas of which a store is kept, the oldest first. */
export const KEPT_SCHEMAS: readonly string[] = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith('.db.gz'))
  .map((name) => name.slice(0, -'.db.gz'.length))
  .sort()

/** Puts the store that the code of a schema made at `path`. @returns what that code read of it */
export function putOldStore(schema: string, path: string): KeptRows {
  writeFileSync(path, gunzipSync(readFileSync(join(import.meta.dirname, `${schema}.db.gz`))))
  const rows = JSON.parse(readFileSync(join(import.meta.dirname, `${schema}.json`), 'utf8'))
  // There was no such thing in the first schema.
  return { activity: [], outbox: [], ...rows }
}

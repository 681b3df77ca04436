import type { Engine } from '@stellarr/storage-dynamo/testing'
import { eventThroughCdn, ORIGIN_SECRET } from '../../../infra/src/local/function-url.ts'
import type { Instance } from '../../../infra/src/local/instance.ts'

/** What the API needs besides its table. */
export const GOOD_SETTINGS = {
  BASE_URL: 'https://stellarr.example.org',
  APP_SECRET_KEY: 'app-secret-key-of-the-tests',
  PRESHARED_PASSWORD: 'household-password-1',
  ADMIN_PASSWORD: 'admin-password-1',
  FEED_TOKEN: 'feed-token-of-the-tests',
  SYNC_TOKEN: 'sync-token-of-the-tests',
  PLEX_WEBHOOK_TOKEN: 'plex-token-of-the-tests',
  ORIGIN_VERIFY_SECRET: ORIGIN_SECRET,
}

/** Settings with which the built API starts on a fresh table of a local engine, whose store they name. */
export async function apiSettings(engine: Engine): Promise<Record<string, string>> {
  const table = await engine.freshTable()
  const storage = await engine.openStorage({ now: Date.now }, { table })
  const STORE_ID = await storage.identity.storeId()
  await storage.close()
  return {
    ...GOOD_SETTINGS,
    DYNAMODB_TABLE: table,
    STORE_ID,
    DYNAMODB_ENDPOINT: engine.endpoint,
    LOG_LEVEL: 'debug',
  }
}

interface Asked {
  method?: string
  headers?: Record<string, string>
  body?: string | Buffer
  viewer?: string
}

/** The event of one request that came through the CDN. */
export function anEvent(url: string, { method = 'GET', headers = {}, body = '', viewer = '203.0.113.7' }: Asked = {}) {
  const bytes = Buffer.from(body)
  const given = bytes.length === 0 ? headers : { 'content-length': String(bytes.length), ...headers }
  const distinct = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, [value]]))
  return eventThroughCdn({ method, url, headers: distinct, body: bytes }, viewer)
}

export interface Answer {
  statusCode: number
  headers: Record<string, string>
  body: string
}

/** Hands an event to an instance, or to one of its copies. */
export async function ask(instance: Instance, event: unknown, copy = 0): Promise<Answer> {
  return (await instance.invoke(event, 30_000, copy)) as Answer
}

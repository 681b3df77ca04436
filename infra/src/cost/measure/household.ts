import { createECDH, randomBytes } from 'node:crypto'
import { type LibraryItem, parseReaders, type Storage, settle, storedReaders } from '@stellarr/core'
import { aLibraryItem, aMovieRequest, aSeriesRequest } from '@stellarr/core/testing'
import type { Engine } from '@stellarr/storage-dynamo/testing'
import { eventThroughCdn, type FunctionAnswer, ORIGIN_SECRET } from '../../local/function-url.ts'
import { type Instance, spawnInstance } from '../../local/instance.ts'
import { ownServer } from '../../local/own-server.ts'
import { startStandInS3 } from '../../local/stand-in-s3.ts'
import { startStandInSsm } from '../../local/stand-in-ssm.ts'
import { startCountingProxy } from '../counting-proxy.ts'
import type { Spent } from '../measured.ts'
import { overviewOf, posterOf, startCatalogueStandIn, titleOf } from './catalogue-stand-in.ts'

export const BASE_URL = 'https://stellarr.example.org'
export const PASSWORD = 'household-password-1'
export const FEED_TOKEN = 'feed-token-of-the-bench'
export const SYNC_TOKEN = 'sync-token-of-the-bench'
export const RADARR_TOKEN = 'radarr-token-of-the-bench'
export const SONARR_TOKEN = 'sonarr-token-of-the-bench'
const PARAMETER = '/stellarr/settings'
const BUCKET = 'trending'
const VIEWER = '203.0.113.7'

/** Requests listed: half of them movies. */
export const LISTED = 100
export interface Ask {
  method?: string
  path: string
  headers?: Record<string, string>
  json?: unknown
}

export interface Household {
  /** An instance of a function that has not run yet. */
  instance(name: 'api' | 'daily'): Instance
  /** One request through the CDN. @throws for an answer of another status than expected */
  ask(instance: Instance, request: Ask, expected?: number): Promise<{ headers: Record<string, string>; body: string }>
  /** What some work on one instance uses. */
  observe(instance: Instance, work: () => Promise<unknown>): Promise<Spent>
  /** A device that takes push messages, as a browser subscribes it. */
  device(): object
  /** Makes every noted read of a feed a day older. */
  ageReaders(): Promise<void>
  /** Size of all rows, in steps of 4 KB. */
  tableBytes(): Promise<number>
  /** Files that the daily work wrote, by name. */
  trendingFiles(): Map<string, Buffer>
  close(): Promise<void>
}

/** Takes any push message. */
const startPushStandIn = () => ownServer((req, res) => void req.resume().on('end', () => res.writeHead(201).end()))

export const libraryItems = (from: number, count: number): LibraryItem[] =>
  Array.from({ length: count }, (_, n) => aLibraryItem({ tmdbId: from + n, title: titleOf(from + n) }))

/** Fills a fresh table: listed requests, and a library of movies beside them. */
async function fill(storage: Storage, librarySize: number): Promise<void> {
  const createdAt = Date.now() - 86_400_000
  for (let tmdbId = 1_000_001; tmdbId <= 1_000_000 + LISTED; tmdbId += 1) {
    const facts = {
      tmdbId,
      title: titleOf(tmdbId),
      originalTitle: titleOf(tmdbId),
      overview: overviewOf(tmdbId),
      posterPath: posterOf(tmdbId),
      createdAt,
      imdbId: `tt${tmdbId}`,
      requestedBy: 'Bob',
    }
    const seasonState = Array.from({ length: 6 }, (_, season) => ({
      seasonNumber: season,
      name: `Season ${season}`,
      episodeCount: 10,
      airDate: `${2020 + season}-01-01`,
    }))
    await storage.requests.add(
      tmdbId % 2 === 0
        ? // All but one wait, so that the same number of them is looked up on each day of the week.
          aMovieRequest({ ...facts, ...(tmdbId === 1_000_000 + LISTED && { status: 'available' }) })
        : // As it is stored once somebody has asked for it.
          settle(aSeriesRequest({ ...facts, tvdbId: tmdbId + 100_000, futureSeasons: true, seasonState }), createdAt)
            .request,
    )
  }
  const items = libraryItems(1, librarySize)
  for (let from = 0; from < items.length; from += 2_000) {
    await storage.library.add('plex', items.slice(from, from + 2_000))
  }
}

/**
 * A household's table with its library, and the built functions over it, with a counting proxy before every service.
 * @param folders of the unpacked functions
 */
export async function openHousehold(
  engine: Engine,
  folders: { api: string; daily: string },
  librarySize: number,
): Promise<Household> {
  const table = await engine.freshTable({ ttl: true })
  const storage = await engine.openStorage({ now: () => Date.now() }, { table })
  await fill(storage, librarySize)
  const [s3, catalogue, push] = await Promise.all([startStandInS3(), startCatalogueStandIn(), startPushStandIn()])
  const services = {
    store: await startCountingProxy(engine.endpoint),
    files: await startCountingProxy(s3.url),
    catalogue: await startCountingProxy(catalogue.url),
    push: await startCountingProxy(push.url),
  }
  const settings = {
    BASE_URL,
    PRESHARED_PASSWORD: PASSWORD,
    ADMIN_PASSWORD: 'admin-password-1',
    APP_SECRET_KEY: 'app-secret-key-of-the-bench',
    FEED_TOKEN,
    SYNC_TOKEN,
    PLEX_WEBHOOK_TOKEN: 'plex-token-of-the-bench',
    RADARR_WEBHOOK_TOKEN: RADARR_TOKEN,
    SONARR_WEBHOOK_TOKEN: SONARR_TOKEN,
    TMDB_API_KEY: '0123456789abcdef0123456789abcdef',
    TMDB_BASE_URL: `${services.catalogue.url}/3`,
    PUSH_HOSTS: '127.0.0.1',
    ORIGIN_VERIFY_SECRET: ORIGIN_SECRET,
    STORE_ID: await storage.identity.storeId(),
  }
  const ssm = await startStandInSsm(PARAMETER, JSON.stringify(settings))
  const parameter = await startCountingProxy(ssm.url)
  const env = {
    DYNAMODB_TABLE: table,
    SETTINGS_PARAMETER: PARAMETER,
    DYNAMODB_ENDPOINT: services.store.url,
    S3_ENDPOINT: services.files.url,
    SSM_ENDPOINT: parameter.url,
  }
  let traffic = { invocations: 0, bytesIn: 0, bytesOut: 0 }

  return {
    instance: (name) =>
      name === 'api'
        ? spawnInstance(folders.api, env)
        : spawnInstance(folders.daily, { ...env, TRENDING_S3_BUCKET: BUCKET }),

    async ask(instance, { path, headers = {}, json, method = json === undefined ? 'GET' : 'POST' }, expected = 200) {
      const body = Buffer.from(json === undefined ? '' : JSON.stringify(json))
      const sent = {
        'accept-encoding': 'gzip',
        ...(json !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      }
      const listed = Object.fromEntries(Object.entries(sent).map(([name, value]) => [name, [value]]))
      const event = eventThroughCdn({ method, url: path, headers: listed, body }, VIEWER)
      const answer = (await instance.invoke(event)) as FunctionAnswer
      const bytes = Buffer.from(answer.body ?? '', answer.isBase64Encoded ? 'base64' : 'utf8')
      if (answer.statusCode !== expected) throw new Error(`${path} answered ${answer.statusCode}: ${bytes}`)
      const named = Object.entries(answer.headers ?? {}).map(([name, value]) => [name, String(value)] as const)
      traffic.invocations += 1
      traffic.bytesIn += body.length
      traffic.bytesOut += bytes.length + named.reduce((sum, [name, value]) => sum + name.length + value.length + 4, 0)
      return { headers: Object.fromEntries(named), body: answer.isBase64Encoded ? '' : bytes.toString() }
    },

    async observe(instance, work) {
      const cpuBefore = instance.cpuMs()
      const logBefore = instance.output().length
      traffic = { invocations: 0, bytesIn: 0, bytesOut: 0 }
      for (const proxy of [...Object.values(services), parameter]) proxy.take()
      await work()
      const [store, files, asked, pushed] = Object.values(services).map((proxy) => proxy.take())
      const log = instance.output().slice(logBefore)
      return {
        ...traffic,
        cpuMs: instance.cpuMs() - cpuBefore,
        storeSteps: (store?.steps ?? 0) + (files?.steps ?? 0),
        readUnits: store?.readUnits ?? 0,
        writeUnits: store?.writeUnits ?? 0,
        filePuts: files?.calls ?? 0,
        settingsReads: parameter.take().calls,
        catalogueCalls: asked?.calls ?? 0,
        catalogueSteps: asked?.steps ?? 0,
        pushes: pushed?.calls ?? 0,
        logBytes: Buffer.byteLength(log),
        logLines: log.split('\n').length - 1,
      }
    },

    device() {
      const keys = createECDH('prime256v1')
      keys.generateKeys()
      return {
        endpoint: `${services.push.url}/${randomBytes(16).toString('base64url')}`,
        keys: { p256dh: keys.getPublicKey().toString('base64url'), auth: randomBytes(16).toString('base64url') },
        language: 'en',
      }
    },

    ageReaders: () =>
      storage.settings
        .update('feed-readers', (stored) =>
          storedReaders(parseReaders(stored).map((one) => ({ ...one, lastReadAt: one.lastReadAt - 86_400_000 }))),
        )
        .then(() => undefined),

    async tableBytes() {
      let units = 0
      let from: unknown
      do {
        const answer = await fetch(engine.endpoint, {
          method: 'POST',
          headers: {
            'content-type': 'application/x-amz-json-1.0',
            'x-amz-target': 'DynamoDB_20120810.Scan',
            authorization:
              'AWS4-HMAC-SHA256 Credential=local/20260101/eu-central-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
            'x-amz-date': '20260101T000000Z',
          },
          body: JSON.stringify({
            TableName: table,
            ConsistentRead: true,
            ReturnConsumedCapacity: 'TOTAL',
            ...(from !== undefined && { ExclusiveStartKey: from }),
          }),
        })
        const page = (await answer.json()) as {
          ConsumedCapacity?: { CapacityUnits: number }
          LastEvaluatedKey?: unknown
        }
        if (!page.ConsumedCapacity) throw new Error('this engine does not tell what a Scan consumed')
        units += page.ConsumedCapacity.CapacityUnits
        from = page.LastEvaluatedKey
      } while (from !== undefined)
      return units * 4_096
    },

    trendingFiles: () => new Map([...s3.objects].map(([key, { body }]) => [key, body])),

    async close() {
      await storage.close()
      await Promise.all([...Object.values(services), parameter].map((proxy) => proxy.close()))
      await Promise.all([s3.close(), catalogue.close(), push.close(), ssm.close()])
    },
  }
}

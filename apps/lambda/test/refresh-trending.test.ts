import { aMovieRequest, aSeriesRequest, fixedClock } from '@stellarr/core/testing'
import { type FakeTmdb, startFakeTmdb, startFakeTvdb } from '@stellarr/gateways/testing'
import { type Engine, startEngine } from '@stellarr/storage-dynamo/testing'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Instance, spawnInstance, unpack } from '../../../infra/src/local/instance.ts'
import { startStandInS3 } from '../../../infra/src/local/stand-in-s3.ts'

const KEY = '0123456789abcdef0123456789abcdef'
const FILES = ['all', 'movie', 'tv'].flatMap((kind) =>
  ['de', 'en', 'es', 'fr'].map((language) => `/trending/trending-${kind}-${language}.json`),
)

let engine: Engine
let unpacked: ReturnType<typeof unpack>
let tmdb: FakeTmdb
let s3: Awaited<ReturnType<typeof startStandInS3>>
let table: string
let instance: Instance

beforeAll(async () => {
  engine = await startEngine()
  unpacked = unpack('refresh-trending')
})
afterAll(async () => {
  await engine.stop()
  unpacked.remove()
})
beforeEach(async () => {
  tmdb = await startFakeTmdb()
  s3 = await startStandInS3()
  table = await engine.freshTable()
  instance = start({ TMDB_API_KEY: KEY, TMDB_BASE_URL: tmdb.url })
})
afterEach(async () => {
  expect(instance.output()).not.toContain(KEY)
  await instance.stop()
  await s3.close()
  await tmdb.close()
})

function start(env: Record<string, string>): Instance {
  return spawnInstance(unpacked.folder, {
    DYNAMODB_TABLE: table,
    DYNAMODB_ENDPOINT: engine.endpoint,
    TRENDING_S3_BUCKET: 'trending',
    S3_ENDPOINT: s3.url,
    ...env,
  })
}

const stored = () => Object.fromEntries([...s3.objects].map(([key, { body }]) => [key, body.toString()]))

describe('the daily function', () => {
  it('writes 12 files, completes requests, and answers and logs what it did', async () => {
    const { imdbId: _, ...movie } = aMovieRequest()
    const storage = await engine.openStorage(fixedClock(), { table })
    await storage.requests.add(movie)
    expect(await instance.invoke({ source: 'aws.events', 'detail-type': 'Scheduled Event' })).toEqual({
      trendingSaved: 12,
      trendingKept: 0,
      requestsLearnt: 1,
      requestsFailed: 0,
      silentReaders: 0,
      pushesSent: 0,
      cutShort: false,
    })
    expect([...s3.objects.keys()].sort()).toEqual(FILES)
    for (const { body, headers } of s3.objects.values()) {
      expect(headers).toEqual({
        'content-type': 'application/json; charset=utf-8',
        'cache-control': 'public, max-age=3600',
      })
      expect(JSON.parse(body.toString()).results.length).toBeGreaterThan(0)
    }
    expect((await storage.requests.find(movie))?.imdbId).toBe('tt0133093')
    await storage.close()
    const report = instance
      .output()
      .split('\n')
      .find((line) => line.includes('"daily work done"'))
    expect(JSON.parse(report ?? '{}')).toMatchObject({ trendingSaved: 12, function_request_id: expect.any(String) })
  })

  it('asks TVDB for the seasons of series where there is a key for it, and never shows it', async () => {
    const tvdb = await startFakeTvdb()
    tvdb.series.set(81_189, [{ seasonNumber: 1, number: 1, aired: '2008-01-20' }])
    const { tvdbId: _, ...series } = aSeriesRequest({ tmdbId: 1396 })
    const storage = await engine.openStorage(fixedClock(), { table })
    await storage.requests.add(series)
    const env = { TMDB_API_KEY: KEY, TMDB_BASE_URL: tmdb.url, TVDB_API_KEY: tvdb.apiKey, TVDB_BASE_URL: tvdb.url }
    const other = start({ ...env, LOG_LEVEL: 'debug' })
    expect(await other.invoke({})).toMatchObject({ requestsLearnt: 1 })
    expect(tvdb.calls).toEqual(['/login', '/series/81189/episodes/default?page=0'])
    expect((await storage.requests.find(series))?.tvdbId).toBe(81_189)
    expect(other.output()).not.toContain(tvdb.apiKey)
    await other.stop()
    await storage.close()
    await tvdb.close()
  })

  it('keeps what is there while the catalogue or the bucket fails, file by file', async () => {
    await instance.invoke({})
    const before = stored()
    await instance.stop()
    instance = start({ TMDB_API_KEY: KEY, TMDB_BASE_URL: tmdb.url })
    tmdb.mode('html')
    expect(await instance.invoke({})).toMatchObject({ trendingSaved: 0, trendingKept: 12 })
    tmdb.mode('ok')
    s3.refuse('/trending/trending-tv-de.json')
    for (const key of FILES) s3.objects.set(key, { body: Buffer.from('old'), headers: {} })
    expect(await instance.invoke({})).toMatchObject({ trendingSaved: 11, trendingKept: 1 })
    expect(stored()).toEqual({ ...before, '/trending/trending-tv-de.json': 'old' })
  })

  it('begins nothing that its time does not suffice for', async () => {
    expect(await instance.invoke({}, 5_000)).toMatchObject({ trendingSaved: 0, cutShort: true })
    expect(tmdb.calls).toEqual([])
  })

  it('writes the sample catalogue’s files without a key', async () => {
    const sample = start({})
    expect(await sample.invoke({})).toMatchObject({ trendingSaved: 12 })
    expect(stored()['/trending/trending-all-en.json']).toContain('/posters/')
    await sample.stop()
  })

  it('is refused without a bucket, in one line', async () => {
    const other = start({ TRENDING_S3_BUCKET: '' })
    await expect(other.invoke({})).rejects.toThrow('TRENDING_S3_BUCKET: expected')
    expect(other.output()).toBe('stellarr cannot start. TRENDING_S3_BUCKET: expected the name of a bucket.\n')
    await other.stop()
  })
})

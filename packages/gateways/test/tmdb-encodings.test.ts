import { brotliCompressSync, gzipSync } from 'node:zlib'
import { type Fault, isFault } from '@stellarr/core'
import { fixedClock } from '@stellarr/core/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type FakeTmdb, startFakeTmdb } from '../src/testing/fake-tmdb.ts'
import { tmdbCatalog } from '../src/tmdb-catalog.ts'

const silent = () => {}
const logger = { debug: silent, info: silent, warn: silent, error: silent }

let tmdb: FakeTmdb
let catalog: ReturnType<typeof tmdbCatalog>

beforeEach(async () => {
  tmdb = await startFakeTmdb()
  catalog = tmdbCatalog({ apiKey: '0'.repeat(32), baseUrl: tmdb.url, clock: fixedClock(), logger })
})
afterEach(async () => {
  catalog.close()
  await tmdb.close()
})

const movie = () => catalog.details({ mediaType: 'movie', tmdbId: 603 }, 'en')
const caught = (call: Promise<unknown>): Promise<Fault> =>
  call.then(
    () => Promise.reject(new Error('expected a fault')),
    (fault: Fault) => fault,
  )

const plain = (body: Buffer) => body
const twice = (body: Buffer) => gzipSync(gzipSync(body))
const marked = (body: Buffer) => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), body])

describe('an answer of TMDB', () => {
  it.each<[string, string | undefined, (body: Buffer) => Buffer]>([
    ['plain', undefined, plain],
    ['plain', '', plain],
    ['plain', 'identity', plain],
    ['packed', 'gzip', gzipSync],
    ['packed', 'GZIP', gzipSync],
    ['packed', 'GZip ', gzipSync],
    ['packed', 'x-gzip', gzipSync],
    ['packed', 'X-GZIP', gzipSync],
    ['packed', undefined, gzipSync],
    ['packed twice', 'gzip, gzip', twice],
    ['packed once', 'gzip, gzip', gzipSync],
    ['packed twice', 'gzip', twice],
    ['plain', 'gzip', plain],
    ['plain', 'x-gzip', plain],
    ['marked', undefined, marked],
    ['marked, then packed', 'gzip', (body) => gzipSync(marked(body))],
  ])('that is %s is read with an encoding of %j', async (_, encoding, encode) => {
    tmdb.encode = encode
    if (encoding !== undefined) tmdb.headers = { 'content-encoding': encoding }
    expect((await movie())?.title).toBe('The Matrix')
  })

  it.each<[string, (body: Buffer) => Buffer]>([
    ['br', brotliCompressSync],
    ['gzip, br', (body) => brotliCompressSync(gzipSync(body))],
    ['deflate', plain],
    ['zstd', plain],
  ])('in %s, which was not asked for, is refused by its own sentence, and asked for once', async (encoding, encode) => {
    tmdb.encode = encode
    tmdb.headers = { 'content-encoding': encoding }
    const fault = await caught(movie())
    expect(isFault(fault, 'catalog_bad_answer')).toBe(true)
    expect(fault.message).toMatch(/^TMDB .*encoding/)
    expect(tmdb.calls).toHaveLength(1)
  })

  it('says what its status says, whatever its body is packed in', async () => {
    tmdb.headers = { 'content-encoding': 'br' }
    tmdb.encode = brotliCompressSync
    expect(await catalog.details({ mediaType: 'movie', tmdbId: 1 }, 'en')).toBeUndefined()
    tmdb.mode('401')
    expect((await caught(movie())).message).toMatch(/TMDB_API_KEY/)
  })

  it.each<[string, (body: Buffer) => Buffer]>([
    ['is small and unpacks to too much', () => gzipSync(Buffer.alloc(5 * 1024 * 1024, ' '))],
    ['unpacks to too much the second time', () => twice(Buffer.alloc(5 * 1024 * 1024, ' '))],
    ['is packed wrongly', () => Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3])],
  ])('that %s is a fault', async (_, encode) => {
    tmdb.headers = { 'content-encoding': 'gzip' }
    tmdb.encode = encode
    expect(isFault(await caught(movie()), 'catalog_unavailable')).toBe(true)
  })
})

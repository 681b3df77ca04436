import { aLibraryItem, aMovieRequest, fixedClock } from '@stellarr/core/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openDynamoStorage } from '../src/index.ts'
import {
  libraryKey,
  plexGuidKey,
  pushKey,
  pushUserKey,
  requestKey,
  settingKey,
  syncPartKey,
} from '../src/table/keys.ts'
import { faultyTransport } from '../src/testing/index.ts'

describe('keys', () => {
  it('of titles are made of movie and tv and whole numbers alone', () => {
    expect(requestKey({ mediaType: 'movie', tmdbId: 603 })).toEqual({ media_type: 'movie', tmdb_id: 603 })
    expect(libraryKey({ mediaType: 'tv', tmdbId: 603 })).toEqual({ media_type: 'LIBRARY#tv', tmdb_id: 603 })
    const hostile = fc.oneof(
      fc.constantFrom(
        'PUSH#https://push.example/1',
        'RATELIMIT#192.0.2.1',
        'SETTING#vapid',
        'Movie',
        'movie ',
        '__proto__',
      ),
      fc.string(),
    )
    fc.assert(
      fc.property(hostile, (mediaType) => {
        fc.pre(mediaType !== 'movie' && mediaType !== 'tv')
        const key: unknown = { mediaType, tmdbId: 0 }
        const asked = key as Parameters<typeof requestKey>[0]
        expect(() => requestKey(asked)).toThrow(TypeError)
        expect(() => libraryKey(asked)).toThrow(TypeError)
      }),
    )
    for (const tmdbId of [0, -1, 1.5, Number.NaN, 2 ** 31, 2 ** 60]) {
      expect(() => requestKey({ mediaType: 'movie', tmdbId })).toThrow(TypeError)
    }
  })

  it('never reach the network with another media type', async () => {
    const transport = faultyTransport(() => ({ kind: 'answer', status: 200, body: '{}' }))
    const store = openDynamoStorage({ table: 't', clock: fixedClock(), transport })
    const hostile: unknown = { mediaType: 'SETTING#vapid', tmdbId: 0 }
    const key = hostile as Parameters<typeof store.requests.find>[0]
    for (const call of [
      () => store.requests.find(key),
      () => store.requests.findMany([key]),
      () => store.requests.remove(key),
      () => store.requests.withdraw(key, 1),
      () => store.requests.list({ type: key.mediaType }),
      async () => store.requests.add(aMovieRequest(key)),
      () => store.library.findMany([key]),
      () => store.library.remove('plex', key),
      () => store.library.add('plex', [aLibraryItem(key)]),
    ]) {
      await expect(call()).rejects.toThrow(TypeError)
    }
    expect(transport.calls).toEqual([])
    await store.close()
  })

  it('of named rows differ whatever the names, within the 2,048 bytes that DynamoDB takes', () => {
    const makers = [settingKey, plexGuidKey, pushKey]
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 3_000 }), fc.string({ unit: 'grapheme' }), (a, b) => {
        for (const maker of makers) {
          expect(Buffer.byteLength(maker(a).media_type)).toBeLessThanOrEqual(2_048)
          expect(maker(a).media_type === maker(b).media_type).toBe(a === b)
        }
      }),
    )
    const long = 'x'.repeat(5_000)
    expect(settingKey(long).media_type).not.toBe(settingKey(`${long}y`).media_type)
  })

  it('of a person’s devices are safe whole numbers', () => {
    fc.assert(
      fc.property(fc.webUrl(), (endpoint) => {
        const { media_type, tmdb_id } = pushUserKey('Zoë', endpoint)
        expect([media_type, Number.isSafeInteger(tmdb_id), tmdb_id >= 0]).toEqual(['PUSHUSER#Zoë', true, true])
      }),
      { numRuns: 30 },
    )
  })

  it('of a page’s parts come in the order of pages, and too many are refused', () => {
    const of = (page: number, part: number) => syncPartKey('id', page, part).tmdb_id
    expect([of(0, 0), of(0, 999), of(1, 0)]).toEqual([1, 1_000, 1_001])
    expect(() => of(0, 1_000)).toThrow('too large')
  })
})

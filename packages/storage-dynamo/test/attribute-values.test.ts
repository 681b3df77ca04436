import type { LibraryItem, MediaRequest } from '@stellarr/core'
import { aSeriesRequest } from '@stellarr/core/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { factsOf, sameFacts } from '../src/library/rows.ts'
import { pack } from '../src/library/staging.ts'
import { fromRow, toRow } from '../src/repositories/request-rows.ts'
import { fromItem, type Row, toAttribute, toItem } from '../src/table/attribute-values.ts'

const text = fc.string({ unit: 'grapheme' })
const scalar = fc.oneof(text, fc.maxSafeInteger(), fc.boolean(), fc.uint8Array({ maxLength: 300 }))
/** Through JSON, as over the line. */
const overTheLine = (row: Row): Row => fromItem(JSON.parse(JSON.stringify(toItem(row))))

describe('attribute values', () => {
  it('come back as they were, whatever the row', () => {
    fc.assert(
      fc.property(fc.dictionary(text, fc.option(scalar, { nil: undefined })), (row) => {
        const stored = Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined))
        // Zero has one sign there.
        const expected = Object.fromEntries(
          Object.entries(stored).map(([name, value]) => [name, value === 0 ? 0 : value]),
        )
        expect(overTheLine(row)).toEqual(expected)
      }),
      { numRuns: 300, examples: [[{ ['__proto__']: 'text' }]] },
    )
  })

  it('are refused when they could not come back', () => {
    const unsafe = fc.oneof(
      fc.double().filter((number) => !Number.isSafeInteger(number)),
      fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, 0.1),
      fc.bigInt(),
      fc.array(text),
      fc.constantFrom(null, undefined, Symbol('s'), () => 1, {}, new Date(0), new Set(['a'])),
    )
    fc.assert(fc.property(unsafe, (value) => void expect(() => toAttribute(value)).toThrow(TypeError)))
  })

  it('hold well-formed text alone', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 20 }), (text) => {
        const [stored] = Object.values(overTheLine({ a: text }))
        expect(stored).toBe(Buffer.from(text).toString())
      }),
    )
    expect(overTheLine({ a: 'half \ud83d of a face' })).toEqual({ a: 'half \ufffd of a face' })
  })

  it.each([
    null,
    [],
    'text',
    { a: { NULL: true } },
    { a: { N: '1e400' } },
    { a: { N: '0.5' } },
    { a: { N: '' } },
    { a: { N: '9007199254740993' } },
    { a: { M: {} } },
    { a: { S: 1 } },
    { a: null },
    { a: 'text' },
  ])('that no version writes are a damaged row: %j', (item) => {
    expect(() => fromItem(item)).toThrow(expect.objectContaining({ code: 'storage_corrupt' }))
  })
})

describe('rows', () => {
  const optional = <Value>(of: fc.Arbitrary<Value>) => fc.option(of, { nil: undefined })
  const id = fc.integer({ min: 1, max: 2_147_483_647 })

  it('of requests come back field by field', () => {
    const request = fc.record({
      tmdbId: id,
      title: text,
      overview: text,
      originalTitle: optional(text),
      year: optional(fc.integer({ min: 1870, max: 2100 })),
      posterPath: optional(text),
      imdbId: optional(text),
      tvdbId: optional(id),
      seasons: optional(fc.oneof(fc.constant('all' as const), fc.uniqueArray(fc.nat(100)))),
      futureSeasons: optional(fc.boolean()),
      followers: fc.array(text),
      addedAt: optional(fc.maxSafeInteger()),
      withdrawnAt: optional(fc.maxSafeInteger()),
    })
    fc.assert(
      fc.property(request, (given) => {
        const { originalTitle: _, year: __, imdbId: ___, tvdbId: ____, seasons: _____, ...bare } = aSeriesRequest()
        const known = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
        const { posterPath: ______, futureSeasons: _______, ...rest } = bare
        const whole: MediaRequest = { ...rest, ...known }
        expect(fromRow(overTheLine(toRow(whole)))).toEqual(whole)
      }),
    )
  })

  it('of requests that are damaged are faults, never half requests', () => {
    for (const name of Object.keys(toRow(aSeriesRequest()))) {
      const row = { ...toRow(aSeriesRequest()), [name]: new Uint8Array([1]) }
      expect(() => fromRow(row), name).toThrow(expect.objectContaining({ code: 'storage_corrupt' }))
    }
    const row = { ...toRow(aSeriesRequest()), seasons: '{"cut' }
    expect(() => fromRow(row)).toThrow(expect.objectContaining({ code: 'storage_corrupt' }))
  })

  it('of titles are the same exactly when the items are', () => {
    const item = fc.record(
      {
        mediaType: fc.constant('tv' as const),
        tmdbId: fc.constant(1),
        tvdbId: fc.integer({ min: 1, max: 2 }),
        imdbId: fc.constantFrom('tt0000001', 'tt0000002'),
        title: fc.constantFrom('', 'a'),
        seasons: fc.array(fc.record({ seasonNumber: fc.nat(1), episodes: fc.nat(1) }), { maxLength: 2 }),
      },
      { requiredKeys: ['mediaType', 'tmdbId'] },
    )
    const parts = (one: LibraryItem) => JSON.stringify([one.tvdbId, one.imdbId, one.title, one.seasons])
    fc.assert(
      fc.property(item, item, (a, b) => {
        expect(sameFacts(factsOf(a), factsOf(b))).toBe(parts(a) === parts(b))
      }),
      { numRuns: 1_000 },
    )
  })

  it('of staged pages fit DynamoDB however long and however hard to pack', () => {
    const noise = () =>
      Array.from({ length: 1_000 }, () => String.fromCodePoint(0x4e00 + Math.floor(Math.random() * 20_000))).join('')
    const items = Array.from({ length: 1_000 }, (_, n): [number, { n: string }] => [n + 1, { n: noise() }])
    const parts = pack(items)
    expect(parts.length).toBeGreaterThan(3)
    for (const part of parts) expect(part.length).toBeLessThan(390_000)
    expect(pack([])).toHaveLength(1)
  })
})

import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { checkShape } from './http/answer-shape.ts'

const title = v.strictObject({ title: v.string(), year: v.nullable(v.number()) })
const schema = v.strictObject({
  requests: v.array(title),
  next: v.optional(v.union([v.strictObject({ at: v.pipe(v.string(), v.regex(/^\d+$/)) }), v.literal('none')])),
})
const check = (text: unknown) => checkShape('GET /api/requests', schema, JSON.stringify(text))

describe('an answer of the wrong shape', () => {
  it('is told with its call, its field and what was expected there', () => {
    expect(() => check({ requests: [{ title: 3, year: null }] })).toThrow(
      /^GET \/api\/requests → requests\.0\.title: expected a text, received 3$/,
    )
    expect(() => check(3)).toThrow(/^GET \/api\/requests → expected an object, received 3$/)
    expect(() => check({ requests: {} })).toThrow('requests: expected a list, received Object')
    expect(() => check({ requests: [{ title: 'A' }] })).toThrow('requests.0.year: expected "year", received undefined')
    expect(() => check({ requests: [], more: 1 })).toThrow('more: expected never, received "more"')
  })

  it('is told of the nearest of several shapes, and each field of it', () => {
    expect(() => check({ requests: [], next: { at: 5 } })).toThrow('next.at: expected a text, received 5')
    expect(() => check({ requests: [{ title: 1, year: 'x' }] })).toThrow(/title: [^\n]+\nGET .*year: expected/)
  })

  it('is told when it is no JSON', () => {
    expect(() => checkShape('GET /api/requests', schema, '<html>')).toThrow(
      'GET /api/requests → expected JSON, received "<html>"',
    )
  })

  it('is none when it fits', () => {
    expect(check({ requests: [{ title: 'A', year: 1999 }], next: { at: '12' } })).toBeUndefined()
  })
})

import { describe, expect, it } from 'vitest'
import {
  MAX_FOLLOWERS,
  mergeSeasonChoice,
  renewRequest,
  taggedNames,
  withFollower,
  withoutFollower,
} from '../src/index.ts'
import { aMovieRequest, aSeriesRequest } from '../src/testing/index.ts'

const names = (count: number) => Array.from({ length: count }, (_, n) => `P${n}`)

describe('the names behind a request', () => {
  it('are fifty besides who asked: the next one’s seasons are wanted all the same', () => {
    const full = aSeriesRequest({ seasons: [1], followers: names(MAX_FOLLOWERS) })
    const { request, changed } = mergeSeasonChoice(full, { seasons: [2] }, 'Bob')
    expect([request.seasons, request.followers, changed]).toEqual([[1, 2], full.followers, true])
    expect(mergeSeasonChoice(full, { seasons: [] }, 'Bob')).toEqual({ request: full, changed: false })
    const left = withoutFollower(full, 'P7').request
    expect(withFollower(left, 'Bob').followers).toContain('Bob')
    expect(withFollower(full, 'P7')).toBe(full)
    expect(withFollower(full, 'Ann')).toBe(full)
  })

  it('stay on its row, so after two hundred it takes no other, and whoever asks for it again gets it all the same', () => {
    let request = aMovieRequest({ addedAt: 1, status: 'available' })
    for (const name of names(250)) request = withoutFollower(withFollower(request, name), name).request
    const tagged = taggedNames(request)
    expect(tagged).toHaveLength(200)
    const renewed = renewRequest({ ...request, withdrawnAt: 5 }, { by: 'Zoë', at: 6 })
    expect(renewed.changed).toBe(true)
    expect([renewed.request.withdrawnAt, renewed.request.requestedBy]).toEqual([undefined, 'Ann'])
    expect(taggedNames(renewed.request)).toEqual(tagged)
    // Who was behind it before may be again.
    expect(renewRequest({ ...request, withdrawnAt: 5 }, { by: 'P7', at: 6 }).request.requestedBy).toBe('P7')
    expect(withFollower(request, 'P7').followers).toEqual(['P7'])
  })
})

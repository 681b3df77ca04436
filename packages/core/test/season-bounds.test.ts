import { expect, it } from 'vitest'
import { applyEvent, type SeriesPart } from '../src/index.ts'
import { aSeriesRequest } from '../src/testing/index.ts'

const T = 2e12

it('a series keeps what was told of its first 20,000 episodes, and still learns of those that it knows', () => {
  let request = aSeriesRequest({ seasonState: [] })
  const tell = (at: number, parts: SeriesPart[], status: 'available' | 'lost' = 'available') => {
    request = applyEvent(request, { status, source: 'sonarr', at, now: at, parts }).request
  }
  // Every second one, since those in a row are one.
  const season = (seasonNumber: number) =>
    Array.from({ length: 2_500 }, (_, n) => ({ seasonNumber, episodeNumber: 2 * n + 1 }))
  for (let number = 1; number <= 9; number += 1) tell(T + number, season(number))
  expect(request.seasonState.map(({ here }) => here?.episodes)).toEqual([...Array(8).fill(2_500), undefined])
  tell(T + 99, [{ seasonNumber: 1, episodeNumber: 1 }], 'lost')
  expect(request.seasonState[0]?.here?.episodes).toBe(2_499)
})

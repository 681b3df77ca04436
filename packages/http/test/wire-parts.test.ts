import * as v from 'valibot'
import { expect, it } from 'vitest'
import { seasonChoice, seasonNumber } from '../src/wire/parts.ts'

it.each([0, 1, 2_026, 10_001, 20_261_130, 99_999_999])('%i is the number of a season', (number) => {
  expect(v.parse(seasonNumber, number)).toBe(number)
  expect(v.parse(seasonChoice, [number])).toEqual([number])
})

it.each([-1, 1.5, 100_000_000, '1', null])('%j is none', (given) => {
  expect(v.safeParse(seasonNumber, given).success).toBe(false)
  expect(v.safeParse(seasonChoice, [given]).success).toBe(false)
})

import { describeStorage } from '@stellarr/core/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Engine, startEngine } from '../src/testing/index.ts'

let engine: Engine
beforeAll(async () => {
  engine = await startEngine()
})
afterAll(() => engine.stop())

describeStorage('DynamoDB', (clock) => engine.openStorage(clock), {
  describe,
  it,
  equal: (actual, expected) => expect(actual).toEqual(expected),
})

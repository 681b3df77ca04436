import { describe, expect, it } from 'vitest'
import { describeStorage, memoryStorage } from '../src/testing/index.ts'

describeStorage('memory', async (clock) => memoryStorage({ clock }), {
  describe,
  it,
  equal: (actual, expected) => expect(actual).toEqual(expected),
})

import { describe, expect, it } from 'vitest'
import { describeStorage, memoryData, memoryStorage } from '../src/testing/index.ts'

describeStorage(
  'memory',
  async (clock) => {
    const data = memoryData(clock)
    return async () => memoryStorage({ clock, data })
  },
  { describe, it, equal: (actual, expected) => expect(actual).toEqual(expected) },
)

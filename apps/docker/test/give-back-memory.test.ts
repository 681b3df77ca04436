import { expect, it } from 'vitest'
import { memoryGiver } from '../src/give-back-memory.ts'

const MB = 1024 * 1024

it('collects twice once the heap has grown and nobody waits, and not again for what stays', () => {
  const now = { total: 20 * MB, busy: 0.9, collected: 0, live: 30 * MB }
  const look = memoryGiver(
    {
      heapTotal: () => now.total,
      busy: () => now.busy,
      collect() {
        now.collected += 1
        now.total = now.live
      },
    },
    (work) => work(),
  )
  look()
  now.total = 120 * MB
  look()
  expect(now.collected).toBe(0)
  now.busy = 0
  look()
  look()
  expect(now.collected).toBe(2)
  // All of it is in use: it is looked at once.
  Object.assign(now, { total: 200 * MB, live: 190 * MB })
  look()
  look()
  expect(now.collected).toBe(4)
  Object.assign(now, { total: 25 * MB, live: 22 * MB })
  look()
  now.total = 60 * MB
  look()
  expect(now.collected).toBe(6)
})

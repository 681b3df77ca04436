import { describe, expect, it } from 'vitest'
import { gate, inParallel, inRuns } from '../src/client/parallel.ts'

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

describe('work in parallel', () => {
  it('keeps its order and its width', async () => {
    let [now, most] = [0, 0]
    const results = await inParallel(3, [5, 4, 3, 2, 1], async (value) => {
      now += 1
      most = Math.max(most, now)
      await pause(value)
      now -= 1
      return value * 10
    })
    expect([results, most]).toEqual([[50, 40, 30, 20, 10], 3])
    expect(await inParallel(3, [], async () => 1)).toEqual([])
  })

  it('begins no more after an error, and throws it only when all have ended', async () => {
    const [begun, ended]: [number[], number[]] = [[], []]
    const work = inParallel(2, [1, 2, 3, 4], async (value) => {
      begun.push(value)
      if (value === 1) throw new Error('first')
      await pause(20)
      ended.push(value)
    })
    await expect(work).rejects.toThrow('first')
    expect([begun, ended]).toEqual([[1, 2], [2]])
  })

  it('cuts lists into runs', () => {
    expect(inRuns(2, [1, 2, 3])).toEqual([[1, 2], [3]])
    expect(inRuns(2, [])).toEqual([])
  })

  it('passes a gate in order, also after errors', async () => {
    const through = gate(2)
    const order: number[] = []
    const turns = [1, 2, 3, 4, 5].map((value) =>
      through(async () => {
        order.push(value)
        await pause(5)
        if (value < 3) throw new Error('no')
      }).catch(() => undefined),
    )
    await pause(1)
    expect(order).toEqual([1, 2])
    await Promise.all(turns)
    expect(order).toEqual([1, 2, 3, 4, 5])
  })
})

import { TURN_WAIT_MS } from '@stellarr/core'
import { faultOf, fixedClock } from '@stellarr/core/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Engine, startEngine } from '../src/testing/index.ts'

let engine: Engine
beforeAll(async () => {
  engine = await startEngine()
})
afterAll(() => engine.stop())

describe('turns', () => {
  it('are taken by one of all instances at a time', async () => {
    const clock = fixedClock()
    const table = await engine.freshTable()
    const instances = await Promise.all(Array.from({ length: 5 }, () => engine.openStorage(clock, { table })))
    let inside = 0
    let most = 0
    const work = async () => {
      inside += 1
      most = Math.max(most, inside)
      await new Promise((resolve) => setTimeout(resolve, 5))
      inside -= 1
    }
    await Promise.all(instances.flatMap(({ turns }) => [turns.take('one', work), turns.take('one', work)]))
    expect(most).toBe(1)
    await Promise.all(instances.map((store) => store.close()))
  })

  it('are not waited for any longer than they promise, whichever instance has them', async () => {
    const clock = fixedClock()
    const table = await engine.freshTable()
    const [one, another] = [await engine.openStorage(clock, { table }), await engine.openStorage(clock, { table })]
    let end = () => {}
    const held = await new Promise<{ done: Promise<string> }>((begun) => {
      const done = one.turns.take('one', async () => {
        await new Promise<void>((ended) => {
          end = ended
          begun({ done })
        })
        return 'done'
      })
    })
    const late = faultOf(another.turns.take('one', async () => 'taken'))
    await new Promise((resolve) => setTimeout(resolve, 50))
    clock.advance(TURN_WAIT_MS)
    expect(await late).toBe('storage_unavailable')
    end()
    expect(await held.done).toBe('done')
    expect(await another.turns.take('one', async () => 'taken')).toBe('taken')
    await Promise.all([one.close(), another.close()])
  })

  it('are free again a minute after their holder has died', async () => {
    const clock = fixedClock()
    const table = await engine.freshTable()
    const dead = await engine.openStorage(clock, { table })
    await new Promise<void>((begun) => {
      void dead.turns.take('one', () => {
        begun()
        return new Promise(() => {})
      })
    })
    const next = await engine.openStorage(clock, { table })
    const taken = next.turns.take('one', async () => 'taken')
    await new Promise((resolve) => setTimeout(resolve, 200))
    clock.advance(60_000)
    expect(await taken).toBe('taken')
    await Promise.all([dead.close(), next.close()])
  })
})

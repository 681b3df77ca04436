import type { FeedsAnswer } from '@stellarr/http/wire'
import { describe, expect, it, vi } from 'vitest'
import { createNewStore } from '../src/state/new-store.ts'
import { refusal } from './rows.ts'

describe('the question of a new store', () => {
  function open(closed: FeedsAnswer['closed']) {
    const server = { closed }
    const feeds = vi.fn(async () => ({ closed: server.closed }) as FeedsAnswer)
    const confirmStore = vi.fn(async (): Promise<unknown> => {
      server.closed = null
      return {}
    })
    return { server, feeds, confirmStore, newStore: createNewStore({ api: { feeds, confirmStore } }) }
  }

  it('is asked at each look until it is answered, and never again', async () => {
    const { feeds, newStore } = open('store_new')
    await newStore.look()
    await newStore.look()
    expect([newStore.state.isAsked, feeds.mock.calls.length]).toEqual([true, 2])
    await newStore.open()
    await newStore.look()
    expect([newStore.state.isAsked, feeds.mock.calls.length]).toEqual([false, 2])
  })

  it('is not asked of a store that is open, or closed for another reason, and the server is asked once a visit', async () => {
    for (const closed of [null, 'store_older'] as const) {
      const { feeds, newStore } = open(closed)
      await newStore.look()
      await newStore.look()
      expect([newStore.state.isAsked, feeds.mock.calls.length]).toEqual([false, 1])
      newStore.clear()
      await newStore.look()
      expect(feeds).toHaveBeenCalledTimes(2)
    }
  })

  it('stays what it was while the server cannot be reached', async () => {
    const { feeds, confirmStore, newStore } = open('store_new')
    feeds.mockRejectedValueOnce(refusal(0, 'offline'))
    await newStore.look()
    expect(newStore.state.isAsked).toBe(false)
    await newStore.look()
    confirmStore.mockRejectedValueOnce(refusal(0, 'offline'))
    await expect(newStore.open()).rejects.toMatchObject({ code: 'offline' })
    expect(newStore.state.isAsked).toBe(true)
  })

  it('is forgotten with the person who has lost data', async () => {
    const { newStore } = open('store_new')
    await newStore.look()
    newStore.keepClosed()
    expect(newStore.state).toEqual({ isAsked: true, isLost: true })
    newStore.clear()
    expect(newStore.state).toEqual({ isAsked: false, isLost: false })
  })
})

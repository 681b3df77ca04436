import { describe, expect, it } from 'vitest'
import { createUseCases } from '../src/index.ts'
import { aMovieRequest, faultOf } from '../src/testing/index.ts'
import { aTitle, openHouse } from './house.ts'

const ann = { name: 'Ann', role: 'household' } as const

describe('the guard of the store', () => {
  it('opens a store that was made with its keys, takes its mark off and remembers it', async () => {
    const house = openHouse()
    expect(await house.useCases.feedVersion()).toMatchObject({ revision: 0 })
    expect(house.seen).toEqual({ storeId: await house.memory.identity.storeId(), revision: 0 })
    expect(await house.memory.identity.isNew()).toBe(false)
  })

  /** A house whose keys were there before its store. */
  function keysFromBefore() {
    const house = openHouse()
    house.deployment.newStoreIsExpected = false
    return { house, restarted: () => createUseCases(house.deployment) }
  }

  it('keeps a new store closed whose keys are from before, over restarts and whatever is requested', async () => {
    const { house, restarted } = keysFromBefore()
    house.titles(aTitle())
    for (let start = 1; start <= 3; start += 1) {
      const useCases = restarted()
      expect(await faultOf(useCases.feedVersion())).toBe('store_new')
      expect(await useCases.guard.reason()).toBe('store_new')
      await useCases.requestTitle({ key: aTitle(), by: ann })
      expect(await faultOf(useCases.feedVersion())).toBe('store_new')
    }
    expect([house.seen, await house.memory.identity.isNew()]).toEqual([undefined, true])
  })

  it('opens a new store for good at the admin’s word, on every instance', async () => {
    const { house, restarted } = keysFromBefore()
    const [one, another] = [restarted(), restarted()]
    expect(await faultOf(another.feedVersion())).toBe('store_new')
    await one.confirmStore()
    for (const useCases of [one, another, restarted()]) {
      expect(await useCases.feedVersion()).toMatchObject({ revision: 0 })
    }
    house.seen = undefined
    expect(await restarted().guard.reason()).toBeUndefined()
  })

  it('takes a new store that the witness names for the one that was meant', async () => {
    const { house, restarted } = keysFromBefore()
    house.seen = { storeId: await house.memory.identity.storeId(), revision: 0 }
    expect(await restarted().guard.reason()).toBeUndefined()
  })

  it('says of a new store that another one was used before, and one word opens it', async () => {
    const { house, restarted } = keysFromBefore()
    house.seen = { storeId: 'another', revision: 4 }
    expect(await faultOf(restarted().feedVersion())).toBe('store_other')
    await restarted().confirmStore()
    house.seen = undefined
    expect(await restarted().guard.reason()).toBeUndefined()
  })

  it.each([
    ['another store', 'store_other', 'another', 0],
    ['an older one', 'store_older', undefined, 5],
  ])('closes the feeds of %s until the admin confirms', async (_, code, storeId, revision) => {
    const house = openHouse()
    house.seen = { storeId: storeId ?? (await house.memory.identity.storeId()), revision }
    await house.memory.requests.add(aMovieRequest())
    const before = { ...house.seen }
    expect(await faultOf(house.useCases.feedVersion())).toBe(code)
    expect(await house.useCases.guard.reason()).toBe(code)
    expect(house.seen).toEqual(before)
    await house.useCases.guard.confirm()
    expect(await house.useCases.feedVersion()).toMatchObject({ revision: 1 })
    const restarted = createUseCases(house.deployment)
    expect(await restarted.feedVersion()).toMatchObject({ revision: 1 })
  })

  it('keeps an older store closed when its own changes bring its revision up again', async () => {
    const house = openHouse()
    house.seen = { storeId: await house.memory.identity.storeId(), revision: 3 }
    for (let tmdbId = 1; tmdbId <= 6; tmdbId += 1) {
      expect(await faultOf(createUseCases(house.deployment).feedVersion())).toBe('store_older')
      await house.memory.requests.add(aMovieRequest({ tmdbId }))
    }
    await house.useCases.confirmStore()
    expect(await createUseCases(house.deployment).feedVersion()).toMatchObject({ revision: 6 })
  })

  it('is not settled by a fault: the next read asks again', async () => {
    const house = openHouse()
    const load = house.deployment.witness.load
    house.deployment.witness.load = async () => {
      house.deployment.witness.load = load
      throw new Error('disk')
    }
    await expect(house.useCases.feedVersion()).rejects.toThrow('disk')
    expect(await house.useCases.feedVersion()).toMatchObject({ revision: 0 })
  })

  it('takes a revision that was read before a later one, and closes a store that went back while in use', async () => {
    const house = openHouse()
    await house.memory.requests.add(aMovieRequest())
    await house.useCases.guard.check(1)
    await house.useCases.guard.check(0)
    house.deployment.storage.revision.current = async () => 0
    expect(await faultOf(house.useCases.feedVersion())).toBe('store_older')
    expect(await house.useCases.guard.reason()).toBe('store_older')
    await house.useCases.guard.confirm()
    expect(await house.useCases.feedVersion()).toMatchObject({ revision: 0 })
  })

  it('opens once another instance has confirmed', async () => {
    const house = openHouse()
    house.seen = { storeId: 'another', revision: 0 }
    expect(await faultOf(house.useCases.feedVersion())).toBe('store_other')
    await createUseCases(house.deployment).guard.confirm()
    expect(await house.useCases.feedVersion()).toMatchObject({ revision: 0 })
  })
})

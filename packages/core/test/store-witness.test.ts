import { afterEach, describe, expect, it, vi } from 'vitest'
import { createUseCases, Fault, revisionTags, type SeenStore } from '../src/index.ts'
import { aMovieRequest, faultOf, textOf } from '../src/testing/index.ts'
import { openHouse } from './house.ts'

const LIST = { feed: 'radarr' } as const
const lastOf = (saved: readonly SeenStore[]) => saved.at(-1)?.revision

/** A house with a request, whose witness says what it was told and can be broken. */
async function watched() {
  const house = openHouse()
  await house.memory.requests.add(aMovieRequest())
  const saved: SeenStore[] = []
  const state = { isFull: false, before: async () => {} }
  house.deployment.witness = {
    async load() {
      const last = saved.at(-1)
      return last && { ...last, place: 'same' }
    },
    async save(seen) {
      await state.before()
      if (state.isFull) throw new Fault('storage_unavailable', 'no space left')
      saved.push(seen)
    },
  }
  const useCases = createUseCases(house.deployment)
  const read = async () => JSON.parse(textOf(await useCases.readFeed(LIST, await useCases.feedVersion()))) as unknown[]
  return { house, saved, state, useCases, read }
}

describe('the witness', () => {
  it('knows the revision before the first list of it goes out, and is not written again for the next', async () => {
    const { house, saved, useCases, read } = await watched()
    await read()
    await read()
    expect(saved.map((seen) => seen.revision)).toEqual([1])
    await house.memory.requests.add(aMovieRequest({ tmdbId: 2 }))
    expect(saved).toHaveLength(1)
    await useCases.feedVersion()
    expect(lastOf(saved)).toBe(2)
  })

  it('is waited for by everybody who reads meanwhile, and written once for them all', async () => {
    const { saved, state, useCases } = await watched()
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    state.before = () => held
    let answered = 0
    const reads = Array.from({ length: 20 }, async () => {
      await useCases.feedVersion()
      answered += 1
    })
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(answered).toBe(0)
    release()
    await Promise.all(reads)
    expect(saved).toHaveLength(1)
  })

  it('knows rows that came between the revision and the list', async () => {
    const { house, saved, useCases } = await watched()
    const version = await useCases.feedVersion()
    await house.memory.requests.add(aMovieRequest({ tmdbId: 2, imdbId: 'tt0000002' }))
    expect(JSON.parse(textOf(await useCases.readFeed(LIST, version)))).toHaveLength(2)
    expect(lastOf(saved)).toBe(2)
  })

  it('that cannot be written closes no list: it is said once and tried at the next read', async () => {
    const { house, saved, state, useCases, read } = await watched()
    state.isFull = true
    for (let reads = 0; reads < 3; reads += 1) expect(await read()).toHaveLength(1)
    expect([saved, useCases.guard.isNoted()]).toEqual([[], false])
    expect(house.log.filter(({ message }) => message.includes('cannot be noted'))).toHaveLength(1)
    state.isFull = false
    await read()
    expect([lastOf(saved), useCases.guard.isNoted()]).toEqual([1, true])
  })

  it('closes a store that is older than a list of it was, whatever else has read it since', async () => {
    const { house, saved, read } = await watched()
    await read()
    saved.push({ storeId: await house.memory.identity.storeId(), revision: 5 })
    const restarted = createUseCases(house.deployment)
    expect(await restarted.guard.reason()).toBe('store_older')
    for (let tmdbId = 2; tmdbId < 8; tmdbId += 1) await house.memory.requests.add(aMovieRequest({ tmdbId }))
    expect(await faultOf(createUseCases(house.deployment).feedVersion())).toBe('store_older')
  })

  it.each([
    ['a copy', 'store_copied', { place: 'another' } as const],
    ['a damaged note', 'witness_damaged', 'damaged' as const],
  ])('that tells of %s closes the lists until the admin confirms', async (_, code, told) => {
    const { house, saved } = await watched()
    const { load } = house.deployment.witness
    const seen = { storeId: await house.memory.identity.storeId(), revision: 1 }
    house.deployment.witness.load = async (present) => {
      if (saved.length > 0) return load(present)
      return told === 'damaged' ? told : { ...seen, ...told }
    }
    const useCases = createUseCases(house.deployment)
    expect([await faultOf(useCases.feedVersion()), await useCases.guard.reason(), saved]).toEqual([code, code, []])
    await useCases.confirmStore()
    expect(saved).toEqual([seen])
    expect(await createUseCases(house.deployment).feedVersion()).toMatchObject({ revision: 1 })
  })

  it('learns the file of a store that it knows without one', async () => {
    const { house, saved } = await watched()
    const seen = { storeId: await house.memory.identity.storeId(), revision: 7 }
    house.deployment.storage.revision.current = async () => 7
    house.deployment.witness.load = async () => seen
    await createUseCases(house.deployment).feedVersion()
    expect(saved).toEqual([seen])
  })
})

describe('the check of the store’s file', () => {
  afterEach(() => void vi.useRealTimers())

  /** A house whose file is checked with this outcome. */
  function checked(damage: () => Promise<string | undefined>) {
    const house = openHouse()
    house.deployment.damage = damage
    return createUseCases(house.deployment)
  }

  it('is waited for by lists alone, and once', async () => {
    let asked = 0
    const useCases = checked(async () => {
      asked += 1
      await new Promise((resolve) => setTimeout(resolve, 30))
      return undefined
    })
    expect([await useCases.guard.reason(), asked]).toEqual([undefined, 0])
    await useCases.feedVersion()
    await useCases.feedVersion()
    expect(asked).toBe(1)
  })

  it('keeps lists closed while it takes long, and where it finds damage', async () => {
    vi.useFakeTimers()
    const waiting = faultOf(checked(() => new Promise(() => {})).feedVersion())
    await vi.advanceTimersByTimeAsync(2_000)
    expect(await waiting).toBe('store_checking')
    expect(await faultOf(checked(async () => 'row 7 missing from index').feedVersion())).toBe('storage_corrupt')
  })

  it('that could not be made opens nothing, and is made again', async () => {
    let works = false
    const useCases = checked(async () => {
      if (!works) throw new Error('no thread')
      return undefined
    })
    await expect(useCases.feedVersion()).rejects.toThrow('no thread')
    works = true
    expect(await useCases.feedVersion()).toMatchObject({ revision: 0 })
  })
})

describe('a tag that a device brings back', () => {
  const secret = 'app-secret-key-of-the-tests'

  /** A store of two requests and its tag of a time when there were nine. */
  async function goneBack(inStore: boolean) {
    const house = openHouse()
    for (const tmdbId of [1, 2]) await house.memory.requests.add(aMovieRequest({ tmdbId }))
    const storeId = await house.memory.identity.storeId()
    if (inStore) {
      house.deployment.witness = { inStore: true, load: async () => ({ storeId, revision: 0 }), save: async () => {} }
    }
    const told = (revision: number, at = house.clock.now()) =>
      revisionTags(secret, async () => storeId).tagOf({ revision, at })
    return { house, told, open: () => createUseCases(house.deployment) }
  }

  it.each([false, true])('closes a store that went back, on every instance (its own witness: %s)', async (inStore) => {
    const { house, told, open } = await goneBack(inStore)
    const [one, another] = [open(), open()]
    await one.feedVersion()
    await one.hearRevision(await told(9), 2)
    const instances = inStore ? [one, another, open()] : [one, open()]
    for (const useCases of instances) {
      expect(await faultOf(useCases.feedVersion())).toBe('store_older')
      expect(await useCases.closedBecause(await useCases.feedSettings())).toBe('store_older')
    }
    // Whatever is written since: it stays older until somebody says that it is meant.
    for (let tmdbId = 3; tmdbId < 14; tmdbId += 1) await house.memory.requests.add(aMovieRequest({ tmdbId }))
    expect(await faultOf(open().feedVersion())).toBe('store_older')
    await open().confirmStore()
    if (inStore) expect(await one.feedVersion()).toMatchObject({ revision: 13 })
    expect(await open().feedVersion()).toMatchObject({ revision: 13 })
  })

  it('counts no longer once the admin has confirmed the store', async () => {
    const { house, told, open } = await goneBack(false)
    const useCases = open()
    const tag = await told(9)
    await useCases.hearRevision(tag, 2)
    await useCases.confirmStore()
    await useCases.hearRevision(tag, 2)
    expect(await useCases.feedVersion()).toMatchObject({ revision: 2 })
    house.clock.advance(1000)
    await useCases.hearRevision(await told(9), 2)
    expect(await faultOf(useCases.feedVersion())).toBe('store_older')
    // Confirmed by a clock that ran ahead, and was put right.
    house.clock.advance(10 * 86_400_000)
    await useCases.confirmStore()
    house.clock.advance(-9 * 86_400_000)
    await useCases.hearRevision(await told(9), 2)
    expect(await faultOf(useCases.feedVersion())).toBe('store_older')
  })

  it('says nothing when it is another’s, of another store, made up, not higher, or of a clock that ran ahead', async () => {
    const { house, told, open } = await goneBack(false)
    const useCases = open()
    const at = house.clock.now()
    const tag = await told(9)
    const foreign = await revisionTags('another-secret-key', () => house.memory.identity.storeId()).tagOf({
      revision: 9,
      at,
    })
    const elsewhere = await revisionTags(secret, async () => 'another store').tagOf({ revision: 9, at })
    const raised = tag.replace('r9.', 'r99.')
    const ahead = await told(9, at + 3_600_000)
    for (const said of [foreign, elsewhere, raised, ahead, await told(2), await told(1), 'r9', '', 'r9.0.x']) {
      await useCases.hearRevision(said, 2)
      expect([said, await faultOf(useCases.feedVersion())]).toEqual([said, 'none'])
    }
    await useCases.hearRevision(tag, 2)
    expect(await faultOf(useCases.feedVersion())).toBe('store_older')
  })
})

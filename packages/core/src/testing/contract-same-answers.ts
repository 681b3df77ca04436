import { MEDIA_REQUEST_STATUSES, MEDIA_TYPES, type Storage } from '../index.ts'
import { aLibraryItem, aMovieRequest, aSeriesRequest } from './builders.ts'
import { memoryStorage } from './memory-storage.ts'
import type { ContractTest, TestFunctions } from './storage-contract.ts'

/** Numbers from a seed (mulberry32), the same at every run, so that a failure can be repeated. */
function numbersFrom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

export type Operation = (store: Storage) => Promise<unknown>

/**
 * One random operation over a few titles, so that they meet each other often.
 * @param next gives a whole number from 0 to below the given one; the operation may draw further ones as it runs
 * @param at the time, epoch ms
 */
export function operationOf(next: (below: number) => number, at: number): Operation {
  const mediaType = MEDIA_TYPES[next(2)] ?? 'movie'
  const key = { mediaType, tmdbId: 1 + next(6) }
  const status = MEDIA_REQUEST_STATUSES[next(MEDIA_REQUEST_STATUSES.length)] ?? 'pending'
  const source = (['plex', 'sync', 'radarr'] as const)[next(3)] ?? 'plex'
  const request = { ...(mediaType === 'tv' ? aSeriesRequest() : aMovieRequest()), ...key, createdAt: at - next(3) }
  const items = Array.from({ length: next(5) }, () =>
    aLibraryItem({ mediaType, tmdbId: 1 + next(6), title: `T${next(3)}` }),
  )
  const operations: Operation[] = [
    (store) => store.requests.add(request),
    (store) => store.requests.add(request),
    (store) => store.requests.advance(key, { status, source, at: at - next(2) }),
    (store) => store.requests.mergeSeasons(key, { seasons: next(3) === 0 ? 'all' : [next(4)] }, `Person ${next(3)}`),
    (store) => store.requests.withdraw(key, at),
    (store) => store.requests.unfollow(key, `Person ${next(3)}`),
    (store) => store.requests.renew(key, { by: 'Bob', at, qualityProfileId: 1 + next(3) }),
    (store) => store.requests.learn(key, { tvdbId: 100 + next(2), posterPath: `/p${next(3)}.jpg` }),
    (store) => store.requests.remove(key),
    (store) => store.requests.list({ type: mediaType, listedOnly: true }),
    (store) => store.requests.list({ status }),
    (store) => store.requests.findMany([key, { mediaType: 'movie', tmdbId: 2 }]),
    (store) => store.requests.findByTvdbId(100 + next(2)),
    (store) => store.library.add(source, items),
    (store) => store.library.restore(items.map((item) => ({ ...item, source, addedAt: at - next(9) }))),
    (store) => store.library.remove(source, key),
    (store) => store.library.findMany([key]),
    (store) => store.library.listIds(),
    async (store) => {
      const sync = await store.library.beginSync(source, mediaType)
      await store.library.stage(sync, 0, items)
      const preview = await store.library.preview(sync)
      return [preview, await store.library.commit(sync)]
    },
  ]
  const chosen = operations[next(operations.length)]
  if (!chosen) throw new Error('no operation')
  return chosen
}

/** One random sequence against the memory store and this one: the same answers, the same moves of the revision, the same end. */
export function describeSameAnswers(test: ContractTest, equal: TestFunctions['equal']): void {
  for (const seed of [1, 2, 3]) {
    test(`answers as the memory store does, sequence ${seed}`, async (store, clock) => {
      const model = memoryStorage({ clock })
      const [draws, replays] = [numbersFrom(seed), numbersFrom(seed)]
      let seen = [await store.revision.current(), await model.revision.current()] as const
      for (let step = 0; step < 400; step += 1) {
        clock.advance(1 + (step % 3))
        const at = clock.now()
        // Both get an operation of their own from the same numbers: some draw further numbers as they run.
        const [ours, theirs] = [operationOf(draws, at), operationOf(replays, at)]
        equal([step, await ours(store)], [step, await theirs(model)])
        // A store may take more than one step for one change.
        const now = [await store.revision.current(), await model.revision.current()] as const
        equal([step, now[0] > seen[0], now[0] < seen[0]], [step, now[1] > seen[1], false])
        seen = now
      }
      equal((await store.requests.exportAll()).rows, (await model.requests.exportAll()).rows)
      equal((await store.library.exportAll()).rows, (await model.library.exportAll()).rows)
    })
  }
}

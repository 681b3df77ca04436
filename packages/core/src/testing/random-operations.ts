import { type ActivityEntry, MEDIA_REQUEST_STATUSES, MEDIA_TYPES, type OutboxMessage, type Storage } from '../index.ts'
import { aDevice, aLibraryItem, aMovieRequest, aSeriesRequest } from './builders.ts'
import { everyRow } from './every-row.ts'

/** Gives a whole number from 0 to below the given one. */
export type Draw = (below: number) => number

export type Operation = (store: Storage) => Promise<unknown>

/** Numbers from a seed (mulberry32), the same at every run, so that a failure can be repeated. */
export function numbersFrom(seed: number): Draw {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

function oneOf(operations: readonly Operation[], next: Draw): Operation {
  const chosen = operations[next(operations.length)]
  if (!chosen) throw new Error('no operation')
  return chosen
}

/**
 * One random operation of requests and library over a few titles, so that they meet each other often.
 * @param next the operation may draw further numbers as it runs
 * @param at the time, epoch ms
 */
export function titleOperation(next: Draw, at: number): Operation {
  const mediaType = MEDIA_TYPES[next(2)] ?? 'movie'
  const key = { mediaType, tmdbId: 1 + next(6) }
  const status = MEDIA_REQUEST_STATUSES[next(MEDIA_REQUEST_STATUSES.length)] ?? 'pending'
  const source = (['plex', 'sync', 'radarr'] as const)[next(3)] ?? 'plex'
  const request = { ...(mediaType === 'tv' ? aSeriesRequest() : aMovieRequest()), ...key, createdAt: at - next(3) }
  const items = Array.from({ length: next(5) }, () =>
    aLibraryItem({ mediaType, tmdbId: 1 + next(6), title: `T${next(3)}` }),
  )
  const listed = [1, 2, 12].map((seasonNumber) => ({ seasonNumber, episodeCount: next(3) }))
  const parts = [{ seasonNumber: 1 + next(2), episodeNumber: 1 + next(3) }]
  const client = { id: `c${next(2)}.t${next(2)}`, tokens: ['t0'] }
  const kept = [undefined, 'last_row' as const, 'many_deletions' as const][next(3)]
  const operations: Operation[] = [
    (store) => store.requests.add(request),
    (store) => store.requests.add(request),
    (store) => store.requests.advance(key, { status, source, at: at - next(2) }),
    (store) => store.requests.mergeSeasons(key, { seasons: next(3) === 0 ? 'all' : [next(4)] }, `Person ${next(3)}`),
    (store) => store.requests.withdraw(key, at),
    (store) => store.requests.unfollow(key, `Person ${next(3)}`),
    (store) => store.requests.renew(key, { by: 'Bob', at, qualityProfileId: 1 + next(3) }),
    (store) => store.requests.learn(key, { at, tvdbId: 100 + next(2), posterPath: `/p${next(3)}.jpg` }),
    (store) => store.requests.learn(key, { at, seasons: listed.slice(0, next(4)), isInCatalog: next(4) > 0 }),
    (store) => store.requests.advance(key, { status: 'available', source, at: at - next(2), now: at, parts }),
    (store) => store.requests.advance(key, { status: 'lost', source, at, now: at, parts: parts.slice(0, next(2)) }),
    (store) => store.requests.advance(key, { status: next(2) === 0 ? 'gone' : 'lost', source, client, at, kept }),
    (store) => store.requests.advance(key, { status: 'picked_up', source, client, at }),
    (store) => store.requests.advance(key, { status: 'kept', source, at, kept }),
    (store) =>
      store.requests.advanceMany(
        [key.tmdbId, 7 - key.tmdbId].map((tmdbId) => ({ key: { mediaType, tmdbId }, event: { status, source, at } })),
      ),
    async (store) =>
      (await everyRow((cursor) => store.requests.slice(mediaType, cursor))).sort((a, b) => a.tmdbId - b.tmdbId),
    (store) => store.requests.findByImdbId('tt0903747'),
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
      const meanwhile = next(3) === 0 && (await store.library.add(source, items.slice(0, 1)))
      const preview = await store.library.preview(sync)
      const outcome = await store.library.commit(sync)
      await store.library.forgetRemoved(source, [...outcome.removed, ...outcome.left])
      return [meanwhile, preview, outcome]
    },
  ]
  return oneOf(operations, next)
}

/** The same without ids, which each store makes for itself. */
const withoutIds = (messages: readonly OutboxMessage[]) =>
  messages.map(({ endpoint, body, tries, dueAt }) => ({ endpoint, body, tries, dueAt }))

/** One random operation of all else, over a few names, odd ones among them. Times go up with every step. */
export function smallOperation(next: Draw, at: number): Operation {
  const [name, other] = [['n', 'constructor', '__proto__'][next(3)] ?? 'n', `o${next(3)}`]
  // Two devices of one moment may come in any order.
  const device = aDevice({ endpoint: other, user: name, keys: { p256dh: `p${next(2)}`, auth: 'a' }, createdAt: at })
  const ids = { mediaType: 'tv' as const, tmdbId: 1 + next(3), ...(next(2) === 1 && { tvdbId: 7 }) }
  const entry: ActivityEntry = {
    id: String(at),
    at,
    source: 'plex',
    name: other,
    title: name,
    detail: '',
    outcome: 'unmatched',
    ...(next(2) === 1 && { key: { mediaType: 'tv', tmdbId: 1 } }),
  }
  const message = (dueIn: number) => ({ endpoint: other, body: name, dueAt: at + dueIn })
  const firstDue = async ({ outbox }: Storage) => (await outbox.due(at, 1))[0]
  const ending = (['right', 'wrong', 'neither', undefined] as const)[next(4)]
  const operations: Operation[] = [
    (store) => store.pushSubscriptions.save(device),
    (store) => store.pushSubscriptions.find(other),
    (store) => store.pushSubscriptions.listFor(name),
    (store) => store.pushSubscriptions.remove(other),
    (store) => store.settings.set(name, other),
    (store) => store.settings.get(name),
    (store) => store.settings.getOrCreate(name, () => other),
    (store) => store.settings.update(name, (value) => `${value ?? ''}${next(10)}`.slice(-4)),
    (store) => store.settings.exportAll(),
    (store) => store.plexGuids.save(name, ids),
    (store) => store.plexGuids.find(name),
    async (store) => {
      const { id, ...turn } = { id: undefined, ...(await store.signInAttempts.begin(name, at, 3)) }
      if (id !== undefined && ending !== undefined) await store.signInAttempts.end(name, id, ending)
      return turn
    },
    (store) => store.signInAttempts.useChallengeOnce(name, at + 5, at),
    (store) => store.activity.record(entry),
    (store) => store.activity.recent(1 + next(20)),
    async (store) => withoutIds(await store.outbox.add([message(next(5)), message(5 + next(5))])),
    async (store) => withoutIds(await store.outbox.due(at, 1 + next(5))),
    async (store) => {
      const due = await firstDue(store)
      return due && [await store.outbox.claim(due, at + 3), await store.outbox.claim(due, at + 4)]
    },
    async (store) => {
      const due = await firstDue(store)
      return due && [await store.outbox.remove(due.id), await store.outbox.remove(due.id)]
    },
    (store) => store.turns.take(name, async () => other),
  ]
  return oneOf(operations, next)
}

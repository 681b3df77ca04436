import fc from 'fast-check'
import type { HouseRow, Storage } from '../src/index.ts'
import {
  aFullRequest,
  aLibraryItem,
  aMovieRequest,
  aSeriesRequest,
  fixedClock,
  memoryStorage,
} from '../src/testing/index.ts'

const key = fc.record({
  mediaType: fc.constantFrom('movie' as const, 'tv' as const),
  tmdbId: fc.integer({ min: 1, max: 9 }),
})
const time = fc.integer({ min: 0, max: 4e12 })
const name = fc.string({ minLength: 1, maxLength: 9, unit: 'grapheme' })
const id = fc.option(fc.integer({ min: 1, max: 2_147_483_647 }), { nil: undefined })

/** The fields that are there. */
const given = <Fields extends object>(fields: Fields): Fields => JSON.parse(JSON.stringify(fields)) as Fields

const request = fc.record({ key, time, name, id, year: id, gone: fc.boolean(), arrived: fc.boolean() }).map((one) => ({
  kind: 'request' as const,
  row: given(
    (one.key.mediaType === 'tv' ? aSeriesRequest : aMovieRequest)({
      ...(one.key.mediaType === 'tv' && one.gone && aFullRequest()),
      ...one.key,
      title: one.name,
      createdAt: one.time,
      statements: one.gone ? [{ status: 'gone', source: 'plex', at: one.time }] : [],
      followers: one.arrived ? [one.name, 'Bob'] : [],
      ...(one.id !== undefined && { tvdbId: one.id }),
      ...(one.year !== undefined && { year: one.year }),
      ...(one.arrived && { addedAt: one.time, withdrawnAt: one.time }),
    }),
  ),
}))
const library = fc
  .record({ key, time, name, id, source: fc.constantFrom('plex' as const, 'sync' as const, 'emby' as const) })
  .map((one) => ({
    kind: 'library' as const,
    row: given({
      ...aLibraryItem({ ...one.key, title: one.name }),
      ...(one.id !== undefined && { tvdbId: one.id, seasons: [{ seasonNumber: 1, episodes: 3 }] }),
      source: one.source,
      addedAt: one.time,
    }),
  }))
const guid = fc.record({ name, key, id }).map((one) => ({
  kind: 'guid' as const,
  row: { guid: one.name, ...one.key, ...(one.id !== undefined && { tvdbId: one.id }) },
}))
const subscription = fc.record({ name, time }).map((one) => ({
  kind: 'subscription' as const,
  row: {
    endpoint: `https://push.example/${one.name}`,
    user: one.name,
    keys: { p256dh: 'p', auth: 'a' },
    language: 'fr' as const,
    createdAt: one.time,
  },
}))
const setting = fc.record({ name, value: fc.string() }).map((row) => ({ kind: 'setting' as const, row }))

/** Rows of any kinds, some with the same key. */
export const houseRows: fc.Arbitrary<HouseRow[]> = fc.array(fc.oneof(request, library, guid, subscription, setting), {
  maxLength: 40,
})

/** Puts rows into a store through its ports. */
export async function fill(store: Storage, rows: readonly HouseRow[]): Promise<void> {
  for (const one of rows) {
    if (one.kind === 'request') await store.requests.add(one.row)
    else if (one.kind === 'library') await store.library.restore([one.row])
    else if (one.kind === 'setting') await store.settings.set(one.row.name, one.row.value)
    else if (one.kind === 'subscription') await store.pushSubscriptions.save(one.row)
    else await store.plexGuids.save(one.row.guid, one.row)
  }
}

export async function aHouse(rows: readonly HouseRow[] = []): Promise<Storage> {
  const store = memoryStorage({ clock: fixedClock() })
  await fill(store, rows)
  return store
}

/** A store each of whose calls passes `before` first, which may throw. */
export function watched(store: Storage, before: (call: string) => void): Storage {
  const parts = Object.entries(store).map(([part, methods]: [string, unknown]) => {
    if (methods === null || typeof methods !== 'object') return [part, methods]
    const proxy = new Proxy(methods, {
      get(target, method) {
        const value: unknown = Reflect.get(target, method)
        if (typeof value !== 'function') return value
        return async (...args: unknown[]) => {
          before(`${part}.${String(method)}`)
          return value.apply(target, args)
        }
      },
    })
    return [part, proxy]
  })
  return Object.fromEntries(parts) as Storage
}

import type { MediaRequest, Storage } from '@stellarr/core'
import { aFullRequest, aLibraryItem, aMovieRequest, aSeriesRequest } from '@stellarr/core/testing'

/** When the rows of the kept stores were written. */
export const KEPT_AT = Date.UTC(2026, 10, 30)

const MOVIES = 6

/** Puts rows into every part of a store. */
export async function fillStore(store: Storage): Promise<void> {
  const { requests, library } = store
  const all: MediaRequest[] = [aSeriesRequest(), aFullRequest()]
  for (let tmdbId = 1; tmdbId <= MOVIES; tmdbId += 1) all.push(aMovieRequest({ tmdbId, createdAt: tmdbId }))
  for (const request of all) await requests.add(request)
  await requests.mergeSeasons({ mediaType: 'tv', tmdbId: 1396 }, { seasons: [0] }, 'Bob')
  await requests.advance({ mediaType: 'movie', tmdbId: 2 }, { status: 'available', source: 'plex', at: KEPT_AT })
  await requests.withdraw({ mediaType: 'movie', tmdbId: 3 }, KEPT_AT)
  await requests.remove({ mediaType: 'movie', tmdbId: 4 })
  await library.add('plex', [aLibraryItem(), aLibraryItem({ mediaType: 'tv', tmdbId: 4, tvdbId: 5, imdbId: 'tt6' })])
  await library.stage(await library.beginSync('sync', 'tv'), 0, [aLibraryItem({ mediaType: 'tv', tmdbId: 7 })])
  await store.settings.set('feeds', '{"profiles":[]}')
  await store.plexGuids.save('plex://show/1', { mediaType: 'tv', tmdbId: 5, tvdbId: 6 })
  const [endpoint, keys] = ['https://push.example/1', { p256dh: 'p', auth: 'a' }]
  await store.pushSubscriptions.save({ endpoint, user: 'Ann', keys, language: 'de', createdAt: KEPT_AT })
  await store.signInAttempts.begin('192.0.2.1', KEPT_AT, 5)
  await store.signInAttempts.useChallengeOnce('hash', KEPT_AT + 1, KEPT_AT)
  await store.activity.record({
    ...{ id: '1', at: KEPT_AT, source: 'plex', name: 'library.new', title: 'The Matrix', detail: '' },
    outcome: 'matched',
  })
  await store.outbox.add([{ endpoint, body: '{}', dueAt: KEPT_AT }])
}

/** All that can be read of a store. */
export async function readStore(store: Storage) {
  return {
    storeId: await store.identity.storeId(),
    isNew: await store.identity.isNew(),
    revision: await store.revision.current(),
    requests: (await store.requests.exportAll()).rows,
    library: (await store.library.exportAll()).rows,
    settings: (await store.settings.exportAll()).rows,
    guids: (await store.plexGuids.exportAll()).rows,
    devices: (await store.pushSubscriptions.exportAll()).rows,
    activity: await store.activity.recent(10),
    outbox: await store.outbox.due(KEPT_AT, 10),
  }
}

export type KeptRows = Awaited<ReturnType<typeof readStore>>

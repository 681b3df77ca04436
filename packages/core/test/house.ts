import {
  type CatalogTitle,
  createUseCases,
  type Deployment,
  Fault,
  type FeedName,
  type LogFields,
  type Storage,
  type StoreWitness,
  sha256Hex,
} from '../src/index.ts'
import { fixedClock, memoryStorage, textOf } from '../src/testing/index.ts'

/** A title of the house's catalogue. */
export function aTitle(given: Partial<CatalogTitle> = {}): CatalogTitle {
  return {
    mediaType: 'movie',
    tmdbId: 603,
    title: 'The Matrix',
    overview: 'Green.',
    voteAverage: 8,
    imdbId: 'tt0133093',
    genres: [],
    seasons: [],
    ...given,
  }
}

export const aSeries = (given: Partial<CatalogTitle> = {}) =>
  aTitle({
    mediaType: 'tv',
    tmdbId: 1396,
    title: 'Breaking Bad',
    imdbId: 'tt0903747',
    tvdbId: 81189,
    seasons: [
      { seasonNumber: 0, episodeCount: 2 },
      { seasonNumber: 1, episodeCount: 7 },
      { seasonNumber: 2, episodeCount: 13 },
    ],
    ...given,
  })

/** All use cases over a memory store, with a catalogue, a witness and a log that the test reads and changes. */
export function openHouse(change: (storage: Storage) => Storage = (storage) => storage) {
  const clock = fixedClock()
  const memory = memoryStorage({ clock })
  const storage = change(memory)
  const titles = new Map<string, CatalogTitle>()
  const house = {
    clock,
    memory,
    titles: (...given: CatalogTitle[]) => {
      for (const title of given) titles.set(`${title.mediaType}/${title.tmdbId}`, title)
    },
    catalogueCalls: 0,
    catalogueDown: false,
    derivations: [] as string[],
    seen: undefined as Awaited<ReturnType<StoreWitness['load']>>,
    files: new Map<string, string>(),
    /** Messages that push services took, by endpoint. */
    pushed: [] as { endpoint: string; message: string }[],
    pushOutcome: 'sent' as 'sent' | 'gone' | 'failed',
    /** By how much the clock has been set forward beyond what has passed, ms. */
    jumped: 0,
    log: [] as { message: string; fields: LogFields | undefined }[],
  }
  const note = (message: string, fields?: LogFields) => void house.log.push({ message, fields })
  const ask = () => {
    house.catalogueCalls += 1
    if (house.catalogueDown) throw new Fault('catalog_unavailable', 'TMDB does not answer just now.')
  }
  const deployment: Deployment = {
    storage,
    clock,
    elapsed: () => clock.now() - house.jumped,
    logger: { debug: note, info: note, warn: note, error: note },
    catalog: {
      kind: 'tmdb',
      async search() {
        ask()
        return { results: [...titles.values()], page: 1, totalPages: 1, totalResults: titles.size }
      },
      async details(key) {
        ask()
        return titles.get(`${key.mediaType}/${key.tmdbId}`)
      },
      async trending(kind) {
        ask()
        return [...titles.values()].filter((title) => kind === 'all' || title.mediaType === kind)
      },
    },
    snapshots: {
      async save(name, body) {
        house.files.set(name, body)
      },
      load: async (name) => house.files.get(name),
    },
    witness: {
      load: async () => house.seen,
      async save(seen) {
        house.seen = seen
      },
    },
    newStoreIsExpected: true,
    deriveKey: async (password, salt, iterations) => {
      house.derivations.push(salt)
      return sha256Hex(`${password} ${salt} ${iterations}`)
    },
    push: {
      publicKey: async () => 'key',
      async send({ endpoint }, message) {
        if (house.pushOutcome === 'sent') house.pushed.push({ endpoint, message })
        return house.pushOutcome
      },
    },
    pushHosts: ['push.example'],
    trendingBody: (items) => JSON.stringify(items.map((item) => item.title)),
    signIn: {
      appSecretKey: 'app-secret-key-of-the-tests',
      passwords: { household: 'household-password', admin: 'admin-password' },
      iterations: 100_000,
    },
  }
  const useCases = createUseCases(deployment)
  return Object.assign(house, {
    useCases,
    deployment,
    /** The rows of a JSON list, as a client reads them. */
    async rows(feed: FeedName, profileId?: number): Promise<Record<string, unknown>[]> {
      return JSON.parse(textOf(await useCases.readFeed({ feed, profileId }, await useCases.feedVersion())))
    },
  })
}

/** A store whose named method throws while `broken.now` is true. */
export function breakable(broken: { now: boolean }, part: keyof Storage, method: string) {
  return (storage: Storage): Storage => ({
    ...storage,
    [part]: new Proxy(storage[part] as object, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name)
        if (name !== method || typeof value !== 'function') return value
        return async (...args: unknown[]) => {
          if (broken.now) throw new Fault('storage_unavailable', 'The store is down.')
          return value.apply(target, args)
        }
      },
    }),
  })
}

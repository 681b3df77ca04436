import {
  type Clock,
  type EpisodeResolver,
  Fault,
  type Logger,
  type MediaCatalog,
  type TrendingSnapshots,
} from '@stellarr/core'
import {
  checkTmdbKey,
  checkTvdbKey,
  type KeyCheck,
  openTvdb,
  sampleCatalog,
  tmdbCatalog,
  withTvdbSeasons,
} from '@stellarr/gateways'
import type { TitleKey, TitleKeys, TitleService } from '@stellarr/http'
import { fileTrendingSnapshots } from './data-files.ts'
import { loadTitleKeys, storeTitleKey } from './secrets.ts'
import type { Settings } from './settings.ts'

/** What a service said of its key is kept so long: the page that shows it is looked at again and again. */
const CHECK_MS = 60_000
/** Calls of a catalog that is no longer in use end within this. */
const CLOSE_MS = 10_000

const SERVICES: readonly TitleService[] = ['tmdb', 'tvdb']

export interface Titles {
  /** Whichever the keys open now: its `kind` changes with them. */
  catalog: MediaCatalog
  episodes: EpisodeResolver
  snapshots: TrendingSnapshots
  keys: TitleKeys
}

/** How the services of titles are called, and asked about a key. */
function services({ settings, clock, logger }: { settings: Settings; clock: Clock; logger: Logger }) {
  const tmdb = (apiKey: string) => ({
    apiKey,
    clock,
    logger,
    ...(settings.tmdbBaseUrl !== undefined && { baseUrl: settings.tmdbBaseUrl }),
    ...(settings.outboundProxy && { proxyEnv: settings.outboundProxy }),
  })
  const tvdb = (apiKey: string) => ({
    apiKey,
    clock,
    logger,
    ...(settings.tvdbBaseUrl !== undefined && { baseUrl: settings.tvdbBaseUrl }),
  })
  const check = (service: TitleService, key: string): Promise<KeyCheck> =>
    service === 'tmdb' ? checkTmdbKey(tmdb(key)) : checkTvdbKey(tvdb(key))
  const given: Record<TitleService, string | undefined> = { tmdb: settings.tmdbApiKey, tvdb: settings.tvdbApiKey }
  return { tmdb, tvdb, check, given, stored: loadTitleKeys(settings.dataDir) }
}

type Ask = (service: TitleService, key: string) => Promise<KeyCheck>

/** Each key as it stands. */
const listKeys = ({ given, stored }: Pick<ReturnType<typeof services>, 'given' | 'stored'>, ask: Ask) =>
  Promise.all(
    SERVICES.map(async (service): Promise<TitleKey> => {
      const key = given[service] ?? stored[service]
      if (key === undefined) return { service, source: 'none' }
      return { service, source: given[service] === undefined ? 'app' : 'environment', state: await ask(service, key) }
    }),
  )

/** Each key as it stands, asked of its service now; for where no app runs. */
export function askTitleKeys(around: { settings: Settings; clock: Clock; logger: Logger }): Promise<TitleKey[]> {
  const found = services(around)
  return listKeys(found, found.check)
}

/**
 * Where titles come from: TMDB with a key, else the sample catalog; series are counted as TVDB does where there is a key
 * for it, but never those of the sample. Keys that the admin sets are used from then on.
 * @param hide keeps a key out of the log
 * @param changed is called when another key is in use
 */
export function openTitles(options: {
  settings: Settings
  clock: Clock
  logger: Logger
  hide: (key: string) => void
  changed: () => void
}): Titles {
  const { settings, clock, logger, hide, changed } = options
  const { tmdb: tmdbOptions, tvdb: tvdbOptions, check, given, stored } = services({ settings, clock, logger })
  const keyOf = (service: TitleService) => given[service] ?? stored[service]
  for (const service of SERVICES) hide(keyOf(service) ?? '')

  function open() {
    const { tmdb: tmdbKey, tvdb: tvdbKey } = { tmdb: keyOf('tmdb'), tvdb: keyOf('tvdb') }
    const tvdb = tvdbKey === undefined ? undefined : openTvdb(tvdbOptions(tvdbKey))
    const tmdb = tmdbKey === undefined ? undefined : tmdbCatalog(tmdbOptions(tmdbKey))
    const catalog = tmdb ? (tvdb ? withTvdbSeasons(tmdb, tvdb.seasons) : tmdb) : sampleCatalog()
    const snapshots = fileTrendingSnapshots(settings.dataDir, catalog.kind)
    return { catalog, tvdb, snapshots, close: () => tmdb?.close() }
  }
  let current = open()

  function openAgain(): void {
    setTimeout(current.close, CLOSE_MS).unref()
    current = open()
    changed()
  }

  const checked = new Map<TitleService, { key: string; state: Promise<KeyCheck>; until: number }>()

  function stateOf(service: TitleService, key: string): Promise<KeyCheck> {
    const known = checked.get(service)
    if (known?.key === key && known.until > clock.now()) return known.state
    const state = check(service, key)
    checked.set(service, { key, state, until: clock.now() + CHECK_MS })
    return state
  }

  function put(service: TitleService, key: string | undefined): void {
    try {
      storeTitleKey(settings.dataDir, service, key)
    } catch (error) {
      throw new Fault('storage_unavailable', 'The data folder cannot be written just now. Nothing was changed.', error)
    }
    if (key === undefined) delete stored[service]
    else stored[service] = key
    openAgain()
  }

  return {
    catalog: {
      get kind() {
        return current.catalog.kind
      },
      search: (search) => current.catalog.search(search),
      details: (key, language) => current.catalog.details(key, language),
      trending: (kind, language) => current.catalog.trending(kind, language),
    },
    episodes: { seriesOf: async (episodeTvdbId) => current.tvdb?.episodes.seriesOf(episodeTvdbId) },
    snapshots: {
      save: (name, body) => current.snapshots.save(name, body),
      load: (name) => current.snapshots.load(name),
    },
    keys: {
      list: () => listKeys({ given, stored }, stateOf),
      change: {
        async set(service, key) {
          const state = await check(service, key)
          if (state !== 'works') return state
          hide(key)
          checked.set(service, { key, state: Promise.resolve(state), until: clock.now() + CHECK_MS })
          put(service, key)
          return 'kept'
        },
        async remove(service) {
          if (stored[service] !== undefined) put(service, undefined)
        },
      },
    },
  }
}

import { type ClientOptions, clientLists } from './client-lists.ts'
import type { ListReader, ListSettings } from './list-reader.ts'
import { type ListItem, RADARR_TYPES } from './list-types.ts'

export type RadarrListType = keyof typeof RADARR_TYPES

/** "Clean Library Level": what happens to a movie of the library that stands on no list. */
export type RadarrCleanLevel = 'disabled' | 'logOnly' | 'keepAndUnmonitor' | 'removeAndKeep' | 'removeAndDelete'

export interface RadarrListSettings extends ListSettings<RadarrListType> {
  /** The list's "Monitor"; false adds movies that Radarr does not look for. */
  monitors?: boolean
}

/** What Radarr's metadata server knows; undefined when it knows no such movie. */
export interface MovieLookup {
  byTmdbId(tmdbId: number): Movie | undefined
  byImdbId(imdbId: string): Movie | undefined
  /** The first hit of a title search. */
  byTitle(title: string): Movie | undefined
}

export interface Movie {
  tmdbId: number
  imdbId?: string
  title: string
}

/** A movie that is or was in the library, with what happened to it. Times are epoch ms. */
export interface MovieRecord extends Movie {
  /** The list that brought it; undefined when added by hand. */
  list: string | undefined
  /** Found by a title search: nobody asked for this very movie. */
  guessed: boolean
  addedAt: number
  monitored: boolean
  unmonitoredAt?: number
  removedAt?: number
  filesDeleted?: boolean
}

type List = ListReader<RadarrListSettings>

export const RADARR_USER_AGENT = 'Radarr/6.1.0.10000 (ubuntu 24.04)'

/**
 * A Radarr with its lists, its library and its clean step (FetchAndParseImportListService, ImportListSyncService). The
 * test calls `tick` every 5 minutes of its clock, as Radarr's scheduler does.
 */
export function simulatedRadarr(options: ClientOptions<RadarrListSettings, MovieLookup, RadarrCleanLevel>) {
  const { clock, lookup, cleanLevel = 'disabled' } = options
  const { answers, lists, named } = clientLists(options, RADARR_TYPES, RADARR_USER_AGENT)
  const library = new Map<number, MovieRecord>()
  /** Every movie that ever came, in order; one that came again stands here again. */
  const history: MovieRecord[] = []
  /** Movies that the clean step only named, at the level `logOnly`. */
  const logged = new Set<number>()
  const guesses = new Set<number>()
  /** "Import List Exclusions": no list brings these. */
  const excluded = new Set<number>()

  /** Finds the movie of a row; rows that the metadata server does not know are dropped. */
  function mapped(item: ListItem): ListItem | undefined {
    const byId = item.tmdbId > 0 ? lookup.byTmdbId(item.tmdbId) : item.imdbId ? lookup.byImdbId(item.imdbId) : undefined
    const named = item.tmdbId > 0 || item.imdbId
    const movie = named ? byId : item.title ? lookup.byTitle(item.title) : undefined
    if (!movie) return undefined
    if (!named) guesses.add(movie.tmdbId)
    return { ...movie, tvdbId: 0 }
  }

  /** Reads one list and keeps its rows. The stamp is set whether or not the read was good. */
  async function sync(list: List): Promise<{ items: ListItem[]; failed: boolean }> {
    const read = await list.fetch()
    list.stampedAt = clock.now()
    if (read === undefined) return { items: [], failed: true }
    const items = read.flatMap((item) => mapped(item) ?? [])
    list.stored = items
    for (const { tmdbId } of items) if (!list.firstSeen.has(tmdbId)) list.firstSeen.set(tmdbId, clock.now())
    return { items, failed: false }
  }

  function add(movie: Movie, list: List | undefined): void {
    if (library.has(movie.tmdbId)) return
    const record: MovieRecord = {
      ...movie,
      list: list?.settings.name,
      guessed: list !== undefined && guesses.has(movie.tmdbId),
      addedAt: clock.now(),
      monitored: list?.settings.monitors ?? true,
    }
    library.set(movie.tmdbId, record)
    history.push(record)
  }

  function addAll(items: readonly ListItem[], list: List): void {
    for (const item of list.adds ? items : []) {
      if (!excluded.has(item.tmdbId)) add({ title: '', ...item, tmdbId: item.tmdbId }, list)
    }
  }

  /** Looks at every movie of the library, those added by hand too. */
  function clean(): void {
    if (cleanLevel === 'disabled') return
    const listed = lists.flatMap((list) => list.stored)
    const ids = new Set(listed.map((item) => item.tmdbId))
    const imdbIds = new Set(listed.flatMap((item) => item.imdbId ?? []))
    for (const movie of [...library.values()]) {
      if (ids.has(movie.tmdbId) || (movie.imdbId !== undefined && imdbIds.has(movie.imdbId))) continue
      if (cleanLevel === 'logOnly') logged.add(movie.tmdbId)
      else if (cleanLevel === 'keepAndUnmonitor') {
        movie.monitored = false
        movie.unmonitoredAt ??= clock.now()
      } else {
        movie.removedAt = clock.now()
        movie.filesDeleted = cleanLevel === 'removeAndDelete'
        library.delete(movie.tmdbId)
      }
    }
  }

  return {
    lists,
    library,
    history,
    logged,
    excluded,
    answers,

    addByHand: (movie: Movie) => add(movie, undefined),

    /**
     * The scheduled sync of all lists, also what the "Import List Sync" task button does. A list within its minimum is
     * passed over in silence; one that is due but blocked counts as a failure. Nothing is cleaned after a failure or
     * when no list was read; cleaning goes by the kept rows of all lists and comes before adding.
     * @param reads `all`: also lists that are not due yet, as if so much time had passed
     */
    async tick(reads: 'due' | 'all' = 'due'): Promise<void> {
      let [synced, anyFailure] = [0, false]
      const found: [List, ListItem[]][] = []
      for (const list of lists) {
        if (reads === 'due' && list.isFresh()) continue
        if (list.status.blocked()) {
          anyFailure = true
          continue
        }
        const { items, failed } = await sync(list)
        synced += 1
        anyFailure ||= failed
        found.push([list, items])
      }
      if (synced === 0) return
      if (!anyFailure) clean()
      for (const [list, items] of found) addAll(items, list)
    },

    /** `POST /api/v3/command {name: ImportListSync, definitionId}`: one list at once, whatever its minimum; no cleaning. */
    async syncList(name: string): Promise<void> {
      const list = named(name)
      if (list) addAll((await sync(list)).items, list)
    },
  }
}

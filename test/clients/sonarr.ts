import { type ClientOptions, clientLists } from './client-lists.ts'
import type { ListReader, ListSettings } from './list-reader.ts'
import { type ListItem, SONARR_TYPES } from './list-types.ts'
import type { SeasonChoiceRow } from './program-lists.ts'

export type SonarrListType = keyof typeof SONARR_TYPES

/** "Clean Library Level"; Sonarr removes nothing by itself. */
export type SonarrCleanLevel = 'disabled' | 'logOnly' | 'keepAndUnmonitor' | 'keepAndTag'

export interface SonarrListSettings extends ListSettings<SonarrListType> {
  /** The list's "Monitor", for series whose seasons are not copied. */
  monitor?: 'all' | 'firstSeason' | 'none'
  /** "Monitor New Seasons": also for seasons of a new series that its row did not list. */
  monitorNewItems?: 'all' | 'none'
}

export interface Show {
  tvdbId: number
  tmdbId?: number
  imdbId?: string
  title: string
  /** Every season number there is, 0 for specials. */
  seasons: readonly number[]
}

/** What Sonarr's metadata server knows. */
export interface ShowLookup {
  byTvdbId(tvdbId: number): Show | undefined
  byImdbId(imdbId: string): Show | undefined
  byTmdbId(tmdbId: number): Show | undefined
}

/** A series that is in the library, with what happened to it. Times are epoch ms. */
export interface ShowRecord extends Show {
  /** The list that brought it; undefined when added by hand. */
  list: string | undefined
  addedAt: number
  monitored: boolean
  /** The seasons as chosen when it was added. */
  chosen: SeasonChoiceRow[]
  unmonitoredAt?: number
  taggedAt?: number
}

type List = ListReader<SonarrListSettings>

/** 4 is what most people have; 5 takes any id in its Custom List. */
export type SonarrVersion = 4 | 5

const USER_AGENTS: Record<SonarrVersion, string> = {
  4: 'Sonarr/4.0.15.2941 (ubuntu 24.04)',
  5: 'Sonarr/5.0.0.121 (ubuntu 24.04)',
}
export const SONARR_USER_AGENT = USER_AGENTS[5]

/** Two rows stand for the same series when one id of theirs is the same (ImportListItemService). */
function sameItem(one: ListItem, other: ListItem): boolean {
  return (
    (one.tvdbId > 0 && one.tvdbId === other.tvdbId) ||
    (!!one.imdbId && one.imdbId === other.imdbId) ||
    (one.tmdbId > 0 && one.tmdbId === other.tmdbId)
  )
}

/**
 * A Sonarr with its lists, its library and its clean step (FetchAndParseImportListService, ImportListSyncService,
 * AddSeriesService). The test calls `tick` every 5 minutes of its clock, as Sonarr's scheduler does.
 */
export function simulatedSonarr(
  options: ClientOptions<SonarrListSettings, ShowLookup, SonarrCleanLevel> & { version?: SonarrVersion },
) {
  const { clock, lookup, cleanLevel = 'disabled', version = 5 } = options
  const { answers, lists, named } = clientLists(options, SONARR_TYPES, USER_AGENTS[version])
  const library = new Map<number, ShowRecord>()
  const logged = new Set<number>()
  /** "Import List Exclusions": no list brings these. */
  const excluded = new Set<number>()

  /** Reads one list and keeps its rows. Only a good read is stamped. */
  async function sync(list: List): Promise<ListItem[]> {
    const items = await list.fetch()
    if (items === undefined) return []
    list.removedSinceClean ||=
      items !== list.stored && list.stored.some((old) => !items.some((item) => sameItem(old, item)))
    list.stored = items
    list.stampedAt = clock.now()
    return items
  }

  function seasonsOf(show: Show, item: ListItem, list: SonarrListSettings): SeasonChoiceRow[] {
    const copied = item.seasons ?? []
    return show.seasons.map((seasonNumber) => {
      const listed = copied.find((season) => season.seasonNumber === seasonNumber)
      if (listed) return listed
      const regular = seasonNumber > 0
      if (copied.length > 0) return { seasonNumber, monitored: regular && (list.monitorNewItems ?? 'all') === 'all' }
      const { monitor = 'all' } = list
      return {
        seasonNumber,
        monitored: regular && (monitor === 'all' || (monitor === 'firstSeason' && seasonNumber === 1)),
      }
    })
  }

  /** Finds the series of a row by TVDB id, from version 5 on else by IMDb id or TMDB id; the title is never searched. */
  function found(item: ListItem): Show | undefined {
    if (item.tvdbId > 0 || version < 5) return item.tvdbId > 0 ? lookup.byTvdbId(item.tvdbId) : undefined
    return (
      (item.imdbId ? lookup.byImdbId(item.imdbId) : undefined) ??
      (item.tmdbId > 0 ? lookup.byTmdbId(item.tmdbId) : undefined)
    )
  }

  function addAll(items: readonly ListItem[], list: List): void {
    for (const item of items) {
      const show = found(item)
      if (!show) continue
      if (!list.firstSeen.has(show.tvdbId)) list.firstSeen.set(show.tvdbId, clock.now())
      // A series that is there stays as it is, whatever its row says of seasons.
      if (!list.adds || library.has(show.tvdbId) || excluded.has(show.tvdbId)) continue
      library.set(show.tvdbId, {
        ...show,
        list: list.settings.name,
        addedAt: clock.now(),
        monitored: (list.settings.monitor ?? 'all') !== 'none',
        chosen: seasonsOf(show, item, list.settings),
      })
    }
  }

  /** Only when every list's last read was good and a row has left one of them since the last cleaning. */
  function cleanIsDue(): boolean {
    const adding = lists.filter((list) => list.adds)
    if (adding.some((list) => list.status.failedLast() || list.stampedAt === undefined)) return false
    return adding.some((list) => list.removedSinceClean)
  }

  function clean(): void {
    if (cleanLevel === 'disabled' || !cleanIsDue()) return
    const listed = lists.flatMap((list) => list.stored)
    for (const show of library.values()) {
      const isListed = listed.some(
        (item) =>
          item.tvdbId === show.tvdbId ||
          (!!item.imdbId && item.imdbId === show.imdbId) ||
          // As in Sonarr: a row and a series that both lack a TMDB id match each other.
          item.tmdbId === (show.tmdbId ?? 0),
      )
      if (isListed) continue
      if (cleanLevel === 'logOnly') logged.add(show.tvdbId)
      else if (cleanLevel === 'keepAndTag') show.taggedAt ??= clock.now()
      else if (show.monitored) {
        show.monitored = false
        show.unmonitoredAt = clock.now()
      }
    }
    for (const list of lists) list.removedSinceClean = false
  }

  return {
    lists,
    library,
    logged,
    excluded,
    answers,

    addByHand(show: Show): void {
      const chosen = show.seasons.map((seasonNumber) => ({ seasonNumber, monitored: seasonNumber > 0 }))
      library.set(show.tvdbId, { ...show, list: undefined, addedAt: clock.now(), monitored: true, chosen })
    },

    /**
     * The scheduled sync. Blocked lists are passed over; nothing at all happens when every list is blocked.
     * @param reads `all`: also lists that are not due yet, as if so much time had passed
     */
    async tick(reads: 'due' | 'all' = 'due'): Promise<void> {
      const open = lists.filter((list) => list.adds && !list.status.blocked())
      if (open.length === 0) return
      for (const list of open) if (reads === 'all' || !list.isFresh()) addAll(await sync(list), list)
      clean()
    },

    /** One list at once, whatever its minimum; cleans as the scheduled sync does. */
    async syncList(name: string): Promise<void> {
      const list = named(name)
      if (!list) return
      addAll(await sync(list), list)
      clean()
    },
  }
}

import type { CatalogSeason, CatalogTitle, Clock, Logger, MediaCatalog } from '@stellarr/core'
import { LRUCache } from 'lru-cache'
import { field, inTime, isTvdbId, Refusal, type TvdbClient, tvdbRest } from './tvdb-client.ts'
import { countEpisodes, type TvdbSeasonList } from './tvdb-episodes.ts'

export interface TvdbSeasonsOptions {
  client: TvdbClient
  clock: Clock
  logger: Logger
  /** The most series that are remembered. */
  maxKept?: number
}

/** Tells a series' seasons as TVDB, and with it Sonarr, counts them. */
export interface TvdbSeasons {
  /**
   * Undefined where TVDB has no such series or no episodes of it, or does not tell within `ms`. Never rejects.
   * @param tvdbId a series' id at TVDB
   */
  seasonsOf(tvdbId: number, ms: number): Promise<TvdbSeasonList | undefined>
}

/** Less than from one daily work to the next, which is to hear what is new. */
const KEPT_MS = 12 * 3_600_000
const PAGE_SIZE = 500
/** 20,000 episodes. */
const MAX_PAGES = 40
/** A page's time is short: TMDB's details wait for it. */
const PAGE_LIMITS = { timeoutMs: 2_500, maxBytes: 4 * 1024 * 1024 }
/** Pages that are asked for at once. */
const LANES = 4
/** What comes late has this time to come, while others are not kept waiting. */
const LATE_REST_MS = 10_000
/** A shorter time than this is none to judge TVDB by. */
const FAIR_MS = 1_500
/** Details end within 6 s, TMDB's part included. */
const DETAILS_MS = 5_800

/** How many pages there are; 0 where TVDB does not say it. */
function pagesOf(links: unknown): number {
  const pages = Math.ceil(Number(field(links, 'total_items')) / Number(field(links, 'page_size')))
  return Number.isFinite(pages) ? pages : 0
}

/**
 * Reads season lists at TVDB, page by page (`/series/{id}/episodes/default` of https://thetvdb.github.io/v4-api/), and
 * remembers them for a day. A series is asked for once at a time; what takes longer than anybody waits goes on, for the
 * next to ask. After a failure TVDB is left alone for a while. No log holds the key.
 */
export function tvdbSeasons({ client, clock, logger, maxKept = 500 }: TvdbSeasonsOptions): TvdbSeasons {
  const kept = new LRUCache<number, { list: TvdbSeasonList | undefined; until: number }>({ max: maxKept })
  const running = new Map<number, Promise<TvdbSeasonList | undefined>>()
  const rest = tvdbRest(clock, logger, 'seasons are numbered as TMDB does meanwhile.')

  async function read(tvdbId: number): Promise<TvdbSeasonList | undefined> {
    const count = countEpisodes(new Date(clock.now()).toISOString().slice(0, 10))
    let page = 0
    /** How many pages there are, as far as is known. */
    let pages = 1
    const readNext = async () => {
      const asked = page
      page += 1
      const answer = await client.get(`/series/${tvdbId}/episodes/default?page=${asked}`, PAGE_LIMITS)
      if (!answer && asked > 0) throw new Refusal('TVDB lacks a page of the episodes')
      const episodes = answer ? field(answer.data, 'episodes') : []
      if (!Array.isArray(episodes)) throw new Refusal('TVDB named no episodes')
      for (const episode of episodes) count.add(episode)
      const links = answer?.links
      const isLast = links ? !field(links, 'next') : episodes.length < PAGE_SIZE
      pages = isLast ? Math.min(pages, asked + 1) : Math.max(pages, asked + 2, pagesOf(links))
    }
    const lane = async () => {
      while (page < pages && pages <= MAX_PAGES) await readNext()
    }
    await readNext()
    await Promise.all(Array.from({ length: LANES }, lane))
    // A part of a list would be wrong numbers.
    const list = pages > MAX_PAGES ? undefined : count.list()
    kept.set(tvdbId, { list, until: clock.now() + KEPT_MS })
    return list
  }

  return {
    async seasonsOf(tvdbId, ms) {
      if (!isTvdbId(tvdbId)) return undefined
      const known = kept.get(tvdbId)
      if (known && known.until > clock.now()) return known.list
      if (rest.isOn()) return undefined
      const asked = running.get(tvdbId) ?? read(tvdbId).finally(() => running.delete(tvdbId))
      running.set(tvdbId, asked)
      try {
        return await inTime(asked, ms, new Refusal('TVDB takes too long', LATE_REST_MS))
      } catch (error) {
        // Where TMDB took the time, TVDB is not at fault.
        if (ms >= FAIR_MS) rest.begin(error)
        return undefined
      }
    },
  }
}

const isRegular = (season: CatalogSeason) => season.seasonNumber > 0

/** TMDB's title with TVDB's seasons. Names are kept only where both count alike: another season 2 is not of its name. */
function renumbered(title: CatalogTitle, list: TvdbSeasonList): CatalogTitle {
  const numbers = (seasons: CatalogSeason[]) => seasons.filter(isRegular).map((season) => season.seasonNumber)
  const isAlike = numbers(title.seasons).join() === numbers(list.seasons).join()
  const names = new Map(isAlike ? title.seasons.map((season) => [season.seasonNumber, season.name]) : [])
  const { seasons, ...run } = list
  return {
    ...title,
    numbering: 'tvdb',
    seasons: seasons.map((season) => {
      const name = names.get(season.seasonNumber)
      return { ...season, ...(name !== undefined && { name }) }
    }),
    numberOfSeasons: seasons.filter(isRegular).length,
    broadcast: { ended: title.broadcast?.ended ?? false, ...run },
  }
}

/**
 * A catalogue whose details of a series count its seasons as TVDB does. Where TVDB does not tell them in time, the
 * seasons are as they were, and it is said.
 */
export function withTvdbSeasons(catalog: MediaCatalog, tvdb: TvdbSeasons): MediaCatalog {
  return {
    kind: catalog.kind,
    search: (search) => catalog.search(search),
    trending: (kind, language) => catalog.trending(kind, language),
    async details(key, language) {
      const began = performance.now()
      const title = await catalog.details(key, language)
      if (title?.mediaType !== 'tv') return title
      if (title.tvdbId === undefined) return { ...title, tvdbMissed: true }
      const list = await tvdb.seasonsOf(title.tvdbId, DETAILS_MS - (performance.now() - began))
      return list ? renumbered(title, list) : { ...title, tvdbMissed: true }
    },
  }
}

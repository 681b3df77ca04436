import type { Ids } from './ids.ts'

export type MediaType = 'movie' | 'tv'

/** How people call the titles of a type. */
export const PLURAL: Record<MediaType, string> = { movie: 'movies', tv: 'series' }

/** One row of a sync, as Stellarr's API takes it. */
export interface Item {
  tmdb_id: number
  tvdb_id?: number
  imdb_id?: string
  title?: string
  seasons?: { season_number: number; episodes: number }[]
}

/** A title as a media server has it. */
export interface Found {
  title: string
  year: number | undefined
  ids: Ids
  /** Series only: episodes that are there, by season. */
  seasons?: ReadonlyMap<number, number>
}

/** As long as the API takes titles. */
const MAX_TITLE = 1_000
/** Titles without an id that are told by name. */
const NAMED = 20

/** What one sync is to carry: titles by TMDB id, doubles merged; those without that id are counted and named. */
export class Collection {
  readonly #items = new Map<number, Item>()
  /** How many had no TMDB id. */
  skipped = 0
  /** The first of them. */
  readonly skippedTitles: string[] = []

  /** Takes a title in. One that is there already (in another library, say) gets the larger episode counts. */
  add({ title, year, ids, seasons }: Found): void {
    if (ids.tmdb === undefined) {
      this.skipped += 1
      if (this.skippedTitles.length < NAMED) this.skippedTitles.push(year ? `${title} (${year})` : title)
      return
    }
    const item: Item = this.#items.get(ids.tmdb) ?? { tmdb_id: ids.tmdb }
    if (ids.tvdb !== undefined) item.tvdb_id ??= ids.tvdb
    if (ids.imdb !== undefined) item.imdb_id ??= ids.imdb
    if (title !== '') item.title ??= title.slice(0, MAX_TITLE)
    if (seasons) {
      const most = new Map(item.seasons?.map((season) => [season.season_number, season.episodes]))
      for (const [season, episodes] of seasons) most.set(season, Math.max(most.get(season) ?? 0, episodes))
      item.seasons = [...most]
        .sort(([a], [b]) => a - b)
        .map(([season_number, episodes]) => ({ season_number, episodes }))
    }
    this.#items.set(ids.tmdb, item)
  }

  get size(): number {
    return this.#items.size
  }

  /** The titles in pages of at most `size`; made one at a time. */
  *pages(size: number): Generator<Item[]> {
    let page: Item[] = []
    for (const item of this.#items.values()) {
      page.push(item)
      if (page.length === size) {
        yield page
        page = []
      }
    }
    if (page.length > 0) yield page
  }
}

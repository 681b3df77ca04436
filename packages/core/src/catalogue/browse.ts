import type { Clock } from '../base/index.ts'
import { keyText, type Language, type TitleKey } from '../titles/index.ts'
import type { CatalogItem, CatalogSearch, CatalogTitle } from './catalog.ts'
import type { MediaCatalog, ShownLibrary, ShownRequests } from './ports.ts'

export interface FoundItem extends CatalogItem {
  requested: boolean
  inLibrary: boolean
}

/** One title, with what the household has of it. */
export interface MarkedTitle<Request, Row> {
  title: CatalogTitle
  /** Absent when nobody asked or it was withdrawn. */
  request: Request | undefined
  libraryRows: Row[]
  /** False where the catalogue has no such title any more, and `title` is what the request kept of it. */
  isInCatalog: boolean
  /** When, epoch ms: what has aired by then counts. */
  at: number
}

/** Looking things up: search, and one title. */
export function browseUseCases<Request extends TitleKey, Row extends TitleKey>(deps: {
  requests: ShownRequests<Request>
  /** What a request has kept of its title. */
  titleOf(request: Request): CatalogTitle
  library: ShownLibrary<Row>
  catalog: MediaCatalog
  clock: Clock
}) {
  return {
    /** One catalogue call and two batched reads. Throws the catalogue's faults and the store's. */
    async search(search: CatalogSearch) {
      const page = await deps.catalog.search(search)
      const keys = page.results.map(({ mediaType, tmdbId }) => ({ mediaType, tmdbId }))
      const [requests, rows] = await Promise.all([deps.requests.findMany(keys), deps.library.findMany(keys)])
      const requested = new Set(requests.map(keyText))
      const present = new Set(rows.map(keyText))
      const results: FoundItem[] = page.results.map((item) => ({
        ...item,
        requested: requested.has(keyText(item)),
        inLibrary: present.has(keyText(item)),
      }))
      return { ...page, results }
    },

    /** Everything about one title; undefined when the catalogue has none of that id and nobody has asked for it. */
    async viewTitle(key: TitleKey, language: Language): Promise<MarkedTitle<Request, Row> | undefined> {
      const [title, request, libraryRows] = await Promise.all([
        deps.catalog.details(key, language),
        deps.requests.find(key),
        deps.library.findMany([key]),
      ])
      const household = { request, libraryRows, at: deps.clock.now() }
      if (title) return { ...household, title, isInCatalog: true }
      // The sample catalogue has a few titles only: a title that it lacks is none that was taken out.
      const isInCatalog = deps.catalog.kind === 'sample'
      return request && { ...household, title: deps.titleOf(request), isInCatalog }
    },
  }
}

import type { Language, TitleKey } from '../titles/index.ts'
import type { CatalogItem, CatalogPage, CatalogSearch, CatalogTitle, TrendingKind } from './catalog.ts'

/** TMDB or the sample catalogue. Answers or throws a fault of the catalogue (`catalog_…`) within 6 s. */
export interface MediaCatalog {
  /** May change while it runs, where the admin sets a key. */
  kind: 'tmdb' | 'sample'
  search(search: CatalogSearch): Promise<CatalogPage>
  /** Undefined when the catalogue has no such title. */
  details(key: TitleKey, language: Language): Promise<CatalogTitle | undefined>
  /** This week's titles, without people. */
  trending(kind: TrendingKind, language: Language): Promise<CatalogItem[]>
}

/** The public trending files. */
export interface TrendingSnapshots {
  /** Replaces one file (`trending-all-en.json`) in one step. */
  save(name: string, body: string): Promise<void>
  load(name: string): Promise<string | undefined>
}

/** The requests that people see, for the marks on titles; `Request` is whatever `requests` takes for one. */
export interface ShownRequests<Request extends TitleKey> {
  find(key: TitleKey): Promise<Request | undefined>
  findMany(keys: readonly TitleKey[]): Promise<Request[]>
}

/** What is in the library, for the marks on titles; `Row` is whatever `library` keeps of a title. */
export interface ShownLibrary<Row extends TitleKey> {
  findMany(keys: readonly TitleKey[]): Promise<Row[]>
}

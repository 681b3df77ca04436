export {
  backgroundWork,
  type Clock,
  constantTimeEqual,
  type ExportPage,
  Fault,
  type FaultCode,
  isFault,
  type LogFields,
  type Logger,
  localTurns,
  type Revision,
  type SettingsStore,
  type StoreIdentity,
  sha256Hex,
  type Turns,
  toBase64Url,
  utf8,
} from './base/index.ts'
export {
  browseUseCases,
  type CatalogItem,
  type CatalogPage,
  type CatalogSearch,
  type CatalogSeason,
  type CatalogTitle,
  type FoundItem,
  type MediaCatalog,
  TRENDING_KEPT,
  TRENDING_KINDS,
  type TrendingBody,
  type TrendingKind,
  type TrendingSnapshots,
  trendingFileName,
} from './catalogue/index.ts'
export * from './clients/index.ts'
export * from './create-use-cases.ts'
export * from './daily/index.ts'
export * from './library/index.ts'
export {
  canonicalText,
  compareHouse,
  countingRow,
  exportHouse,
  findImport,
  fromPredecessor,
  HOUSE_BATCH,
  HOUSE_KINDS,
  type HouseKind,
  type HousePage,
  type HousePlace,
  type HouseRow,
  type HouseRows,
  houseImport,
  IMPORT_PROGRESS,
  type ImportOptions,
  type ImportStart,
  isCarried,
  type OwnThing,
  openFeeds,
  type PredecessorRow,
  type Standing,
  type TitleRow,
  UNKNOWN_ASKER,
} from './moving/index.ts'
export * from './people/index.ts'
export {
  type Changed,
  type MediaRequestRepository,
  type RequestInput,
  type RequestOutcome,
  requestUseCases,
  type WithdrawOutcome,
} from './requests/index.ts'
export * from './requests/media-request.ts'
export {
  FEED_SETTINGS,
  type FeedSettingsUseCases,
  feedSettingsUseCases,
  parseFeedSettings,
} from './routing/index.ts'
export * from './rules.ts'
export * from './storage.ts'
export * from './telling/index.ts'
export * from './titles/media.ts'
export * from './titles/rules/index.ts'

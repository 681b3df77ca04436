export {
  backgroundWork,
  type Clock,
  type ExportPage,
  Fault,
  type FaultCode,
  isFault,
  type LogFields,
  type Logger,
  localTurns,
  pacer,
  type SettingsStore,
  type Slice,
  type StoreIdentity,
  sha256Hex,
  TURN_WAIT_MS,
  type Turns,
  unlessRefused,
} from './base/index.ts'
export {
  type Broadcast,
  type CatalogItem,
  type CatalogSeason,
  type CatalogTitle,
  type EpisodeAiring,
  type FoundItem,
  type MediaCatalog,
  TRENDING_KEPT,
  TRENDING_KINDS,
  type TrendingSnapshots,
  trendingFileName,
} from './catalogue/index.ts'
export * from './checks/index.ts'
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
  houseImport,
  type ImportOptions,
  type ImportStart,
  isCarried,
  type OwnThing,
  openFeeds,
  type PredecessorRow,
  type Standing,
  type TitleRow,
} from './moving/index.ts'
export * from './people/index.ts'
export type {
  Changed,
  HouseholdStatus,
  MediaRequestRepository,
  RequestInput,
  RequestOutcome,
  RequestsPage,
  RequestsWanted,
  WithdrawOutcome,
} from './requests/index.ts'
export * from './requests/media-request.ts'
export { parseFeedSettings, type RoutedRequest, type RowCounts } from './routing/index.ts'
export * from './rules.ts'
export * from './storage.ts'
export * from './telling/index.ts'
export * from './titles/rules/index.ts'

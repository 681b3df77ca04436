import {
  type ActivityEntry,
  type Clock,
  type ExportPage,
  type LibraryItem,
  type LibraryRow,
  type LibrarySource,
  localTurns,
  MEDIA_TYPES,
  type MediaRequest,
  type MediaType,
  type OutboxMessage,
  type PushSubscription,
  type TitleKey,
  type TriesOf,
  type Turns,
} from '../index.ts'

const PAGE = 1_000

export interface MemorySync {
  source: LibrarySource
  mediaType: MediaType
  number: number
  beganAt: number
  pages: Map<number, readonly LibraryItem[]>
}

export interface MemoryLibraryRow {
  row: LibraryRow
  /** The newest sync that had begun when `add` last reported it. */
  touched: number
}

/** What a memory store holds. All stores that are opened on the same data are one, as over one file or table. */
export interface MemoryData {
  storeId: string
  isNew: boolean
  revision: number
  requests: Map<string, MediaRequest>
  library: Map<string, MemoryLibraryRow>
  /** Titles that a sync removed, by source, until they are forgotten. */
  removed: Map<LibrarySource, TitleKey[]>
  syncs: Map<string, MemorySync>
  syncNumber: number
  devices: Map<string, PushSubscription>
  guids: Map<string, TitleKey & { tvdbId?: number }>
  settings: Map<string, string>
  tries: TriesOf
  challenges: Map<string, number>
  /** Newest first. */
  activity: ActivityEntry[]
  messages: Map<string, OutboxMessage>
  lastMessage: number
  turns: Turns
}

/** The data of an empty store. */
export function memoryData(clock: Clock): MemoryData {
  return {
    storeId: crypto.randomUUID(),
    isNew: true,
    revision: 0,
    requests: new Map(),
    library: new Map(),
    removed: new Map(),
    syncs: new Map(),
    syncNumber: 0,
    devices: new Map(),
    guids: new Map(),
    settings: new Map(),
    tries: new Map(),
    challenges: new Map(),
    activity: [],
    messages: new Map(),
    lastMessage: 0,
    turns: localTurns(clock),
  }
}

/** Gives the data; throws `storage_unavailable` once the store is closed. */
export type OpenData = () => MemoryData

/** The name of a title in maps. */
export const nameOf = (key: TitleKey) => `${key.mediaType}/${key.tmdbId}`

/** By media type, then TMDB id. */
export function byKey(a: TitleKey, b: TitleKey): number {
  return MEDIA_TYPES.indexOf(a.mediaType) - MEDIA_TYPES.indexOf(b.mediaType) || a.tmdbId - b.tmdbId
}

/** A title as a text that sorts as `byKey` does. */
export const sortText = (key: TitleKey) =>
  `${MEDIA_TYPES.indexOf(key.mediaType)}/${String(key.tmdbId).padStart(10, '0')}`

/** A page of copies of the rows in the order of `textOf`, from the first behind the cursor on. */
export function pageOf<Row>(
  rows: Iterable<Row>,
  textOf: (row: Row) => string,
  cursor: string | undefined,
): ExportPage<Row> {
  const following = [...rows]
    .filter((row) => cursor === undefined || textOf(row) > cursor)
    .sort((a, b) => (textOf(a) < textOf(b) ? -1 : 1))
  const page = structuredClone(following.slice(0, PAGE))
  const last = following.length > PAGE ? page.at(-1) : undefined
  return last === undefined ? { rows: page } : { rows: page, cursor: textOf(last) }
}

import { addressText, FEEDS, type FeedAddress, parseAddress } from './feeds.ts'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

/** A reader is noted at most this often. */
export const NOTE_EVERY_MS = 5 * MINUTE_MS
/** Readers remembered; whoever read longest ago makes room. */
export const MAX_READERS = 50
/** A reader that has not come back for so long is forgotten. */
const FORGET_MS = 90 * DAY_MS

/** Which reader: a key, a program, an address. */
export interface ReaderKey extends FeedAddress {
  /** Which key it used: `feed` for the common one, else the id of a reader's own. */
  keyId: string
  /** `Radarr`, `Sonarr` or another program that says its name; `other` for the rest. */
  app: string
}

/** A client that reads a list. */
export interface FeedReader extends ReaderKey {
  version?: string
  /** Rows in its last noted answer. */
  rows: number
  /** True when it used the older of two keys. */
  oldKey: boolean
  /** Epoch ms. */
  firstReadAt: number
  lastReadAt: number
}

/** One name for a reader. */
export const readerName = (reader: ReaderKey): string => `${reader.keyId} ${reader.app} ${addressText(reader)}`

/** Program and version of a User-Agent such as `Radarr/6.1.0.10000 (ubuntu 24.04)`; browsers and tools are `other`. */
export function appOf(userAgent: string | undefined): { app: string; version?: string } {
  const [, app, version] =
    /^(Radarr|Sonarr|Lidarr|Prowlarr|Whisparr|Readarr)\/([\w.-]{1,30})/i.exec(userAgent ?? '') ?? []
  if (app === undefined || version === undefined) return { app: 'other' }
  return { app: app.charAt(0).toUpperCase() + app.slice(1).toLowerCase(), version }
}

/** A reader that has read no later than now: what a clock that was ahead has stamped counts as read now. @param now epoch ms */
export const readBy = (reader: FeedReader, now: number): FeedReader => ({
  ...reader,
  firstReadAt: Math.min(reader.firstReadAt, now),
  lastReadAt: Math.min(reader.lastReadAt, now),
})

/** The readers with one more read noted, newest first, without those that are long gone. */
export function withRead(readers: readonly FeedReader[], read: Omit<FeedReader, 'firstReadAt'>): FeedReader[] {
  const name = readerName(read)
  const before = readers.find((reader) => readerName(reader) === name)
  const others = readers.filter((reader) => reader !== before && reader.lastReadAt > read.lastReadAt - FORGET_MS)
  const now = read.lastReadAt
  return [{ ...read, firstReadAt: before?.firstReadAt ?? now }, ...others]
    .map((reader) => readBy(reader, now))
    .sort((a, b) => b.lastReadAt - a.lastReadAt)
    .slice(0, MAX_READERS)
}

/**
 * True when a client that used to read has stopped: it had come back by its own schedule at least once, and a day has
 * passed since its next read was due. A browser or a script is no such client.
 */
export function isSilent(reader: FeedReader, now: number): boolean {
  const every = FEEDS[reader.feed].refreshMinutes * MINUTE_MS
  const usedToRead = reader.app !== 'other' && reader.lastReadAt - reader.firstReadAt >= every
  return usedToRead && now > reader.lastReadAt + every + DAY_MS
}

/** Reads the stored form; what cannot be read is left out, since nothing depends on it but what people are shown. */
export function parseReaders(stored: string | undefined): FeedReader[] {
  let rows: unknown
  try {
    rows = JSON.parse(stored ?? '[]')
  } catch {
    rows = []
  }
  return Array.isArray(rows) ? rows.flatMap(parseReader) : []
}

function parseReader(row: unknown): FeedReader[] {
  if (row === null || typeof row !== 'object') return []
  const { keyId, app, address, version, rows, oldKey, firstReadAt, lastReadAt } = row as Record<string, unknown>
  const at = typeof address === 'string' ? parseAddress(address) : undefined
  if (!at || typeof keyId !== 'string' || typeof app !== 'string') return []
  const numbers = [rows, firstReadAt, lastReadAt].map(Number)
  const [count = 0, first = 0, last = 0] = numbers
  if (!numbers.every(Number.isFinite)) return []
  const reader = { keyId, app, ...at, rows: count, oldKey: oldKey === true, firstReadAt: first, lastReadAt: last }
  return [typeof version === 'string' ? { ...reader, version } : reader]
}

/** The stored form of the readers. */
export function storedReaders(readers: readonly FeedReader[]): string {
  return JSON.stringify(
    readers.map(({ feed, profileId, ...rest }) => ({ address: addressText({ feed, profileId }), ...rest })),
  )
}

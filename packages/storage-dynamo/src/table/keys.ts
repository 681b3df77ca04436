import { createHash } from 'node:crypto'
import { Fault, MAX_ID, MEDIA_TYPES, type MediaType, type TitleKey } from '@stellarr/core'
import { type Row, text, wellFormed, whole } from './attribute-values.ts'
import type { Wording } from './expressions.ts'

/**
 * The keys of all rows: partition key `media_type` (text), sort key `tmdb_id` (whole number).
 *
 * - `movie`, `tv` / TMDB id: the requests, and nothing else, so that a feed reads and pays for requests alone
 * - `LIBRARY#movie`, `LIBRARY#tv` / TMDB id: the library, one item a title
 * - `REVISION` / 0: the revision and what goes with it (state-row.ts); `STORE` / 0: the store's id,
 *   and whether it is new
 * - `SYNC#<id>` / 0: a running sync; from 1 on: its staged pages (TTL)
 * - `SETTING#<name>`, `PLEX_GUID#<guid>`, `PUSH#<endpoint>` / 0
 * - `PUSHUSER#<name>` / 53 bits of the endpoint's hash: a person's devices
 * - `TURN#<name>` / 0: who does what only one may do at a time (TTL)
 * - `ACTIVITY#<day>` / time and a number: messages received that UTC day (TTL); `OUTBOX` / time and a number
 * - `RATELIMIT#<client>`, `CHALLENGE#<hash>` / 0: sign-in (TTL)
 *
 * This file is the only one that makes keys. A media type is checked here although TypeScript checks it too: were a
 * text from a request body to reach a partition key, it would open every other kind of row.
 */
export interface Key {
  media_type: string
  tmdb_id: number
}

/** DynamoDB takes partition keys of up to 2,048 bytes; what is longer than this is named by its hash. */
const LONGEST_NAME = 1_024

const sha256 = (value: string) => createHash('sha256').update(value).digest()

/** Kinds of rows that are named: each has a partition of its own. */
type Kind = 'ACTIVITY' | 'CHALLENGE' | 'PLEX_GUID' | 'PUSH' | 'PUSHUSER' | 'RATELIMIT' | 'SETTING' | 'SYNC' | 'TURN'

function named(kind: Kind, name: string): Key {
  const short = Buffer.byteLength(name) <= LONGEST_NAME
  return { media_type: `${kind}#${short ? wellFormed(name) : `sha256:${sha256(name).toString('hex')}`}`, tmdb_id: 0 }
}

/** Only rows of a kind; for scans. */
export const ofKind =
  (kind: Kind): Wording =>
  (e) =>
    `begins_with(${e.name('media_type')}, ${e.value(`${kind}#`)})`

/** The key of a row that was read. */
export const keyOf = (row: Row): Key => ({ media_type: text(row, 'media_type'), tmdb_id: whole(row, 'tmdb_id') })

/** A key as one text. */
export const keyName = ({ media_type, tmdb_id }: Key): string => `${media_type}/${tmdb_id}`

/** A place in a partition, to read on from; there need be no row. */
export const placeIn = (partition: string, sortKey: number): Key => ({ media_type: partition, tmdb_id: sortKey })

/** The checked partition of a media type's requests. Throws for anything but `movie` and `tv`. */
export function requestPartition(mediaType: MediaType): string {
  if (!MEDIA_TYPES.includes(mediaType)) throw new TypeError('DynamoDB: a media type is movie or tv.')
  return mediaType
}

export const libraryPartition = (mediaType: MediaType): string => `LIBRARY#${requestPartition(mediaType)}`

function checkedId(id: number): number {
  if (!Number.isSafeInteger(id) || id < 1 || id > MAX_ID) {
    throw new TypeError('DynamoDB: a TMDB id is a whole number from 1 to 2^31 - 1.')
  }
  return id
}

export const requestKey = ({ mediaType, tmdbId }: TitleKey): Key => ({
  media_type: requestPartition(mediaType),
  tmdb_id: checkedId(tmdbId),
})

export const libraryKey = ({ mediaType, tmdbId }: TitleKey): Key => ({
  media_type: libraryPartition(mediaType),
  tmdb_id: checkedId(tmdbId),
})

export const REVISION_KEY: Key = { media_type: 'REVISION', tmdb_id: 0 }
export const STORE_KEY: Key = { media_type: 'STORE', tmdb_id: 0 }

export const settingKey = (name: string): Key => named('SETTING', name)
export const plexGuidKey = (guid: string): Key => named('PLEX_GUID', guid)
export const pushKey = (endpoint: string): Key => named('PUSH', endpoint)
export const rateLimitKey = (client: string): Key => named('RATELIMIT', client)
export const challengeKey = (hash: string): Key => named('CHALLENGE', hash)
export const turnKey = (name: string): Key => named('TURN', name)
export const syncKey = (syncId: string): Key => named('SYNC', syncId)

/** A person's device; 53 bits keep the sort key a safe number, and two devices of one person apart. */
export function pushUserKey(user: string, endpoint: string): Key {
  const bits = sha256(endpoint).readBigUInt64BE() >> 11n
  return { media_type: named('PUSHUSER', user).media_type, tmdb_id: Number(bits) }
}

/** The partition of a UTC day (number since 1970) of messages received. */
export const activityPartition = (day: number): string => named('ACTIVITY', String(day)).media_type
export const OUTBOX_PARTITION = 'OUTBOX'

/** A message that waits, by its id. */
export const outboxKey = (id: string): Key => ({ media_type: OUTBOX_PARTITION, tmdb_id: Number(id) })

/** Things of one millisecond that still have sort keys of their own; times up to the year 2250 leave room for as many. */
export const KEYS_A_MS = 1_000

/** A key that goes by time. @param n below `KEYS_A_MS` */
export const timeKey = (partition: string, at: number, n: number): Key => ({
  media_type: partition,
  tmdb_id: at * KEYS_A_MS + n,
})

/** Parts that one page of a sync may be cut into; the parts of page n lie between those of n - 1 and n + 1. */
export const MAX_PAGE_PARTS = 1_000

/** One part of a staged page. Throws `storage_unavailable` for a page of more parts than there is room for. */
export function syncPartKey(syncId: string, page: number, part: number): Key {
  if (part >= MAX_PAGE_PARTS) throw new Fault('storage_unavailable', 'The page of this sync is too large.')
  return { ...syncKey(syncId), tmdb_id: 1 + page * MAX_PAGE_PARTS + part }
}

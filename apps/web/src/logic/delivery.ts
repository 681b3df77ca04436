import type { FeedName, FeedReader, RequestRow } from '@stellarr/http/wire'
import { takesType } from './feed-lists.ts'

/** Where a waiting request stands with those who read the feeds. */
export type Delivery =
  /** Read since it was requested. */
  | { kind: 'read'; reader: FeedReader }
  /** Not yet: that reader was the last to look. */
  | { kind: 'not_yet'; reader: FeedReader }
  /** Readers there are, but all read another profile. */
  | { kind: 'other_profile' }
  | { kind: 'nobody' }

/** Whether a reader gets nothing of a request for want of an id. Sonarr takes any id in its Custom List from version 5 on. */
function isOutOfReach(row: RequestRow, { app, version, list }: FeedReader): boolean {
  const takesAnyId = list === 'sonarr' && app === 'Sonarr' && Number.parseInt(version ?? '', 10) >= 5
  return row.undeliverable_by.includes(list) && !takesAnyId
}

const latestFirst = (a: FeedReader, b: FeedReader) => Date.parse(b.last_read_at) - Date.parse(a.last_read_at)

/**
 * Whether a reader that gets a request has looked since. Undefined when it no longer waits, and when no list of
 * those that are read can carry it for want of an id, which is said elsewhere.
 * @param profile the name of its quality profile, when it is known
 */
export function deliveryOf(
  row: RequestRow,
  readers: readonly FeedReader[],
  profile: string | undefined,
): Delivery | undefined {
  if (row.status !== 'pending') return undefined
  const all = readers.filter((reader) => takesType(reader, row.media_type))
  if (all.length === 0) return { kind: 'nobody' }
  const able = all.filter((reader) => !isOutOfReach(row, reader))
  if (able.length === 0) return undefined
  const [latest] = able
    .filter((reader) => reader.profile === null || profile === undefined || reader.profile === profile)
    .sort(latestFirst)
  if (!latest) return { kind: 'other_profile' }
  return { kind: Date.parse(latest.last_read_at) >= Date.parse(row.created_at) ? 'read' : 'not_yet', reader: latest }
}

/**
 * The lists that do not deliver a request to somebody who reads them; all of them while nobody reads any list of its type,
 * so that whoever sets one up knows.
 */
export function missingFrom(row: RequestRow, readers: readonly FeedReader[]): FeedName[] {
  const all = readers.filter((reader) => takesType(reader, row.media_type))
  return row.undeliverable_by.filter(
    (list) => all.length === 0 || all.some((reader) => reader.list === list && isOutOfReach(row, reader)),
  )
}

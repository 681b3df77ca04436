import { createHash, type Hash } from 'node:crypto'
import {
  canonicalText,
  HOUSE_KINDS,
  type HouseKind,
  type HouseRow,
  isCarried,
  LANGUAGES,
  LIBRARY_SOURCES,
  MAX_ID,
  MEDIA_REQUEST_STATUSES,
  MEDIA_TYPES,
  parseFeedSettings,
} from '@stellarr/core'
import * as v from 'valibot'
import { Stop } from './stop.ts'

/**
 * The file: JSON lines in UTF-8. A header; every row of the store, a line each, as packages/core names its fields (times
 * are epoch ms everywhere); after each page where the export can go on; and at the end how many rows there are of each
 * kind, and the SHA-256 of all bytes before that line.
 */
export const FORMAT = 'stellarr-house'
export const VERSION = 1

const time = v.pipe(v.number(), v.safeInteger())
const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const id = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_ID))
const imdbId = v.pipe(v.string(), v.regex(/^tt\d{7,10}$/, 'expected tt and 7 to 10 digits'))
const mediaType = v.picklist(MEDIA_TYPES)
const source = v.picklist(LIBRARY_SOURCES)
const key = { mediaType, tmdbId: id }
const externalIds = { imdbId: v.exactOptional(imdbId), tvdbId: v.exactOptional(id) }
const said = { source, at: time }
const counted = v.strictObject({ episodes: whole, ...said })

const season = v.strictObject({
  seasonNumber: whole,
  name: v.exactOptional(v.string()),
  episodeCount: whole,
  airDate: v.exactOptional(v.string()),
  later: v.exactOptional(v.literal(true)),
  asked: v.exactOptional(v.literal(true)),
  here: v.exactOptional(counted),
  counted: v.exactOptional(counted),
  episodes: v.exactOptional(
    v.array(v.strictObject({ number: whole, ...said, gone: v.exactOptional(v.literal(true)) })),
  ),
})

const request = v.strictObject({
  ...key,
  ...externalIds,
  title: v.string(),
  originalTitle: v.exactOptional(v.string()),
  year: v.exactOptional(v.pipe(v.number(), v.integer())),
  overview: v.string(),
  posterPath: v.exactOptional(v.string()),
  seasons: v.exactOptional(v.union([v.literal('all'), v.array(whole)])),
  futureSeasons: v.exactOptional(v.boolean()),
  qualityProfileId: id,
  status: v.picklist(MEDIA_REQUEST_STATUSES),
  statusAt: time,
  statements: v.array(
    v.strictObject({
      status: v.picklist(MEDIA_REQUEST_STATUSES),
      source: v.picklist([...LIBRARY_SOURCES, 'person']),
      at: time,
    }),
  ),
  requestedBy: v.string(),
  followers: v.array(v.string()),
  createdAt: time,
  addedAt: v.exactOptional(time),
  withdrawnAt: v.exactOptional(time),
  seasonState: v.array(season),
})

const isReadable = (value: string) => {
  try {
    return parseFeedSettings(value).importing === undefined
  } catch {
    return false
  }
}

const ROWS = {
  setting: v.pipe(
    v.strictObject({ name: v.string(), value: v.string() }),
    v.check(({ name }) => isCarried(name), 'this setting belongs to one store alone'),
    v.check(({ name, value }) => name !== 'feeds' || isReadable(value), 'the routing of the feeds cannot be read'),
  ),
  guid: v.strictObject({ guid: v.string(), ...key, tvdbId: v.exactOptional(id) }),
  subscription: v.strictObject({
    endpoint: v.pipe(v.string(), v.url()),
    user: v.string(),
    keys: v.strictObject({ p256dh: v.string(), auth: v.string() }),
    language: v.picklist(LANGUAGES),
    createdAt: time,
  }),
  library: v.strictObject({
    ...key,
    ...externalIds,
    title: v.exactOptional(v.string()),
    seasons: v.exactOptional(v.array(v.strictObject({ seasonNumber: whole, episodes: whole }))),
    source,
    addedAt: time,
  }),
  request,
}

const row = <Kind extends HouseKind, Row extends v.GenericSchema>(kind: Kind, schema: Row) =>
  v.strictObject({ kind: v.literal(kind), row: schema })

const header = v.strictObject({
  kind: v.literal('header'),
  format: v.literal(FORMAT),
  version: v.literal(VERSION),
  id: v.pipe(v.string(), v.minLength(1), v.maxLength(100)),
  exportedAt: time,
  store: v.strictObject({ kind: v.string(), id: v.string(), revision: v.number() }),
})

const counts = v.strictObject({ setting: whole, guid: whole, subscription: whole, library: whole, request: whole })

const line = v.variant('kind', [
  header,
  row('setting', ROWS.setting),
  row('guid', ROWS.guid),
  row('subscription', ROWS.subscription),
  row('library', ROWS.library),
  row('request', ROWS.request),
  v.strictObject({
    kind: v.literal('page'),
    next: v.strictObject({ kind: v.picklist(HOUSE_KINDS), cursor: v.exactOptional(v.string()) }),
  }),
  v.strictObject({ kind: v.literal('end'), counts, sha256: v.string() }),
])

export type Header = v.InferOutput<typeof header>
export type Counts = v.InferOutput<typeof counts>
export type Line = v.InferOutput<typeof line>

/** Throws `Stop` with one sentence for a text that is no line of the format. */
export function parseLine(text: string): Line {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new Stop('this is no JSON, or was cut off.')
  }
  const result = v.safeParse(line, value)
  if (result.success) return result.output
  const [issue] = result.issues
  const { format, version, kind } = Object(value)
  if (kind === 'header' && format === FORMAT && version !== VERSION) {
    throw new Stop(`the file is of version ${JSON.stringify(version)}, and this program reads version ${VERSION}.`)
  }
  if (v.getDotPath(issue) === 'kind') throw new Stop(`there are no lines of kind ${JSON.stringify(kind) ?? 'unknown'}.`)
  throw new Stop(`${v.getDotPath(issue) ?? 'line'}: ${issue.message}.`.replaceAll('..', '.'))
}

export const rowText = (one: HouseRow): string => canonicalText(one)
export const noRows = (): Counts => ({ setting: 0, guid: 0, subscription: 0, library: 0, request: 0 })
export const sumOf = (all: Counts): number => HOUSE_KINDS.reduce((sum, kind) => sum + all[kind], 0)
export const newHash = (): Hash => createHash('sha256')

const WORDS: Record<HouseKind, [one: string, many: string]> = {
  request: ['request', 'requests'],
  library: ['library row', 'library rows'],
  setting: ['setting', 'settings'],
  subscription: ['device', 'devices'],
  guid: ['known title id', 'known title ids'],
}

/** `12,000`. */
export const grouped = (count: number): string => count.toLocaleString('en')

/** `12,000 library rows`. */
export const amount = (kind: HouseKind, count: number): string =>
  `${grouped(count)} ${WORDS[kind][count === 1 ? 0 : 1]}`

/** `5 requests, 12 library rows, …`, all kinds. */
export const amounts = (all: Counts): string =>
  [...HOUSE_KINDS]
    .reverse()
    .map((kind) => amount(kind, all[kind]))
    .join(', ')

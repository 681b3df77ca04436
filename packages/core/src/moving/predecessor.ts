import { cleanName, MAX_NAME_LENGTH } from '../people/index.ts'
import type { StatusStatement } from '../requests/index.ts'
import { isImdbId, isTmdbPoster, MAX_ID, MEDIA_TYPES, type MediaType } from '../titles/index.ts'
import type { HouseRow } from './house.ts'

/** A row of the predecessor's store, its columns or attributes by their names there. */
export interface PredecessorRow {
  kind: 'request' | 'library'
  /** How to find it there: `requests, row 12`. */
  place: string
  fields: Readonly<Record<string, unknown>>
}

/** What such a row becomes. */
export type TitleRow = Extract<HouseRow, { kind: PredecessorRow['kind'] }>

/** Stands for who asked where the predecessor did not keep it. */
export const UNKNOWN_ASKER = 'Household'

class BadField extends Error {}

/**
 * A row of the predecessor as ours: what has been added is `available` by the word of a sync (a series in part, since its
 * episodes were not counted), anything else `pending`;
 * of a series all seasons are wanted, those to come too, as of any that nobody chose seasons of. An IMDb id or a poster
 * that cannot be one is left out.
 * @returns the row, or what is wrong with it (`tmdb_id is "abc"`)
 */
export function fromPredecessor({ kind, fields }: PredecessorRow): { row: TitleRow } | { bad: string } {
  try {
    return { row: kind === 'request' ? requestOf(fields) : libraryOf(fields) }
  } catch (error) {
    if (error instanceof BadField) return { bad: error.message }
    throw error
  }
}

/** Which of two rows of one title counts: the first, unless only the other has arrived. */
export function countingRow(first: TitleRow, other: TitleRow): TitleRow {
  const hasArrived = (one: TitleRow) => one.kind === 'request' && one.row.addedAt !== undefined
  return hasArrived(other) && !hasArrived(first) ? other : first
}

type Fields = PredecessorRow['fields']

function requestOf(fields: Fields): TitleRow {
  const mediaType = typeOf(fields)
  const title = textOf(fields, 'title')
  if (title === undefined) throw bad(fields, 'title')
  const createdAt = timeOf(fields, 'created_at')
  if (createdAt === undefined) throw bad(fields, 'created_at')
  const addedAt = timeOf(fields, 'added_at')
  const year = idOf(fields, 'year')
  const posterPath = textOf(fields, 'poster_path')
  // Of a series it kept that it is there, and not which episodes.
  const here: Pick<StatusStatement, 'status' | 'uncounted'> =
    mediaType === 'movie' ? { status: 'available' } : { status: 'partly_available', uncounted: true }
  return {
    kind: 'request',
    row: {
      mediaType,
      tmdbId: tmdbIdOf(fields),
      ...externalIdsOf(fields),
      title,
      ...(year !== undefined && { year }),
      overview: textOf(fields, 'overview') ?? '',
      ...(posterPath !== undefined && isTmdbPoster(posterPath) && { posterPath }),
      ...(mediaType === 'tv' && { seasons: 'all', futureSeasons: true }),
      qualityProfileId: 1,
      status: addedAt === undefined ? 'pending' : here.status,
      statusAt: addedAt ?? createdAt,
      statements: addedAt === undefined ? [] : [{ ...here, source: 'sync', at: addedAt }],
      requestedBy: askerOf(fields),
      followers: [],
      createdAt,
      ...(addedAt !== undefined && { addedAt }),
      seasonState: [],
    },
  }
}

function libraryOf(fields: Fields): TitleRow {
  const title = textOf(fields, 'title')
  return {
    kind: 'library',
    row: {
      mediaType: typeOf(fields),
      tmdbId: tmdbIdOf(fields),
      ...externalIdsOf(fields),
      ...(title !== undefined && { title }),
      source: 'sync',
      // Not known when: long ago.
      addedAt: timeOf(fields, 'synced_at') ?? 0,
    },
  }
}

function bad(fields: Fields, name: string): BadField {
  const value = fields[name]
  if (value === undefined || value === null || value === '') return new BadField(`${name} is missing`)
  const shown = typeof value === 'string' || typeof value === 'number' ? cut(JSON.stringify(value), 40) : 'no text'
  return new BadField(`${name} is ${shown}`)
}

/** At most so many characters, none of them halved. */
const cut = (text: string, length: number) => [...text].slice(0, length).join('')

/** A text without blanks around it; undefined for an empty one. */
function textOf(fields: Fields, name: string): string | undefined {
  const value = fields[name]
  const text = typeof value === 'string' ? value.trim() : ''
  return text === '' ? undefined : text
}

/** Who asked, named as sign-in names them, so that they find what is theirs. */
function askerOf(fields: Fields): string {
  const name = textOf(fields, 'requested_by')?.normalize('NFC') ?? ''
  return cleanName(cut(name, MAX_NAME_LENGTH)) ?? UNKNOWN_ASKER
}

/** A whole number from 1 on, also as text; undefined where there is none or 0. */
function idOf(fields: Fields, name: string): number | undefined {
  const value = fields[name] ?? ''
  if (value === '' || value === 0) return undefined
  const number = typeof value === 'string' && /^\d{1,10}$/.test(value.trim()) ? Number(value) : value
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < 1 || number > MAX_ID) {
    throw bad(fields, name)
  }
  return number
}

function tmdbIdOf(fields: Fields): number {
  const id = idOf(fields, 'tmdb_id')
  if (id === undefined) throw bad(fields, 'tmdb_id')
  return id
}

function typeOf(fields: Fields): MediaType {
  const type = MEDIA_TYPES.find((one) => one === fields.media_type)
  if (type === undefined) throw bad(fields, 'media_type')
  return type
}

function externalIdsOf(fields: Fields): { imdbId?: string; tvdbId?: number } {
  const imdbId = textOf(fields, 'imdb_id')
  const tvdbId = idOf(fields, 'tvdb_id')
  // An odd one is no reason to lose the title: what a request lacks is asked of the catalogue every day.
  return { ...(imdbId !== undefined && isImdbId(imdbId) && { imdbId }), ...(tvdbId !== undefined && { tvdbId }) }
}

const TIME = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?) ?(Z|[+-]\d{2}:?\d{2})?$/

/** A time as epoch ms: `YYYY-MM-DD HH:MM:SS`, which is UTC, or ISO 8601. */
function timeOf(fields: Fields, name: string): number | undefined {
  const text = textOf(fields, name)
  if (text === undefined) {
    if (fields[name] === undefined || fields[name] === null || fields[name] === '') return undefined
    throw bad(fields, name)
  }
  const [, day, time = '', zone = 'Z'] = TIME.exec(text) ?? []
  // More than ms, which JavaScript does not read everywhere, is left out.
  const at = Date.parse(`${day}T${time.replace(/(\.\d{3})\d+/, '$1')}${zone.replace(/(\d{2}):?(\d{2})$/, '$1:$2')}`)
  if (Number.isNaN(at)) throw bad(fields, name)
  return at
}

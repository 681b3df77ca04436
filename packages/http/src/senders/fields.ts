import {
  isImdbId,
  MAX_ID,
  MAX_SEASON_NUMBER,
  type MediaEvent,
  type ReadEvent,
  type TitleIds,
  titleAndYear,
  UNSHOWN,
} from '@stellarr/core'
import * as v from 'valibot'

/** Longer titles are no titles; they are cut. */
const MAX_TITLE = 1_000
const UNSHOWN_RUNS = new RegExp(`${UNSHOWN.source}+`, 'gu')

/** A field that is read as well as it goes: absent where it is missing, odd or of another type. */
export const lenient = <Value>(read: (value: unknown) => Value | undefined) =>
  v.optional(v.pipe(v.unknown(), v.transform(read)))

function readText(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  // Cut first, by characters as people see them: half of a pair of surrogates is no text.
  const cut = value.length > MAX_TITLE ? [...value.slice(0, MAX_TITLE + 1)].slice(0, -1).join('') : value
  const clean = cut.replace(UNSHOWN_RUNS, ' ').trim()
  return clean === '' ? undefined : clean
}

/** Whole numbers as numbers or digits: senders that fill in templates send everything as text. */
function readWhole(value: unknown, min: number, max: number): number | undefined {
  const number = typeof value === 'string' && /^\s*\d{1,10}\s*$/.test(value) ? Number(value) : value
  return typeof number === 'number' && Number.isInteger(number) && number >= min && number <= max ? number : undefined
}

export const text = lenient(readText)
/** An id of TMDB or TVDB. */
export const id = lenient((value) => readWhole(value, 1, MAX_ID))
export const imdbId = lenient((value) => {
  const clean = readText(value)
  return clean !== undefined && isImdbId(clean) ? clean : undefined
})
/** A year that movies can have. */
export const year = lenient((value) => readWhole(value, 1870, 2200))
/** The number of a season or an episode. */
export const readPartNumber = (value: unknown) => readWhole(value, 0, MAX_SEASON_NUMBER)
export const partNumber = lenient(readPartNumber)
/** How many episodes there are. */
export const count = lenient((value) => readWhole(value, 0, 100_000))
/** A name that some write as a number, of no more than 64 characters. */
export const label = lenient((value) => {
  const clean = Number.isSafeInteger(value) ? String(value) : readText(value)
  return clean !== undefined && clean.length <= 64 ? clean : undefined
})
export const flag = lenient((value) => (typeof value === 'boolean' ? value : undefined))

/** Fields of an object within; absent where it is none. */
export const within = <Entries extends v.ObjectEntries>(entries: Entries) =>
  v.fallback(v.optional(v.object(entries)), undefined)

/** The objects of a list that have these fields; what is no such object is left out. */
export const listOf = <Entries extends v.ObjectEntries>(entries: Entries) => {
  const item = v.object(entries)
  return lenient((value) =>
    Array.isArray(value)
      ? value.flatMap((one: unknown) => {
          const read = v.safeParse(item, one)
          return read.success ? [read.output] : []
        })
      : undefined,
  )
}

/** The fields of a body by a schema whose every field is lenient; undefined when the body is no object. */
export function fieldsOf<Schema extends v.GenericSchema>(
  schema: Schema,
  body: unknown,
): v.InferOutput<Schema> | undefined {
  if (Array.isArray(body)) return undefined
  const read = v.safeParse(schema, body)
  return read.success ? read.output : undefined
}

export const ignored = (reason: string): ReadEvent => ({ kind: 'ignored', reason })
export const invalid = (field: string, expected: string): ReadEvent => ({ kind: 'invalid', field, expected })
export const NO_OBJECT = invalid('', 'a JSON object')
/**
 * A sender's own message that lacks what we would need: nothing is wrong with the connection, and an error would make
 * Sonarr and Radarr stop sending (decision 0042).
 */
export const unusable = (field: string, expected: string): ReadEvent => ignored(`${field}: expected ${expected}.`)

/** A sender's own word in quotes, where it is one: reasons never repeat anything longer or stranger. */
export const quoted = (word: string): string => (/^[\w.-]{1,40}$/.test(word) ? `"${word}"` : 'something')

/** Ids without what is not known. */
export function idsOf(known: {
  tmdbId?: number | undefined
  tvdbId?: number | undefined
  imdbId?: string | undefined
}): TitleIds {
  const ids: TitleIds = {}
  if (known.tmdbId !== undefined) ids.tmdbId = known.tmdbId
  if (known.tvdbId !== undefined) ids.tvdbId = known.tvdbId
  if (known.imdbId !== undefined) ids.imdbId = known.imdbId
  return ids
}

/** Title and year as an event names them. */
export function nameOf(title: string | undefined, known: number | undefined): Pick<MediaEvent, 'title' | 'year'> {
  if (title !== undefined) return titleAndYear(title, known)
  return known === undefined ? {} : { year: known }
}

/** Episodes from `first` to `last` (of a file with several) of one season. */
export function episodes(seasonNumber: number, first: number, last: number | undefined = first) {
  const end = Math.min(Math.max(first, last), first + 99)
  return Array.from({ length: end - first + 1 }, (_, n) => ({ seasonNumber, episodeNumber: first + n }))
}

import { MAX_ID, MEDIA_TYPES, type MediaType, type TitleKey } from '@stellarr/core'
import express, { type Request, type Response } from 'express'
import * as v from 'valibot'
import { HttpError } from './http-error.ts'
import { inLargeBodyTurn } from './large-bodies.ts'

/**
 * Reads a JSON body. It is UTF-8, as RFC 8259 asks of JSON between systems; another charset is a 415. With `inTurn` large
 * ones are read one at a time (see `inLargeBodyTurn`).
 */
export function jsonBody({
  inTurn = false,
  ...options
}: {
  /** In bytes, unpacked. */
  limit: number
  strict?: boolean
  inTurn?: boolean
}): (req: Request, res: Response) => Promise<void> {
  const read = express.json(options)
  return async (req, res) => {
    const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(req.get('content-type') ?? '')?.[1]
    if (charset !== undefined && charset.toLowerCase() !== 'utf-8') {
      throw new HttpError(415, 'unsupported_encoding', 'The body must be UTF-8, plain or gzip.')
    }
    const parsed = () =>
      new Promise<void>((resolve, reject) => {
        endAt(req, res, options.limit + PASSED_OVER, reject)
        read(req, res, (error?: unknown) => (error === undefined ? resolve() : reject(error)))
      })
    await (inTurn ? inLargeBodyTurn(req, res, parsed) : parsed())
  }
}

/** So much of a body that is too large is read for its sender to hear why; a body without an end is cut. */
const PASSED_OVER = 1024 * 1024

/** Gives a body up at a length, in bytes as sent: the parser would read on to its end before it said anything. */
function endAt(req: Request, res: Response, most: number, giveUp: (error: HttpError) => void): void {
  let length = 0
  req.on('data', (part: Buffer) => {
    length += part.length
    if (length <= most || res.headersSent) return
    res.setHeader('Connection', 'close')
    giveUp(new HttpError(413, 'too_large', 'The body is too large.'))
  })
}

/**
 * Reads unknown input by a schema. Throws 422 naming the first field at fault and what was expected.
 * @param whole the name of what is read, where that is no body
 */
export function parse<Schema extends v.GenericSchema>(
  schema: Schema,
  input: unknown,
  whole = '',
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, input, { abortEarly: true })
  if (result.success) return result.output
  const { field: inside, expected } = describeIssue(result.issues[0])
  const field = inside === '' ? whole : inside
  throw new HttpError(
    422,
    'invalid',
    field === '' ? `The body must be ${expected}.` : `${field}: expected ${expected}.`,
    {
      field,
    },
  )
}

/** Where an issue lies (`seasons.0`) and what was expected there. The received value is never repeated. */
export function describeIssue(issue: v.BaseIssue<unknown>): { field: string; expected: string } {
  // Of a choice between shapes, the issues of one lie within it: their paths begin where the choice's ends.
  const inner = issue.issues?.find((one) => one.path !== undefined)
  const deepest = inner ?? issue
  const field = [issue, inner].flatMap((one) => (one && v.getDotPath(one)) ?? []).join('.')
  const expected = deepest.expected ?? issue.expected ?? deepest.message
  return { field, expected: expected === 'Object' ? 'a JSON object' : expected === 'Array' ? 'a JSON array' : expected }
}

/** `movie` or `tv`, nothing else ever: the value is a partition key on DynamoDB. */
export function parseMediaType(value: unknown, field = 'media_type'): MediaType {
  const known = MEDIA_TYPES.find((type) => type === value)
  if (known === undefined) throw new HttpError(422, 'invalid', `${field}: expected "movie" or "tv".`, { field })
  return known
}

/** The title that the path's `type` and `id` name. */
export function parseTitleKey({ type, id }: { type: string; id: string }): TitleKey {
  const mediaType = parseMediaType(type)
  const tmdbId = /^\d{1,10}$/.test(id) ? Number(id) : 0
  if (tmdbId < 1 || tmdbId > MAX_ID) {
    throw new HttpError(422, 'invalid', `tmdb_id: expected a whole number from 1 to ${MAX_ID}.`, { field: 'tmdb_id' })
  }
  return { mediaType, tmdbId }
}

/** Reads a value of the query: undefined where it is absent, an array where it is repeated. Throws 422 naming it. */
export type QueryReader<Value> = (given: unknown, name: string) => Value

/** Names a value that is read elsewhere: a token by the guard, a profile once the settings are known. */
export const readElsewhere: QueryReader<unknown> = (given) => given

/** A text that is given at most once. */
export function oneText(given: unknown, name: string): string | undefined {
  if (given === undefined || typeof given === 'string') return given
  throw new HttpError(422, 'invalid', `${name}: expected one value.`, { field: name })
}

/** `true` or `false`. */
export function flag(given: unknown, name: string): boolean | undefined {
  const value = oneText(given, name)
  if (value === undefined) return undefined
  if (value === 'true' || value === '1') return true
  if (value === 'false' || value === '0') return false
  throw new HttpError(422, 'invalid', `${name}: expected true or false.`, { field: name })
}

/** `movie`, `tv` or nothing. */
export function anyMediaType(given: unknown, name: string): MediaType | undefined {
  const value = oneText(given, name)
  return value === undefined ? undefined : parseMediaType(value, name)
}

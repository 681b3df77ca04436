import fc from 'fast-check'

/** Values that are right, nearly right, or nothing of the kind, under the names that the API knows. */
const value = fc.oneof(
  fc.constantFrom<unknown>('movie', 'tv', 'all', 603, 1396, 27205, 0, -1, 2 ** 31, 1.5, null, true, '', 'sync', 'x'),
  fc.array(fc.integer({ min: -1, max: 6 }), { maxLength: 4 }),
  fc.jsonValue({ maxDepth: 2 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
)
const names = [
  'query',
  'page',
  'media_type',
  'tmdb_id',
  'seasons',
  'future_seasons',
  'quality_profile_id',
  'origin',
  'timestamp',
  'hash',
  'name',
  'source',
  'pages',
  'confirm',
  'tvdb_id',
  'quality_profiles',
  'default_quality_profile_id',
  'keep_arrived_days',
  'tags_hidden',
  'replaces',
  '__proto__',
  'constructor',
] as const
const fields = fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 8 })
/** A JSON body, mostly of names that are known. */
export const anyBody = fc.oneof(fields, fc.array(fields, { maxLength: 5 }), fc.jsonValue({ maxDepth: 3 }))
/** A part of a path. */
export const anyPart = fc.oneof(
  fc.constantFrom('movie', 'tv', '603', '1396', '0', '4294967296', '..', '%2e%2e', '%00'),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).map(encodeURIComponent),
)
/** A query. */
export const anyQuery = fc.dictionary(
  fc.constantFrom('media_type', 'clear', 'confirm', 'by', 'token', 'page', 'profile', 'feed', 'old', 'apikey'),
  fc.string({ maxLength: 6 }),
  { maxKeys: 3 },
)

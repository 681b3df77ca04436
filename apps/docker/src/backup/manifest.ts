import * as v from 'valibot'
import { Refused } from './refused.ts'

/** What a backup holds, in the order of the archive; nothing else is taken out of one. */
export const MANIFEST = 'manifest.json'
export const SECRETS = 'secrets.json'
export const DATABASE = 'stellarr.db'

/** The form of archive that this version writes and reads. */
const FORMAT = 1
/** More is no manifest. */
export const MAX_MANIFEST = 64 * 1024
/** More are no secrets. */
const MAX_SECRETS = 1024 * 1024

const amount = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const file = v.object({ size: amount, sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)) })

const manifest = v.object({
  format: v.literal(FORMAT),
  /** The version of Stellarr that made it. */
  version: v.string(),
  /** ISO time. */
  made_at: v.pipe(v.string(), v.isoTimestamp()),
  /** The name of the store's newest migration. */
  schema: v.pipe(v.string(), v.minLength(1)),
  store_id: v.string(),
  revision: amount,
  counts: v.object({ requests: amount, library_items: amount, devices: amount, settings: amount }),
  files: v.object({
    [SECRETS]: v.exactOptional(v.object({ ...file.entries, size: v.pipe(amount, v.maxValue(MAX_SECRETS)) })),
    [DATABASE]: file,
  }),
})

export type Manifest = v.InferOutput<typeof manifest>
export type FileNote = v.InferOutput<typeof file>

export const manifestOf = (facts: Omit<Manifest, 'format'>): Manifest => ({ format: FORMAT, ...facts })

/** Reads the manifest of an archive. Throws `Refused` for what is none of ours. */
export function parseManifest(text: string): Manifest {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new Refused(`its ${MANIFEST} is not JSON.`)
  }
  const { format } = Object(value)
  if (typeof format === 'number' && format > FORMAT) throw new Refused('a newer Stellarr made it: update this one.')
  const result = v.safeParse(manifest, value)
  if (result.success) return result.output
  const [issue] = result.issues
  throw new Refused(`its ${MANIFEST} cannot be right (${v.getDotPath(issue) ?? 'the whole'}).`)
}

import * as v from 'valibot'
import { readable } from './parts.ts'
import { time } from './time.ts'

/** Feed keys of single readers. */

/** A feed key of one reader; the key itself is shown once, when it is made. */
export const readerKey = v.object({
  id: v.string(),
  name: v.string(),
  created_at: time,
  /** When it was replaced: the older key is valid until it is ended. */
  replaced_at: v.nullable(time),
})

export const readerKeysAnswer = v.object({ tokens: v.array(readerKey) })

/** A new reader's name, or the id of the reader whose key is replaced. */
export const readerKeyBody = v.union([
  v.strictObject({ name: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(50), readable) }),
  v.strictObject({ replaces: v.pipe(v.string(), v.minLength(1), v.maxLength(50)) }),
])

export const newReaderKeyAnswer = v.object({
  /** The key, never shown again. */
  token: v.string(),
  reader: readerKey,
})

export type ReaderKey = v.InferOutput<typeof readerKey>
export type ReaderKeysAnswer = v.InferOutput<typeof readerKeysAnswer>
export type ReaderKeyBody = v.InferInput<typeof readerKeyBody>
export type NewReaderKeyAnswer = v.InferOutput<typeof newReaderKeyAnswer>

import * as v from 'valibot'
import { time } from './time.ts'

/** Every error: text for people, a literal for programs, the field at fault when one is. */
export const errorAnswer = v.object({
  detail: v.string(),
  code: v.string(),
  field: v.optional(v.string()),
  /** At sign-in, on 401. */
  tries_left: v.optional(v.number()),
  /** On 429: ISO time. */
  retry_at: v.optional(time),
  /** On what went wrong here: what the log calls this request, as `X-Request-Id` does. */
  request_id: v.optional(v.string()),
})

export type ErrorAnswer = v.InferOutput<typeof errorAnswer>

import { MAX_NAME_LENGTH } from '@stellarr/core/rules'
import * as v from 'valibot'
import { time } from './time.ts'

/** Signing in. */

/** What the web app must know before sign-in, besides `iterations` and the server's clock (Unix seconds). */
export const authParamsAnswer = v.object({
  iterations: v.number(),
  now: v.number(),
  /** `sample` while no TMDB key is set. */
  catalogue: v.picklist(['tmdb', 'sample']),
  version: v.string(),
})

/** What shows that somebody knows a password: the answer to a challenge. */
export const passwordProof = v.object({
  origin: v.pipe(v.string(), v.maxLength(300)),
  /** Unix seconds. */
  timestamp: v.pipe(v.number(), v.integer(), v.minValue(0)),
  hash: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/i)),
})

export const verifyBody = v.object({
  ...passwordProof.entries,
  name: v.pipe(v.string(), v.description(`1 to ${MAX_NAME_LENGTH} characters (code points), none of them invisible`)),
  as: v.optional(
    v.pipe(
      v.picklist(['household', 'admin']),
      v.description(
        'Whose password it is meant to be: only theirs is tried, and their tries count. Left out, it counts as household, and both passwords are tried.',
      ),
    ),
  ),
})

export const verifyAnswer = v.object({
  valid: v.literal(true),
  token: v.string(),
  name: v.string(),
  role: v.picklist(['household', 'admin']),
  /** ISO time at which the session ends. */
  expires_at: time,
})

export type AuthParams = v.InferOutput<typeof authParamsAnswer>
export type PasswordProof = v.InferOutput<typeof passwordProof>
export type VerifyBody = v.InferOutput<typeof verifyBody>
export type VerifyAnswer = v.InferOutput<typeof verifyAnswer>

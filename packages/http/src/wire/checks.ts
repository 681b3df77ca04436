import { CHECK_GROUPS, CHECK_STATES } from '@stellarr/core/rules'
import * as v from 'valibot'
import { nullableText } from './parts.ts'
import { time } from './time.ts'

/** How everything stands, and whether the server is ready. */

/** One thing as it stands. */
export const check = v.object({
  /** Names it: `radarr-messages`. */
  id: v.string(),
  group: v.picklist(CHECK_GROUPS),
  state: v.picklist(CHECK_STATES),
  /** When it was last seen to work, and not to. */
  last_good_at: v.nullable(time),
  last_bad_at: v.nullable(time),
  /** Why it stands so. */
  code: nullableText,
  /** What `next_step` is made of; never a secret. */
  facts: v.record(v.string(), v.union([v.string(), v.number(), v.boolean()])),
  /** What to do, as an English sentence. */
  next_step: nullableText,
})

export const checksAnswer = v.array(check)

/** The store can be read. Lists that are closed are no reason to restart anything, or to send nobody here. */
export const readyAnswer = v.object({ store: v.literal('ready'), feeds: v.picklist(['open', 'closed']) })

export type CheckRow = v.InferOutput<typeof check>

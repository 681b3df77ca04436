import * as v from 'valibot'
import { feedReader } from './lists.ts'
import { titleRef } from './parts.ts'

/** The server itself: is it up, what is running, what the admin should know. */

export const healthAnswer = v.object({
  status: v.literal('healthy'),
  service: v.literal('stellarr'),
  version: v.string(),
})

/** What is running here, for the page about it. */
export const aboutAnswer = v.object({
  version: v.string(),
  /** Which store holds requests and library, in words. */
  store: v.string(),
  catalogue: v.picklist(['tmdb', 'sample']),
})

/** What the admin should know or do, in words. */
export const noticesAnswer = v.object({
  notices: v.array(
    v.object({
      code: v.picklist([
        'store_closed',
        'import_running',
        'feed_emptied',
        'proxy_not_trusted',
        'reader_silent',
        'title_not_in_catalog',
      ]),
      detail: v.string(),
      /** Whom a silent reader's notice is about. */
      reader: v.optional(feedReader),
      /** Which title the catalogue has no longer. */
      title: v.optional(titleRef),
    }),
  ),
})

export type AboutAnswer = v.InferOutput<typeof aboutAnswer>
export type NoticesAnswer = v.InferOutput<typeof noticesAnswer>

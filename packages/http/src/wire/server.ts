import { STRANGE_STORES } from '@stellarr/core/rules'
import * as v from 'valibot'
import { feedReader } from './lists.ts'
import { titleRef } from './parts.ts'
import { passwordProof } from './people.ts'

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
  /** Whether a backup can be made here. */
  backup: v.boolean(),
})

/** What the admin should know or do, in words. */
export const noticesAnswer = v.object({
  notices: v.array(
    v.object({
      code: v.picklist([
        ...STRANGE_STORES,
        'import_running',
        'feed_emptied',
        'proxy_not_trusted',
        'reader_silent',
        'title_not_in_catalog',
        'many_deletions',
        'backup_skipped',
        'backup_failed',
      ]),
      detail: v.string(),
      /** Whom a silent reader's notice is about. */
      reader: v.optional(feedReader),
      /** The proxies that TRUSTED_PROXIES does not name. */
      addresses: v.optional(v.array(v.string())),
      /** Which title the catalogue has no longer. */
      title: v.optional(titleRef),
      /** What a Radarr or Sonarr has deleted, of how many rows that it had read. */
      deletions: v.optional(
        v.object({
          app: v.picklist(['radarr', 'sonarr']),
          count: v.number(),
          of: v.number(),
          titles: v.array(v.string()),
        }),
      ),
    }),
  ),
})

/** A backup holds the keys and passwords too when the admin proves their own password again. */
export const backupBody = v.strictObject({ proof: v.optional(passwordProof) })

/** What becomes of the titles: they are requested again, or leave the lists. */
export const deletionBody = v.strictObject({
  app: v.picklist(['radarr', 'sonarr']),
  answer: v.picklist(['keep', 'remove']),
  /** To remove them: how many there are. */
  count: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
})

/** How many were requested again or left, and how many stay as the last row of a list. */
export const deletionAnswer = v.object({
  success: v.literal(true),
  message: v.string(),
  left: v.number(),
  stayed: v.number(),
})

export type BackupBody = v.InferInput<typeof backupBody>
export type DeletionBody = v.InferInput<typeof deletionBody>
export type DeletionAnswer = v.InferOutput<typeof deletionAnswer>
export type AboutAnswer = v.InferOutput<typeof aboutAnswer>
export type NoticesAnswer = v.InferOutput<typeof noticesAnswer>

import * as v from 'valibot'
import { id, mediaType, readable } from './parts.ts'

/** How the admin routes the lists: quality profiles, retention, tags. */

const profileName = v.pipe(
  v.string(),
  v.trim(),
  v.minLength(1),
  v.maxLength(40),
  readable,
  v.regex(/[^\d\s]/, 'a name that is more than a number'),
)

/** An absolute folder as the clients' machines name it; only compared, never opened. */
const rootFolder = v.pipe(
  v.string(),
  v.trim(),
  v.maxLength(200),
  v.regex(/^(\/|[A-Za-z]:[\\/])[^\p{Cc}]*$/u, 'an absolute folder like /movies'),
)

export const adminSettingsAnswer = v.object({
  quality_profiles: v.array(
    v.object({
      id,
      name: v.string(),
      root_folders: v.object({ movie: v.string(), tv: v.string() }),
      /** How many requests carry it; one that is used cannot be removed. */
      requests: v.number(),
      /** The root folders that their rows have: a row keeps the one it was listed with, whatever becomes of the profile's. */
      folders_in_use: v.array(v.object({ media_type: mediaType, path: v.string(), rows: v.number() })),
    }),
  ),
  default_quality_profile_id: id,
  /** Days after which what has arrived leaves the feeds; null: it stays for good. */
  keep_arrived_days: v.nullable(v.number()),
  tags_hidden: v.boolean(),
  /** Rows with a tag in lists that a client has read: what hiding the tags takes out of filtered ones. */
  tagged_rows: v.object({ movie: v.number(), tv: v.number() }),
  tags: v.array(v.object({ id, label: v.string(), name: v.string() })),
})

/** Profiles as they shall be: those without an id are new, those left out are removed. */
export const adminSettingsBody = v.strictObject({
  quality_profiles: v.optional(
    v.pipe(
      v.array(
        v.object({
          id: v.optional(id),
          name: profileName,
          root_folders: v.optional(v.object({ movie: v.optional(rootFolder), tv: v.optional(rootFolder) })),
        }),
      ),
      v.minLength(1),
      v.maxLength(50),
    ),
  ),
  default_quality_profile_id: v.optional(id),
  keep_arrived_days: v.optional(v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(3650)))),
  tags_hidden: v.optional(v.boolean()),
  /** The admin knows which rows may leave filtered lists. */
  confirm: v.optional(v.boolean()),
})

export type AdminSettingsAnswer = v.InferOutput<typeof adminSettingsAnswer>
export type AdminSettingsBody = v.InferInput<typeof adminSettingsBody>

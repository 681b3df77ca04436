import { MEDIA_EVENT_SOURCES, REFUSAL_KINDS, REFUSAL_PLACES } from '@stellarr/core/rules'
import * as v from 'valibot'
import { id, mediaType, nullableText } from './parts.ts'
import { time } from './time.ts'

/** Messages of senders, what they did, and how senders are set up. */

export const sender = v.picklist(MEDIA_EVENT_SOURCES)

/** The answer to a sender. */
export const webhookAnswer = v.object({
  status: v.picklist(['success', 'ignored']),
  /** Why nothing came of it, as a sentence. */
  reason: v.optional(v.string()),
  title: v.optional(v.string()),
  media_type: v.optional(mediaType),
  tmdb_id: v.optional(v.nullable(id)),
  added_to_library: v.optional(v.boolean()),
  matched_request: v.optional(v.boolean()),
  notification_sent: v.optional(v.boolean()),
})

/** A message that was received, and what it did. */
export const activityEntry = v.object({
  id: v.string(),
  at: time,
  source: sender,
  /** The sender's own word for it. */
  name: v.string(),
  title: v.string(),
  detail: v.string(),
  outcome: v.picklist(['matched', 'library', 'deleted', 'unmatched', 'ignored', 'invalid', 'stray', 'test']),
  reason: nullableText,
  /** By which rule its title was found. */
  rule: v.nullable(v.picklist(['tmdb_id', 'tvdb_id', 'imdb_id', 'guid', 'episode', 'title'])),
  media_type: v.nullable(mediaType),
  tmdb_id: v.nullable(id),
})

export const activityAnswer = v.object({ entries: v.array(activityEntry) })

/** Programs that were refused within a day, of one address: for the admin alone. */
export const refusedRow = v.object({
  /** Why: an ended key looks like any other wrong one. */
  kind: v.picklist(REFUSAL_KINDS),
  /** What was asked for: a list of Radarr's, of Sonarr's or of either, a sync, a sender's address. */
  place: v.picklist(REFUSAL_PLACES),
  /** The network address; of IPv6 its /48. */
  address: v.string(),
  /** The program as it last called itself: `Radarr`, `library-agent`, or `other`. */
  app: v.string(),
  count: v.number(),
  first_at: time,
  last_at: time,
})

export const refusedAnswer = v.object({ refused: v.array(refusedRow) })

/** A sender's address, and when it was last heard. */
export const webhookSender = v.object({
  source: sender,
  /** The address; with its token for the admin alone. Null where no token is set for it. */
  url: nullableText,
  last_heard_at: v.nullable(time),
  /** Its own word for what it said last. */
  last_name: nullableText,
})

export const webhooksAnswer = v.object({
  with_token: v.boolean(),
  senders: v.array(webhookSender),
  /** What Jellyfin's webhook plugin is to send. */
  jellyfin_template: v.string(),
  /** The server name that Plex's messages must carry (PLEX_SERVER_NAME); null: every one. */
  plex_server_name: nullableText,
})

export type ActivityAnswer = v.InferOutput<typeof activityAnswer>
export type ActivityEntryRow = v.InferOutput<typeof activityEntry>
export type RefusedAnswer = v.InferOutput<typeof refusedAnswer>
export type RefusedRow = v.InferOutput<typeof refusedRow>
export type WebhookAnswer = v.InferOutput<typeof webhookAnswer>
export type WebhooksAnswer = v.InferOutput<typeof webhooksAnswer>

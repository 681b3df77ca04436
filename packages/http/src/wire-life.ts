import * as v from 'valibot'
import { id, mediaType, nullableText, time } from './wire-parts.ts'

/** What becomes of titles: messages of senders, what they did, and push messages to people. */

export const sender = v.picklist(['plex', 'jellyfin', 'emby', 'sonarr', 'radarr'])

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
  outcome: v.picklist(['matched', 'library', 'unmatched', 'ignored', 'invalid', 'test']),
  reason: nullableText,
  /** By which rule its title was found. */
  rule: v.nullable(v.picklist(['tmdb_id', 'tvdb_id', 'imdb_id', 'guid', 'episode', 'title'])),
  media_type: v.nullable(mediaType),
  tmdb_id: v.nullable(id),
})
export const activityAnswer = v.object({ entries: v.array(activityEntry) })

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

export const pushKeyAnswer = v.object({ public_key: v.string() })
const endpoint = v.pipe(v.string(), v.maxLength(2_000), v.startsWith('http'))
const base64Url = v.pipe(v.string(), v.regex(/^[\w+/=-]{16,200}$/))
/** A browser's `PushSubscription` as JSON, and the language that its messages shall have. */
export const pushSubscribeBody = v.object({
  endpoint,
  keys: v.object({ p256dh: base64Url, auth: base64Url }),
  language: v.optional(v.picklist(['en', 'es', 'fr', 'de'])),
})
export const pushEndpointBody = v.object({ endpoint })
export const pushStatusAnswer = v.object({ subscribed: v.boolean() })
export const pushDoneAnswer = v.object({ success: v.boolean(), message: v.string() })

export type ActivityAnswer = v.InferOutput<typeof activityAnswer>
export type ActivityEntryRow = v.InferOutput<typeof activityEntry>
export type WebhookAnswer = v.InferOutput<typeof webhookAnswer>
export type WebhooksAnswer = v.InferOutput<typeof webhooksAnswer>
export type PushKeyAnswer = v.InferOutput<typeof pushKeyAnswer>
export type PushSubscribeBody = v.InferInput<typeof pushSubscribeBody>
export type PushStatusAnswer = v.InferOutput<typeof pushStatusAnswer>
export type PushDoneAnswer = v.InferOutput<typeof pushDoneAnswer>

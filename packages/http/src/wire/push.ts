import { LANGUAGES } from '@stellarr/core/rules'
import * as v from 'valibot'

/** Push messages to the devices of whoever is signed in. */

export const pushKeyAnswer = v.object({ public_key: v.string() })

const endpoint = v.pipe(v.string(), v.maxLength(2_000), v.startsWith('http'))

const base64Url = v.pipe(v.string(), v.regex(/^[\w+/=-]{16,200}$/))

/** A browser's `PushSubscription` as JSON, and the language that its messages shall have. */
export const pushSubscribeBody = v.object({
  endpoint,
  keys: v.object({ p256dh: base64Url, auth: base64Url }),
  language: v.optional(v.picklist(LANGUAGES)),
})

export const pushEndpointBody = v.object({ endpoint })

export const pushStatusAnswer = v.object({ subscribed: v.boolean() })

export const pushDoneAnswer = v.object({ success: v.boolean(), message: v.string() })

export type PushKeyAnswer = v.InferOutput<typeof pushKeyAnswer>
export type PushSubscribeBody = v.InferInput<typeof pushSubscribeBody>
export type PushStatusAnswer = v.InferOutput<typeof pushStatusAnswer>
export type PushDoneAnswer = v.InferOutput<typeof pushDoneAnswer>

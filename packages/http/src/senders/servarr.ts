import { createHash } from 'node:crypto'
import type { ClientRef, ReadEvent } from '@stellarr/core'
import * as v from 'valibot'
import { fieldsOf, ignored, quoted, text } from './fields.ts'

/** What Sonarr and Radarr have in common. Names of events and reasons are compared whatever their case. */

/**
 * True when a file was deleted because another one takes its place: `upgrade`, or `manualOverride` when an import puts
 * a file of the same name there (DeleteMediaFileReason.cs of both).
 */
export function isReplaced(deleteReason: string | undefined): boolean {
  return ['upgrade', 'manualoverride'].includes(deleteReason?.toLowerCase() ?? '')
}

export const REPLACED: ReadEvent = ignored('A better file takes the place of this one: nothing is gone.')

/** `Test`, and all that says nothing about a title: `Rename`, `Health`, `ApplicationUpdate` and what is yet to come. */
export function otherEvent(sender: 'Sonarr' | 'Radarr', eventType: string): ReadEvent {
  if (eventType.toLowerCase() === 'test') return { kind: 'test' }
  return ignored(`${sender}'s ${quoted(eventType)} changes nothing about a request.`)
}

/** What either calls itself in its messages (version 3 does not), and the address that people open it at, if one is set. */
export const CLIENT = { instanceName: text, applicationUrl: text }
const CLIENT_BODY = v.object(CLIENT)

const hash = (value: string) => createHash('sha256').update(value).digest('base64url').slice(0, 12)

/**
 * Which Radarr or Sonarr sent a message. Hashes alone are kept of what it calls itself and of its token.
 * @param token the one that opened the webhook
 * @param accepted all that do
 */
export function clientOf(
  app: 'radarr' | 'sonarr',
  body: unknown,
  { token, accepted }: { token: string; accepted: readonly string[] },
): ClientRef {
  const { instanceName = '', applicationUrl = '' } = fieldsOf(CLIENT_BODY, body) ?? {}
  const name = hash(JSON.stringify([app, instanceName, applicationUrl]))
  return { id: `${name}.${hash(token)}`, tokens: accepted.map(hash) }
}

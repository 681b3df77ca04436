import type { ReadEvent } from '@stellarr/core'
import { ignored, quoted } from './fields.ts'

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

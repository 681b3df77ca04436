/** What media servers and clients send us, each read into core's one form of an event. */
import type { MediaEventSource, ReadEvent } from '@stellarr/core'
import { WEBHOOK_LIMITS, type WebhookLimits } from './body.ts'
import { readEmbyEvent } from './emby.ts'
import { readJellyfinEvent } from './jellyfin.ts'
import { readTemplateBody } from './jellyfin-text.ts'
import { readPlexEvent } from './plex.ts'
import { readRadarrEvent } from './radarr.ts'
import { readSonarrEvent, sonarrPicker } from './sonarr.ts'

export { readWebhookBody, WEBHOOK_LIMITS, type WebhookBody } from './body.ts'
export { JELLYFIN_TEMPLATE } from './jellyfin-template.ts'
export { clientOf } from './servarr.ts'
export { readEmbyEvent, readJellyfinEvent, readPlexEvent, readRadarrEvent, readSonarrEvent }

interface Sender {
  /** @param plexServerName PLEX_SERVER_NAME, which Plex alone heeds */
  read(body: unknown, plexServerName?: string): ReadEvent
  /** The field of its messages that says what they are about. */
  nameField: string
  /** How its messages are read: how large they may be, and what is mended. */
  limits: WebhookLimits
}

/** Sonarr tells of an import in one message, with a kilobyte or more about each of its files. */
const SONARR_LIMITS: WebhookLimits = {
  ...WEBHOOK_LIMITS,
  large: { payload: 8 * 1024 * 1024, picker: sonarrPicker },
}

export const SENDERS: Readonly<Record<MediaEventSource, Sender>> = {
  plex: { read: readPlexEvent, nameField: 'event', limits: WEBHOOK_LIMITS },
  jellyfin: {
    read: readJellyfinEvent,
    nameField: 'NotificationType',
    limits: { ...WEBHOOK_LIMITS, mend: readTemplateBody },
  },
  emby: { read: readEmbyEvent, nameField: 'Event', limits: WEBHOOK_LIMITS },
  sonarr: { read: readSonarrEvent, nameField: 'eventType', limits: SONARR_LIMITS },
  radarr: { read: readRadarrEvent, nameField: 'eventType', limits: WEBHOOK_LIMITS },
}

/** The sender's own word for a message that nothing came of, if it is one; whichever sender writes so. */
export function nameIn(body: unknown): string {
  if (body === null || typeof body !== 'object') return ''
  const fields = body as Record<string, unknown>
  const name = Object.values(SENDERS)
    .map(({ nameField }) => fields[nameField] ?? undefined)
    .find((value) => value !== undefined)
  return typeof name === 'string' && /^[\w.-]{1,40}$/.test(name) ? name : ''
}

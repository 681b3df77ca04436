/** What media servers and clients send us, each read into core's one form of an event. */
import { MEDIA_EVENT_SOURCES, type MediaEventSource, type ReadEvent } from '@stellarr/core'
import { senderName } from '../sender-name.ts'
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
  /** The field by which its messages differ from those of a sender that names their field alike. */
  subject?: string
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
  sonarr: { read: readSonarrEvent, nameField: 'eventType', subject: 'series', limits: SONARR_LIMITS },
  radarr: { read: readRadarrEvent, nameField: 'eventType', subject: 'movie', limits: WEBHOOK_LIMITS },
}

/** A message at another sender's address. */
export interface Stray {
  /** Whose it is, and where it belongs, in a sentence. */
  reason: string
  /** It is that sender's own "does it work?". */
  isTest: boolean
}

/**
 * Whether a message that came to the address of `source` is certainly another sender's: it names its event as that one
 * does and, of Radarr and Sonarr, which name theirs alike, is about a movie or a series. (Their `Test` is about a made-up
 * one, see `BuildTestPayload` in WebhookBase.cs of both.)
 */
export function strayAt(source: MediaEventSource, body: unknown): Stray | undefined {
  const of = senderOf(body)
  if (of === undefined || of === source) return undefined
  return {
    reason: `This is a message of ${senderName(of)} at the address for ${senderName(source)}: send it to /webhook/${of}.`,
    isTest: SENDERS[of].read(body).kind === 'test',
  }
}

/** The one sender whose message this can be. */
function senderOf(body: unknown): MediaEventSource | undefined {
  if (body === null || typeof body !== 'object') return undefined
  const fields = body as Record<string, unknown>
  const [only, another] = MEDIA_EVENT_SOURCES.filter((one) => {
    const { nameField, subject } = SENDERS[one]
    const about = subject === undefined ? {} : fields[subject]
    return typeof fields[nameField] === 'string' && typeof about === 'object' && about !== null
  })
  return another === undefined ? only : undefined
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

import { appOf, MEDIA_EVENT_SOURCES, type RefusalKind, type RefusalPlace, type UseCases } from '@stellarr/core'
import type { Request } from 'express'
import { clientKey } from './client-address.ts'
import type { HttpError } from './http-error.ts'
import { senderName } from './sender-name.ts'

/** Where programs, and not people, ask: by the first part of an address in small letters, or the first two. */
const PLACES = new Map<string, RefusalPlace>([
  ['radarr', 'radarr-list'],
  ['list/radarr', 'radarr-list'],
  ['rss/movies', 'radarr-list'],
  ['sonarr', 'sonarr-list'],
  ['list/sonarr', 'sonarr-list'],
  ['rss/tv', 'sonarr-list'],
  ['list', 'list'],
  ['rss', 'list'],
  ['sync', 'sync'],
  ...MEDIA_EVENT_SOURCES.map((source) => [`webhook/${source}`, `webhook/${source}`] as const),
])

function placeOf(path: string): RefusalPlace | undefined {
  const [, first = '', second = ''] = path.toLowerCase().split('/', 3)
  return PLACES.get(`${first}/${second}`) ?? PLACES.get(first)
}

const BODIES: Readonly<Record<number, RefusalKind>> = {
  400: 'bad_body',
  413: 'too_large',
  415: 'unsupported',
  422: 'invalid',
}

function kindOf({ code, status }: HttpError, place: RefusalPlace): RefusalKind | undefined {
  if (code === 'wrong_app' || code === 'wrong_base') return code
  if (status === 401) return place.startsWith('webhook/') ? 'wrong_token' : 'wrong_key'
  // A list is only asked for: what is refused then is the address, with its query.
  if (place.includes('list')) {
    return code === 'unknown_profile' || status === 400 || status === 422 ? 'wrong_base' : undefined
  }
  return BODIES[status]
}

/** The program as it calls itself. One without a name that brought the token of a sender's address is that sender. */
function callerOf(req: Request, kind: RefusalKind, place: RefusalPlace): string {
  const userAgent = req.get('user-agent')
  const { app } = appOf(userAgent)
  if (app !== 'other') return app
  if (/^stellarr-library-agent\//.test(userAgent ?? '')) return 'library-agent'
  const sender = MEDIA_EVENT_SOURCES.find((one) => place === `webhook/${one}`)
  return sender && kind !== 'wrong_token' && kind !== 'wrong_app' ? senderName(sender) : app
}

/** Notes for the admin that a library was taken, and some titles' requests could not be written. */
export function noteNotMarked(useCases: Pick<UseCases, 'noteRefusal'>, req: Request): void {
  const place = 'sync'
  useCases.noteRefusal({ kind: 'not_marked', place, address: clientKey(req), app: callerOf(req, 'not_marked', place) })
}

/**
 * Notes for the admin that a program was refused: its key, its address or its body. Sign-in and the calls of people are
 * not noted, and nothing of what was sent is kept. On AWS only what came through the CDN, with its secret, reaches the
 * app at all, so nobody else can write anything here.
 */
export function noteRefused(useCases: Pick<UseCases, 'noteRefusal'>, req: Request, error: HttpError): void {
  // Without its base, an address of a list is none of ours.
  const place = error.code === 'wrong_base' ? 'list' : placeOf(req.path)
  const kind = place && kindOf(error, place)
  if (kind) useCases.noteRefusal({ kind, place, address: clientKey(req), app: callerOf(req, kind, place) })
}

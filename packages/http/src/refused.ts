import { appOf, MEDIA_EVENT_SOURCES, type RefusalKind, type RefusalPlace, type UseCases } from '@stellarr/core'
import type { Request } from 'express'
import { clientKey } from './access.ts'
import type { HttpError } from './http-error.ts'

/** The lists of one client, by the first two parts of an address in small letters. */
const LISTS: Readonly<Record<string, RefusalPlace>> = {
  radarr: 'radarr-list',
  sonarr: 'sonarr-list',
  'list/radarr': 'radarr-list',
  'list/sonarr': 'sonarr-list',
  'rss/movies': 'radarr-list',
  'rss/tv': 'sonarr-list',
}
/** What else programs, and not people, ask for. */
const PLACES = new Map<string, RefusalPlace>([
  ['list', 'list'],
  ['rss', 'list'],
  ['sync', 'sync'],
])

/** Which of the places that programs ask at; undefined for people's. */
function placeOf(path: string): RefusalPlace | undefined {
  const [, first = '', second = ''] = path.toLowerCase().split('/', 3)
  if (first !== 'webhook') return LISTS[`${first}/${second}`] ?? LISTS[first] ?? PLACES.get(first)
  const source = MEDIA_EVENT_SOURCES.find((one) => one === second)
  return source && `webhook/${source}`
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
  return place.includes('list') ? undefined : BODIES[status]
}

/** The program as it calls itself. One that does not, and has brought the token of a sender's address, is that sender. */
function callerOf(req: Request, kind: RefusalKind, place: RefusalPlace): string {
  const userAgent = req.get('user-agent')
  const { app } = appOf(userAgent)
  if (app !== 'other') return app
  if (/^stellarr-library-agent\//.test(userAgent ?? '')) return 'library-agent'
  const source = place.startsWith('webhook/') && !kind.startsWith('wrong_') ? place.slice('webhook/'.length) : ''
  return source === '' ? app : source.charAt(0).toUpperCase() + source.slice(1)
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

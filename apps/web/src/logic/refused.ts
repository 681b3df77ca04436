import type { RefusedRow } from '@stellarr/http/wire'
import { SENDER_GUIDES } from './senders.ts'

/** The ends of the keys of texts that say who was refused, why, and what helps. */
export interface RefusedWords {
  who: 'app' | 'emby' | 'agent' | 'other'
  what: string
  remedy: string
  /** Whose address it was; empty where it is nobody's in particular. */
  target: string
  /** The page that helps. */
  to: { name: 'feeds' | 'webhooks'; hash: string }
}

const WHO: Readonly<Record<string, RefusedWords['who']>> = { Emby: 'emby', 'library-agent': 'agent', other: 'other' }
const CLIENTS: Readonly<Record<string, string>> = { 'radarr-list': 'Radarr', 'sonarr-list': 'Sonarr' }
/** The part of a page that is about a client or sender. */
const about = (name: string) => (SENDER_GUIDES.some((guide) => guide.name === name) ? `#${name.toLowerCase()}` : '')

/** How a row is told to the admin. */
export function refusedWords({ kind, place, app }: RefusedRow): RefusedWords {
  const who = WHO[app] ?? 'app'
  if (place === 'sync') {
    const what = kind === 'wrong_key' ? 'wrong_sync' : kind === 'not_marked' ? kind : 'sync'
    return { who, what, remedy: what, target: '', to: { name: 'webhooks', hash: '' } }
  }
  const sender = SENDER_GUIDES.find((guide) => place === `webhook/${guide.source}`)
  const target = sender?.name ?? CLIENTS[place] ?? ''
  // Whoever took another's address is shown its own.
  const hash = about(kind === 'wrong_app' || target === '' ? app : target)
  if (!sender) return { who, what: kind, remedy: kind, target, to: { name: 'feeds', hash } }
  const what = kind === 'wrong_app' ? 'stray' : kind
  const isBody = what !== 'stray' && what !== 'wrong_token'
  const remedy = !isBody ? what : sender.source === 'jellyfin' ? 'template' : 'message'
  return { who, what, remedy, target, to: { name: 'webhooks', hash } }
}

import type { PushSubscribeBody } from '@stellarr/http/wire'

/** What a browser says of itself. */
export interface PushFacts {
  /** Over https, or on the machine itself. */
  secure: boolean
  /** It has service workers, push and notifications. */
  supported: boolean
  /** An iPhone or iPad: there only apps on the home screen get messages. */
  apple: boolean
  /** Opened from the home screen. */
  installed: boolean
  permission: NotificationPermission
}

export type PushState = 'plain' | 'apple' | 'unsupported' | 'blocked' | 'off' | 'on'

/** Where messages on this device stand: not possible and why, blocked, off or on. */
export function pushState(facts: PushFacts, subscribed: boolean): PushState {
  if (!facts.secure) return 'plain'
  if (!facts.supported) return facts.apple && !facts.installed ? 'apple' : 'unsupported'
  if (facts.permission === 'denied') return 'blocked'
  return subscribed && facts.permission === 'granted' ? 'on' : 'off'
}

/** The bytes of a key in base64url. */
export function keyBytes(base64Url: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64Url.replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, ''))
  return Uint8Array.from(text, (char) => char.charCodeAt(0))
}

/** Whether a subscription was made for this key: with another one it is of no use to the server. */
export function isForKey(options: { applicationServerKey: ArrayBuffer | null }, key: Uint8Array): boolean {
  if (!options.applicationServerKey) return false
  const own = new Uint8Array(options.applicationServerKey)
  return own.length === key.length && own.every((byte, index) => byte === key[index])
}

/** What the server is told of a subscription. */
export function subscribeBody(
  { endpoint = '', keys = {} }: PushSubscriptionJSON,
  language: NonNullable<PushSubscribeBody['language']>,
): PushSubscribeBody {
  return { endpoint, keys: { p256dh: keys.p256dh ?? '', auth: keys.auth ?? '' }, language }
}

/** What the system shows of a push message. `renotify`: a newer one of the same title is heard, too. */
export interface ShownMessage {
  title: string
  options: NotificationOptions & { renotify?: boolean; data: { url: string } }
}

const ICON = '/icons/icon-192.png'
const BADGE = '/icons/badge-96.png'
const START = '/'

function fieldsOf(payload: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(payload)
    return value !== null && typeof value === 'object' ? { ...value } : {}
  } catch {
    return {}
  }
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : '')

/** A page of this app as a whole address; its start for anything else. */
export function pageAddress(url: unknown, origin: string): string {
  const home = origin + START
  try {
    const address = new URL(textOf(url) || START, origin)
    return address.origin === origin ? address.href : home
  } catch {
    return home
  }
}

/** A picture of ours or one over https; our own for anything else. */
function pictureAddress(url: unknown, origin: string): string {
  try {
    const address = new URL(textOf(url) || ICON, origin)
    return address.origin === origin || address.protocol === 'https:' ? address.href : ICON
  } catch {
    return ICON
  }
}

/**
 * Reads a push message. Whatever it holds there is something to show: browsers take the permission from an app that
 * gets messages and shows none.
 */
export function readMessage(payload: string | undefined, origin: string): ShownMessage {
  const { title, body, icon, tag, url } = fieldsOf(payload ?? '')
  return {
    title: textOf(title) || 'Stellarr',
    options: {
      body: textOf(body),
      icon: pictureAddress(icon, origin),
      badge: BADGE,
      // Browsers refuse `renotify` without a tag.
      ...(textOf(tag) === '' ? {} : { tag: textOf(tag), renotify: true }),
      data: { url: pageAddress(url, origin) },
    },
  }
}

/** The window that a message opens in: one that is looked at, else any. */
export function pickWindow<Window extends { focused: boolean; visibilityState: DocumentVisibilityState }>(
  windows: readonly Window[],
): Window | undefined {
  return windows.find((one) => one.focused) ?? windows.find((one) => one.visibilityState === 'visible') ?? windows.at(0)
}

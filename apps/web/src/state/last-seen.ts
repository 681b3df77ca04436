/**
 * What was last seen, for the next start and for when there is no network: lists of this household, so they go with the
 * session. Everything lives in localStorage under one prefix; a full or forbidden storage only means that nothing is kept.
 */
const PREFIX = 'stellarr.seen.'
/** Where the session itself is kept. */
export const SESSION_KEY = 'stellarr.session'

/** Keeps a JSON value under a name; undefined forgets it. Without a session nothing is kept: an answer may come late. */
export function saveSeen(name: string, value: unknown): void {
  try {
    if (value === undefined || localStorage.getItem(SESSION_KEY) === null) localStorage.removeItem(PREFIX + name)
    else localStorage.setItem(PREFIX + name, JSON.stringify(value))
  } catch {
    localStorage.removeItem(PREFIX + name)
  }
}

/** What was kept; undefined when there is nothing or it does not have the form that `fits` asks for. */
export function loadSeen<Value>(name: string, fits: (value: unknown) => value is Value): Value | undefined {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(PREFIX + name) ?? 'null')
    return fits(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** The form of a time, epoch ms. */
export const isTime = (value: unknown): value is number => typeof value === 'number'

/** Forgets everything: at sign-out and when a session has ended. */
export function forgetSeen(): void {
  for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key)
}

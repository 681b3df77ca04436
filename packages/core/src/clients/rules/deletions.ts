/** Deletions are counted over so long, by when they were heard here. */
export const COUNTED_MS = 3_600_000
/** So many a person makes, and up to a third of what a client has read. */
const FEW = 4
/** So many are no person's, however much a client has read; and more than these need not be kept. */
export const MOST_DELETIONS = 200
/** More clients than a household has: what one token could write has an end. */
export const MAX_CLIENTS = 30
/** Stands for all clients of an app that there is no room for, and is counted as one. */
const othersOf = (app: HeardClient['app']) => `others-${app}`

/** One Radarr or Sonarr that has been heard, and what it has deleted lately. */
export interface HeardClient {
  /** Its id (`ClientRef`). */
  id: string
  app: 'radarr' | 'sonarr'
  /** Titles by `keyText`, each once, the oldest first; `at` in epoch ms. */
  deletions: { title: string; at: number }[]
  /**
   * Too many were deleted, of so many rows of a list, and the admin is asked. What comes within an hour of the latest
   * belongs to them; `at` is that one's, in epoch ms.
   */
  asked?: { of: number; at: number }
}

/** True for more deletions than a person makes. @param of rows that the client has read; a list has one at least */
export const isMany = (deleted: number, of: number): boolean =>
  deleted > FEW && (deleted * 3 > of || deleted >= MOST_DELETIONS)

/** True while what a client deletes belongs to what the admin is asked about. @param now epoch ms */
export const isOngoing = ({ asked }: HeardClient, now: number): boolean =>
  asked !== undefined && asked.at > now - COUNTED_MS

/** The id by which a client is heard: its own, or the one of all for which there is no room. */
export function heardAs(clients: readonly HeardClient[], id: string, app: HeardClient['app']): string {
  return clients.some((one) => one.id === id) || clients.length < MAX_CLIENTS ? id : othersOf(app)
}

/**
 * The clients with one that speaks; the same when it was known. None is ever forgotten: of what it may have, a title could
 * leave the lists at another's word. Beyond so many all others are one.
 */
export function withClient(clients: readonly HeardClient[], id: string, app: HeardClient['app']): HeardClient[] {
  const name = heardAs(clients, id, app)
  return clients.some((one) => one.id === name) ? [...clients] : [...clients, { id: name, app, deletions: [] }]
}

/** The clients with no time later than now: what a clock that was ahead has stamped was heard now. @param now epoch ms */
export const heardBy = (clients: readonly HeardClient[], now: number): HeardClient[] =>
  clients.map(({ deletions, asked, ...one }) => ({
    ...one,
    deletions: deletions.map(({ title, at }) => ({ title, at: Math.min(at, now) })),
    ...(asked && { asked: { ...asked, at: Math.min(asked.at, now) } }),
  }))

/** The clients after one of them has deleted a title. @param at epoch ms */
export function withDeletion(clients: readonly HeardClient[], id: string, title: string, at: number): HeardClient[] {
  return clients.map((one) => {
    if (one.id !== id) return one
    if (one.asked && isOngoing(one, at)) return { ...one, deletions: [], asked: { ...one.asked, at } }
    const recent = one.deletions.filter((other) => other.title !== title && other.at > at - COUNTED_MS)
    return { ...one, deletions: [...recent, { title, at }].slice(-MOST_DELETIONS) }
  })
}

/** Reads the stored form; what cannot be read is left out. */
export function parseHeard(stored: string | undefined): HeardClient[] {
  try {
    const rows: unknown = JSON.parse(stored ?? '[]')
    return Array.isArray(rows) ? rows.filter(isHeardClient) : []
  } catch {
    return []
  }
}

function isHeardClient(row: unknown): row is HeardClient {
  if (row === null || typeof row !== 'object') return false
  const { id, app, deletions } = row as Partial<HeardClient>
  return typeof id === 'string' && (app === 'radarr' || app === 'sonarr') && Array.isArray(deletions)
}

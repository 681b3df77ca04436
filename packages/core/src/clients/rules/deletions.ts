/** Deletions are counted over so long, by when they were heard here. */
export const COUNTED_MS = 3_600_000
/** So many a person makes, and up to a third of what a client has read. */
const FEW = 4
/** More clients than a household has: what one token could write has an end. */
const MAX_CLIENTS = 50

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
export const isMany = (deleted: number, of: number): boolean => deleted > FEW && deleted * 3 > of

/** True while what a client deletes belongs to what the admin is asked about. @param now epoch ms */
export const isOngoing = ({ asked }: HeardClient, now: number): boolean =>
  asked !== undefined && asked.at > now - COUNTED_MS

/** The clients with one that speaks; the same when it was known. Of too many the first one is forgotten. */
export function withClient(clients: readonly HeardClient[], id: string, app: HeardClient['app']): HeardClient[] {
  const isKnown = clients.some((one) => one.id === id)
  return isKnown ? [...clients] : [...clients, { id, app, deletions: [] }].slice(-MAX_CLIENTS)
}

/** The clients after one of them has deleted a title. @param at epoch ms */
export function withDeletion(clients: readonly HeardClient[], id: string, title: string, at: number): HeardClient[] {
  return clients.map((one) => {
    if (one.id !== id) return one
    if (one.asked && isOngoing(one, at)) return { ...one, deletions: [], asked: { ...one.asked, at } }
    const recent = one.deletions.filter((other) => other.title !== title && other.at > at - COUNTED_MS)
    return { ...one, deletions: [...recent, { title, at }] }
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

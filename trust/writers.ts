import type { FakeTmdb } from '@stellarr/gateways/testing'
import { addMovie, radarrMessage } from '../test/http/arr-messages.ts'
import { SYNC_TOKEN, WEBHOOK_TOKENS } from '../test/http/deployment.ts'

/** What was acknowledged, and must be there whatever comes after. */
export interface Ledger {
  /** Requested and not taken back. */
  requested: Set<number>
  /** Told by Radarr to have arrived. */
  arrived: Set<number>
  /** Taken back while something else was listed. */
  withdrawn: Set<number>
  devices: Set<string>
  /** Ids of the last whole sync that was answered. */
  synced: number[]
  acknowledged: number
}

export const emptyLedger = (): Ledger => ({
  requested: new Set(),
  arrived: new Set(),
  withdrawn: new Set(),
  devices: new Set(),
  synced: [],
  acknowledged: 0,
})

/** The first id of the movies that are asked for. */
const FIRST = 100_000

/**
 * Writes all kinds of things at once until the server is gone, and notes what was acknowledged.
 * @param round tells the rounds' titles apart
 * @returns when every call has been answered or has failed
 */
export async function writeUntilGone(
  url: string,
  tmdb: FakeTmdb,
  token: string,
  ledger: Ledger,
  round: number,
): Promise<void> {
  let isGone = false
  const send = async (path: string, method: string, headers: Record<string, string>, body?: unknown) => {
    const answer = await fetch(url + path, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch(() => undefined)
    if (answer === undefined) isGone = true
    const isRead = await answer?.text().catch(() => undefined)
    if (answer?.status !== 200 || isRead === undefined) return false
    ledger.acknowledged += 1
    return true
  }
  const person = { authorization: `Bearer ${token}` }
  let next = FIRST + round * 1_000

  async function requests(): Promise<void> {
    while (!isGone) {
      const tmdbId = next
      next += 1
      addMovie({ tmdb }, tmdbId)
      if (!(await send('/api/request', 'POST', person, { media_type: 'movie', tmdb_id: tmdbId }))) continue
      ledger.requested.add(tmdbId)
      // A write that was not answered may be there or not.
      if (tmdbId % 3 === 0) {
        ledger.requested.delete(tmdbId)
        if (await send(`/api/request/movie/${tmdbId}`, 'DELETE', person)) ledger.withdrawn.add(tmdbId)
      } else if (tmdbId % 3 === 1) {
        const headers = { 'x-api-key': WEBHOOK_TOKENS.radarr }
        if (await send('/webhook/radarr', 'POST', headers, radarrMessage('Download', tmdbId)))
          ledger.arrived.add(tmdbId)
      }
    }
  }

  async function devices(): Promise<void> {
    for (let n = 0; !isGone; n += 1) {
      const endpoint = `https://updates.push.services.mozilla.com/wpush/v2/${round}-${n}`
      const keys = { p256dh: `B${'A'.repeat(86)}`, auth: 'A'.repeat(22) }
      // One device is taken away again before the next: a person has only so many.
      if (!(await send('/api/push/subscribe', 'POST', person, { endpoint, keys }))) return
      if (n < 3) ledger.devices.add(endpoint)
      else await send('/api/push/subscribe', 'DELETE', person, { endpoint })
    }
  }

  async function syncs(): Promise<void> {
    for (let n = 0; !isGone; n += 1) {
      const ids = Array.from({ length: 50 }, (_, at) => 500_000 + ((n + at) % 60))
      const items = ids.map((tmdb_id) => ({ tmdb_id }))
      const headers = { 'x-api-key': SYNC_TOKEN }
      ledger.synced = []
      if (await send('/sync/library?media_type=movie&clear=true&confirm=true', 'POST', headers, items))
        ledger.synced = ids
    }
  }

  await Promise.all([requests(), requests(), requests(), devices(), syncs()])
}

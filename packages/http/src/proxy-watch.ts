import type { RequestHandler } from 'express'
import { peerAddress } from './client-address.ts'

/** What makes a proxy of forwarded headers that anybody can send: so many requests with them, or from so many addresses. */
const ENOUGH_REQUESTS = 10
const ENOUGH_PEERS = 3
/** Addresses that are counted, and of those the ones that are named. */
const MOST_PEERS = 20
const MOST_NAMED = 3

/** What to do about proxies that are not configured. */
export const proxyNotTrusted = (addresses: readonly string[]): string =>
  `Requests are forwarded by addresses that TRUSTED_PROXIES does not name: ${addresses.join(', ')}. Everybody behind one of them counts as one client at sign-in. Add those that are your proxy to TRUSTED_PROXIES.`

/**
 * Watches for a proxy that `TRUSTED_PROXIES` does not name, whether or not it names others.
 * @param onFirst called once, with the addresses, when it is sure that there is one
 */
export function proxyWatch(onFirst: (addresses: string[]) => void) {
  /** How many forwarded requests came from an address: those that sent most are kept. */
  const peers = new Map<string, number>()
  let requests = 0
  let isTold = false

  /** The addresses to name, the busiest first; none while it may be anybody's single request. */
  function addresses(): string[] {
    if (requests < ENOUGH_REQUESTS && peers.size < ENOUGH_PEERS) return []
    return [...peers]
      .sort(([, a], [, b]) => b - a)
      .slice(0, MOST_NAMED)
      .map(([address]) => address)
  }

  function note(peer: string) {
    requests += 1
    const rarest = [...peers].sort(([, a], [, b]) => a - b)[0]?.[0]
    if (!peers.has(peer) && peers.size >= MOST_PEERS && rarest !== undefined) peers.delete(rarest)
    peers.set(peer, (peers.get(peer) ?? 0) + 1)
    const named = addresses()
    if (isTold || named.length === 0) return
    isTold = true
    onFirst(named)
  }

  const watch: RequestHandler = (req, _res, next) => {
    // Express gives the forwarded addresses when it trusts who sent them.
    if (/[^\s,]/.test(req.get('x-forwarded-for') ?? '') && req.ips.length === 0) note(peerAddress(req))
    next()
  }
  return { watch, addresses }
}

export type ProxyWatch = ReturnType<typeof proxyWatch>

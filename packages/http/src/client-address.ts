import { isIP, isIPv6 } from 'node:net'
import type { Request, RequestHandler } from 'express'

/**
 * An address without what proxies write around it: `203.0.113.7:46532`, `[2001:db8::1]:443`, `fe80::1%eth0` (Azure's and
 * IIS's write the port, another with each connection). What is no address stays as it is.
 */
export function bareAddress(written: string): string {
  const [, inBrackets, beforePort] = /^\[([^\]]*)\](?::\d+)?$|^([\d.]+):\d+$/.exec(written) ?? []
  const address = (inBrackets ?? beforePort ?? written).replace(/%.*$/s, '')
  return isIP(address) === 0 ? written : address
}

/** Leaves bare addresses in `X-Forwarded-For`, so that Express knows the trusted ones among them, and the client's. */
export const bareForwardedFor: RequestHandler = (req, _res, next) => {
  const forwarded = req.headers['x-forwarded-for']
  if (typeof forwarded === 'string') {
    req.headers['x-forwarded-for'] = forwarded
      .split(',')
      .map((entry) => bareAddress(entry.trim()))
      .join(', ')
  }
  next()
}

/** IPv4 within IPv6 is IPv4. */
const unmapped = (address: string) => /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address

/** The address at the other end of the connection: a proxy's, when there is one. */
export const peerAddress = (req: Request): string => unmapped(bareAddress(req.socket.remoteAddress ?? 'unknown'))

/** The limiter's key of a client: its address, or its /48 for IPv6, where one household has them all. */
export function clientKey(req: Request): string {
  const address = unmapped(bareAddress(req.ip ?? ''))
  // Whatever a proxy passes on in an address's place is one client: it may be as long and as often another as one likes.
  if (isIP(address) === 0) return 'unknown'
  if (!isIPv6(address)) return address
  const [head = '', tail] = address.toLowerCase().split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const gap = tail === undefined ? 0 : 8 - left.length - right.length
  const groups = [...left, ...Array.from({ length: gap }, () => '0'), ...right]
  return `${groups
    .slice(0, 3)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/48`
}

import type { Guard } from './access.ts'
import { HttpError } from './http-error.ts'

/** The longest name that DNS has, with a port (RFC 1035, 2.3.4). */
const LONGEST_HOST = 253 + 6

/** True for a host, with or without a port, as a client names it (RFC 9110, 7.2): a name, an IPv4 or an IPv6 address. */
export function isHost(text: string): boolean {
  const found = /^([a-z0-9_][a-z0-9_.-]*|\[[0-9a-f:.]+\])(?::(\d{1,5}))?$/i.exec(text)
  if (!found || text.length > LONGEST_HOST || text.includes('..')) return false
  return Number(found[2] ?? 1) > 0 && URL.canParse(`http://${text}`)
}

/** Lets through what names the host that it came to well, or none: addresses in answers are made of it. */
export const requireHost: Guard = (req) => {
  const host = req.get('host')
  if (host === undefined || isHost(host)) return
  throw new HttpError(400, 'bad_host', 'Host: expected a host name or address, with a port or without.', {
    field: 'Host',
  })
}

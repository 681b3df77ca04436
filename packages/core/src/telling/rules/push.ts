/** The push services of the browsers there are; a subscription's endpoint is at or under one of them. */
const PUSH_HOSTS: readonly string[] = [
  'fcm.googleapis.com',
  'jmt17.google.com',
  'updates.push.services.mozilla.com',
  'web.push.apple.com',
  'notify.windows.com',
]

/** Real ones have some 200 to 700 characters; DynamoDB keys end at 2,048 bytes. */
const MAX_ENDPOINT = 2_000

function parsed(text: string): URL | undefined {
  try {
    return new URL(text)
  } catch {
    return undefined
  }
}

/**
 * True for an address that we may send a push message to. Whoever subscribes names it, so anything but a browser's own
 * push service would let people make this server call others (SSRF): https, its usual port, and a host that is or lies
 * under a known one, compared as parsed. To be asked when an address is stored and again when it is used.
 * @param extraHosts further hosts, which may use any port and plain http: for tests
 */
export function isPushEndpoint(endpoint: string, extraHosts: readonly string[] = []): boolean {
  // Parsers forgive blanks, tabs and backslashes, each in its own way.
  if (endpoint.length > MAX_ENDPOINT || !/^[\x21-\x7e]+$/.test(endpoint) || endpoint.includes('\\')) return false
  const url = parsed(endpoint)
  const authority = /^https?:\/\/([^/?#]+)/.exec(endpoint)?.[1]
  if (!url || authority === undefined || authority.includes('@') || url.hostname.endsWith('.')) return false
  if (extraHosts.includes(url.hostname)) return true
  if (url.protocol !== 'https:' || url.port !== '') return false
  return PUSH_HOSTS.some((host) => url.hostname === host || url.hostname.endsWith(`.${host}`))
}

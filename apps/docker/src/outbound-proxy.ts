import { bad, type Environment } from '@stellarr/http/settings'

/** What Node makes of a proxy (nodejs.org, "Built-in Proxy Support"); the small names come first where both are set. */
const ADDRESSES = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'] as const
const EXCEPTIONS = ['no_proxy', 'NO_PROXY'] as const

/** The proxy through which TMDB, TVDB and push services are called, and the hosts that are called without it. */
export type OutboundProxy = Partial<Record<(typeof ADDRESSES)[number] | (typeof EXCEPTIONS)[number], string>>

/** Undefined without a proxy. Throws `BadSetting` for an address that is no proxy's: its value may hold a password. */
export function readOutboundProxy(env: Environment): OutboundProxy | undefined {
  const proxy: OutboundProxy = {}
  for (const name of ADDRESSES) {
    const value = env[name]?.trim()
    if (!value) continue
    if (!URL.canParse(value) || !/^https?:$/.test(new URL(value).protocol)) {
      bad(name, 'the address of a proxy, like http://proxy.example.org:3128')
    }
    proxy[name] = value
  }
  if (Object.keys(proxy).length === 0) return undefined
  for (const name of EXCEPTIONS) if (env[name] !== undefined) proxy[name] = env[name]
  return proxy
}

/** Where a proxy is, without the password that its address may have: for the log. */
export function proxyHosts(proxy: OutboundProxy): string {
  const hosts = ADDRESSES.flatMap((name) => (proxy[name] === undefined ? [] : [new URL(proxy[name]).host]))
  return [...new Set(hosts)].join(', ')
}

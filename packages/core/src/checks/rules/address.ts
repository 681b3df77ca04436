import type { Check } from './check.ts'

/** How whoever asks for the checks has reached the app. */
export interface AddressFacts {
  baseUrls: readonly string[]
  /** The host and port by which it was asked; absent where that says nothing of how others come. */
  host?: string
  isSecure: boolean
  /** A proxy has passed it on. */
  isForwarded: boolean
  trustedProxies: number
  /** Proxies that TRUSTED_PROXIES does not name. */
  untrusted: readonly string[]
}

/** Whether people reach the app over https, as far as is known. */
export const overHttps = ({ baseUrls: [set], isSecure }: AddressFacts): boolean =>
  set === undefined ? isSecure : set.startsWith('https:')

/** The address against what was asked for, https, and proxies. */
export function addressChecks(facts: AddressFacts): Check[] {
  return [addressCheck(facts), httpsCheck(facts), proxyCheck(facts)]
}

function addressCheck({ baseUrls, host, isForwarded }: AddressFacts): Check {
  const base = { id: 'address', group: 'address' } as const
  const isSet = baseUrls.length > 0
  const facts = { ...(isSet && { base_url: baseUrls.join(', ') }), ...(host !== undefined && { host }) }
  if (isSet && host !== undefined && !baseUrls.some((url) => new URL(url).host === host)) {
    // Behind a proxy it is no more than the name by which that calls.
    if (isForwarded) return { ...base, state: 'works', code: 'host_not_passed', facts }
    const nextStep = `Requests come to ${host}, which BASE_URL does not name (${baseUrls.join(', ')}). Add it there, or have your proxy pass the Host header.`
    return { ...base, state: 'problem', code: 'address_differs', facts, nextStep }
  }
  if (isSet || host !== undefined) return { ...base, state: 'works', facts }
  const nextStep =
    'Open Stellarr by this machine’s address, or set BASE_URL: other machines cannot reach an address that begins with localhost.'
  return { ...base, state: 'not_set_up', code: 'only_localhost', facts, nextStep }
}

function httpsCheck(facts: AddressFacts): Check {
  const base = { id: 'https', group: 'address', facts: {} } as const
  if (overHttps(facts)) return { ...base, state: 'works' }
  const nextStep = 'Everything works over http but notifications and installing the app. Those need https.'
  return { ...base, state: 'not_set_up', code: 'plain_http', nextStep }
}

function proxyCheck({ trustedProxies, untrusted }: AddressFacts): Check {
  const base = { id: 'proxy', group: 'address' } as const
  if (untrusted.length > 0) {
    const addresses = untrusted.join(', ')
    const nextStep = `Requests are forwarded by ${addresses}, which TRUSTED_PROXIES does not name. Add those that are your proxy to it.`
    return { ...base, state: 'problem', code: 'proxy_not_trusted', facts: { addresses }, nextStep }
  }
  const facts = { trusted: trustedProxies }
  return trustedProxies > 0 ? { ...base, state: 'works', facts } : { ...base, state: 'off', code: 'no_proxy', facts }
}

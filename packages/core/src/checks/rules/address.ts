import type { Check } from './check.ts'

/** How whoever asks for the checks has reached the app. */
export interface AddressFacts {
  baseUrls: readonly string[]
  /** The origin by which it was asked, `https://stellarr.example.org`; absent on this machine itself. */
  origin?: string
  trustedProxies: number
  /** Proxies that TRUSTED_PROXIES does not name. */
  untrusted: readonly string[]
}

const isHttps = (origin: string | undefined) => origin?.startsWith('https:') === true

/** Whether people reach the app over https, as far as is known. */
export const overHttps = ({ baseUrls, origin }: AddressFacts): boolean => isHttps(baseUrls[0] ?? origin)

/** The address against what was asked for, https, and proxies. */
export function addressChecks(facts: AddressFacts): Check[] {
  return [addressCheck(facts), httpsCheck(facts), proxyCheck(facts)]
}

function addressCheck({ baseUrls, origin }: AddressFacts): Check {
  const base = { id: 'address', group: 'address' } as const
  const [set] = baseUrls
  const known = { ...(set !== undefined && { base_url: baseUrls.join(', ') }), ...(origin !== undefined && { origin }) }
  if (set !== undefined && origin !== undefined && !baseUrls.includes(origin)) {
    const nextStep = `This page is open at ${origin}, which BASE_URL does not name (${baseUrls.join(', ')}). Open it there, or add the address to BASE_URL.`
    return { ...base, state: 'problem', code: 'address_differs', facts: known, nextStep }
  }
  if (set !== undefined || origin !== undefined) return { ...base, state: 'works', facts: known }
  const nextStep =
    'Open Stellarr by this machine’s address, or set BASE_URL: other machines cannot reach an address that begins with localhost.'
  return { ...base, state: 'not_set_up', code: 'only_localhost', facts: known, nextStep }
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

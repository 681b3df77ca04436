/** What pages of the web app may load: themselves, and TMDB's posters. */
const CONTENT_SECURITY_POLICY: Record<string, readonly string[]> = {
  'default-src': ["'self'"],
  'img-src': ["'self'", 'data:', 'https://image.tmdb.org'],
  'style-src': ["'self'", "'unsafe-inline'"],
  'object-src': ["'none'"],
  'base-uri': ["'none'"],
  'form-action': ["'self'"],
  'frame-ancestors': ["'none'"],
}

/** The content security policy, by directive. Without https no `upgrade-insecure-requests`: it would blank the page on a home network. */
export function contentSecurityPolicy(https: boolean): Record<string, readonly string[]> {
  return { ...CONTENT_SECURITY_POLICY, ...(https ? { 'upgrade-insecure-requests': [] } : {}) }
}

/** The same as the header's text. */
export const contentSecurityPolicyText = (https: boolean): string =>
  Object.entries(contentSecurityPolicy(https))
    .map(([name, values]) => [name, ...values].join(' '))
    .join(';')

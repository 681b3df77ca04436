/** How pages are shown. */
export interface PageSafety {
  /** Over https. */
  https: boolean
  /** Sources of a CSP whose pages may frame ours; none: nobody's. */
  frameAncestors?: readonly string[]
}

/**
 * The content security policy, by directive: pages of the web app load themselves, and TMDB's posters. Without https no
 * `upgrade-insecure-requests`: it would blank the page on a home network.
 */
export function contentSecurityPolicy({ https, frameAncestors = [] }: PageSafety): Record<string, readonly string[]> {
  return {
    'default-src': ["'self'"],
    'img-src': ["'self'", 'data:', 'https://image.tmdb.org'],
    'style-src': ["'self'", "'unsafe-inline'"],
    'object-src': ["'none'"],
    'base-uri': ["'none'"],
    'form-action': ["'self'"],
    'frame-ancestors': frameAncestors.length > 0 ? frameAncestors : ["'none'"],
    ...(https && { 'upgrade-insecure-requests': [] }),
  }
}

/** The same as the header's text. */
export const contentSecurityPolicyText = (safety: PageSafety): string =>
  Object.entries(contentSecurityPolicy(safety))
    .map(([name, values]) => [name, ...values].join(' '))
    .join(';')

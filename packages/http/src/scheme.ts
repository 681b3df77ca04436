import type { Request } from 'express'
import type { AppOptions } from './app-options.ts'

/**
 * Tells whether somebody came over https: as the connection or a trusted proxy says, else as BASE_URL says of the host
 * they asked for. One app may be opened by several addresses of which some are plain: what pages over https may be told
 * would blank those. Where a CDN stands before the app, BASE_URL alone says it.
 */
export function schemeTeller({
  baseUrls,
  allowPrivateOrigins,
}: Pick<AppOptions, 'baseUrls' | 'allowPrivateOrigins'>): (req: Request) => boolean {
  const hostsOf = (scheme: string) =>
    new Set(baseUrls.filter((url) => url.startsWith(scheme)).map((url) => new URL(url).host))
  const [secure, plain] = [hostsOf('https:'), hostsOf('http:')]
  if (!allowPrivateOrigins) return () => plain.size === 0
  return (req) => {
    if (req.secure) return true
    const host = req.get('host')?.toLowerCase() ?? ''
    return secure.has(host) && !plain.has(host)
  }
}

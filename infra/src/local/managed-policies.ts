/** Times in seconds. */
export interface CachePolicy {
  minTtl: number
  defaultTtl: number
  maxTtl: number
  compresses: boolean
}

/** What of a viewer's request goes to the origin besides path and method. */
export interface RequestPolicy {
  headers: 'none' | 'all-but-host'
  query: boolean
  cookies: boolean
}

/** CloudFront's own cache policies (CloudFront developer guide, "Use managed cache policies"), by id. */
export const MANAGED_CACHE_POLICIES: Record<string, CachePolicy> = {
  // CachingDisabled
  '4135ea2d-6df8-44a3-9df3-4b5a84be39ad': { minTtl: 0, defaultTtl: 0, maxTtl: 0, compresses: false },
  // CachingOptimized
  '658327ea-f89d-4fab-a63d-7e88639e58f6': { minTtl: 1, defaultTtl: 86_400, maxTtl: 31_536_000, compresses: true },
}

/** Its own origin request policies ("Use managed origin request policies"), by id. */
export const MANAGED_REQUEST_POLICIES: Record<string, RequestPolicy> = {
  // AllViewerExceptHostHeader
  'b689b0a8-53d0-40ab-baf2-68738e2966ac': { headers: 'all-but-host', query: true, cookies: true },
}

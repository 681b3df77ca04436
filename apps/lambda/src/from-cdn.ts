import { tokenMatcher } from '@stellarr/http/token-matcher'
import type { LambdaFunctionURLEvent, LambdaFunctionURLResult } from 'aws-lambda'
import { fieldOf } from './field-of.ts'

/** The header by which the CDN shows that a request came through it. */
const ORIGIN_HEADER = 'x-origin-verify'
const VIEWER_HEADER = 'cloudfront-viewer-address'
const FORWARDED_HEADER = 'x-forwarded-for'

/** Whether a request came through our CDN, which alone knows the secret; two are valid while it is rotated. */
export function isFromCdn(event: unknown, secrets: readonly string[]): event is LambdaFunctionURLEvent {
  const headers = fieldOf(event, 'headers')
  const given = fieldOf(headers, ORIGIN_HEADER)
  return typeof given === 'string' && tokenMatcher(secrets)(given)
}

/** What everybody else gets, whatever they ask. */
export const NOT_FROM_CDN: LambdaFunctionURLResult = {
  statusCode: 403,
  headers: {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none';frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
    'strict-transport-security': 'max-age=31536000',
    'x-content-type-options': 'nosniff',
  },
  body: JSON.stringify({ detail: 'This address answers its CDN alone.', code: 'not_from_cdn' }),
}

/** `203.0.113.7:46532`, `2001:db8::1:46532`, `[2001:db8::1]:46532` without the port. */
function addressOf(viewer: string): string {
  return viewer.slice(0, viewer.lastIndexOf(':')).replace(/^\[|\]$/g, '')
}

/**
 * The event as if the viewer had called the function itself: its address is the one that CloudFront names, and
 * `X-Forwarded-For` is what the viewer sent, without what CloudFront and the function's own front added behind it. How
 * the body was sent is left out, since the event holds all of it, maybe in other bytes. To be used once the request is
 * known to have come through the CDN: anybody can write these headers.
 */
export function asViewerCalled(event: LambdaFunctionURLEvent): LambdaFunctionURLEvent {
  const headers = { ...event.headers }
  const { [VIEWER_HEADER]: viewer, [FORWARDED_HEADER]: forwarded } = headers
  for (const name of [ORIGIN_HEADER, VIEWER_HEADER, FORWARDED_HEADER, 'content-length', 'transfer-encoding']) {
    delete headers[name]
  }
  const { http } = event.requestContext
  const sourceIp = viewer === undefined ? http.sourceIp : addressOf(viewer)
  const hops = (forwarded ?? '').split(',').map((hop) => hop.trim())
  // Where the CDN keeps answers it names no viewer: what it was asked with is nobody's in particular.
  const sent = viewer === undefined ? [] : hops.slice(0, Math.max(0, hops.lastIndexOf(sourceIp)))
  if (sent.length > 0) headers[FORWARDED_HEADER] = sent.join(', ')
  return { ...event, headers, requestContext: { ...event.requestContext, http: { ...http, sourceIp } } }
}

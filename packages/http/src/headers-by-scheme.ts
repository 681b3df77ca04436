import type { Request, RequestHandler } from 'express'
import helmet from 'helmet'
import { contentSecurityPolicy, type PageSafety } from './security-headers.ts'

/** So long a browser keeps to https once it has come over it, in seconds: a year. */
const HTTPS_KEPT_S = 365 * 86_400

/** Security headers on every answer, as they are right for the scheme by which somebody came. */
export function headersByScheme(
  isHttps: (req: Request) => boolean,
  frameAncestors: readonly string[] = [],
): RequestHandler {
  const secure = securityHeaders({ https: true, frameAncestors })
  const plain = securityHeaders({ https: false, frameAncestors })
  return (req, res, next) => (isHttps(req) ? secure : plain)(req, res, next)
}

function securityHeaders(safety: Required<PageSafety>): RequestHandler {
  const { https, frameAncestors } = safety
  return helmet({
    contentSecurityPolicy: { useDefaults: false, directives: contentSecurityPolicy(safety) },
    // Names below ours may have no https. On plain http browsers ignore this and the next two, and complain of them.
    strictTransportSecurity: https && { maxAge: HTTPS_KEPT_S, includeSubDomains: false },
    crossOriginOpenerPolicy: https && { policy: 'same-origin' },
    originAgentCluster: https,
    crossOriginResourcePolicy: { policy: 'same-origin' },
    referrerPolicy: { policy: 'no-referrer' },
    // It knows no list of origins: where there is one it would say otherwise than the policy.
    xFrameOptions: frameAncestors.length === 0 && { action: 'deny' },
  })
}

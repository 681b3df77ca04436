import type { AddressFacts } from '@stellarr/core'
import type { Request } from 'express'
import { toCheckRow } from '../check-row.ts'
import { HttpError } from '../http-error.ts'
import { type RouteDeps, route } from '../route.ts'
import { checksAnswer, readyAnswer } from '../wire/index.ts'

const isLoopback = (hostname: string) => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)

/**
 * How whoever asks has come here. An address of this machine itself says nothing of how others come, nor does the one by
 * which a CDN calls a function.
 */
function addressOf(req: Request, { options, proxies }: RouteDeps): AddressFacts {
  const url = URL.canParse(`http://${req.host}`) ? new URL(`${req.protocol}://${req.host}`) : undefined
  const isTelling = options.allowPrivateOrigins && url !== undefined && !isLoopback(url.hostname)
  return {
    baseUrls: options.baseUrls,
    ...(isTelling && { host: url.host }),
    isSecure: req.secure,
    isForwarded: req.get('x-forwarded-for') !== undefined,
    trustedProxies: options.trustedProxies.length,
    untrusted: proxies.addresses(),
  }
}

/** How everything stands, for the admin, and whether the server is ready, for whoever watches it. */
export const checkRoutes = [
  route({
    method: 'get',
    path: '/api/ready',
    summary: 'Can the store be read, and are the lists open? Looks once in five seconds; closed lists are no error.',
    access: 'public',
    ignoresBody: true,
    answer: readyAnswer,
    errors: [503],
    handle: async (_call, { useCases }) => ({ store: 'ready' as const, ...(await useCases.ready()) }),
  }),
  route({
    method: 'get',
    path: '/api/admin/checks',
    summary: 'Everything that can fail, how it stands and what to do about it.',
    access: 'admin',
    answer: checksAnswer,
    errors: [401, 403, 404],
    async handle({ req }, deps) {
      const { checks } = deps.options
      if (!checks) throw new HttpError(404, 'not_found', 'There is nothing to check here.')
      return (await deps.useCases.checks(checks, addressOf(req, deps))).map(toCheckRow)
    },
  }),
]

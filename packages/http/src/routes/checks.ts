import type { AddressFacts, Check } from '@stellarr/core'
import type { Request } from 'express'
import { HttpError } from '../http-error.ts'
import { type RouteDeps, route } from '../route.ts'
import { type CheckRow, checksAnswer, readyAnswer } from '../wire/index.ts'

const iso = (at: number | undefined) => (at === undefined ? null : new Date(at).toISOString())

/** A check as it is answered. */
export function toCheckRow({ id, group, state, lastGoodAt, lastBadAt, code, facts, nextStep }: Check): CheckRow {
  return {
    id,
    group,
    state,
    last_good_at: iso(lastGoodAt),
    last_bad_at: iso(lastBadAt),
    code: code ?? null,
    facts,
    next_step: nextStep ?? null,
  }
}

const isLoopback = (hostname: string) => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)

/** How whoever asks has come here. An address of this machine itself says nothing of how others come. */
function addressOf(req: Request, { options, proxies }: RouteDeps): AddressFacts {
  const origin = `${req.protocol}://${req.get('host') ?? ''}`
  const url = URL.canParse(origin) ? new URL(origin) : undefined
  return {
    baseUrls: options.baseUrls,
    ...(url && !isLoopback(url.hostname) && { origin: url.origin }),
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

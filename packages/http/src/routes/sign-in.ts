import { PLAIN_SESSION_MS, SESSION_MS } from '@stellarr/core'
import { keepDevice } from '../device-cookie.ts'
import { provePassword } from '../prove-password.ts'
import { route } from '../route.ts'
import { authParamsAnswer, type VerifyAnswer, verifyAnswer, verifyBody } from '../wire/index.ts'

/** Signing in: what is needed for a challenge, and its verification. */
export const signInRoutes = [
  route({
    method: 'get',
    path: '/api/auth/params',
    summary: 'What a client needs to sign in.',
    access: 'public',
    answer: authParamsAnswer,
    errors: [],
    handle: (_call, { options, useCases }) => ({
      iterations: useCases.iterations,
      now: Math.floor(Date.now() / 1000),
      catalogue: useCases.catalogueKind(),
      version: options.version,
    }),
  }),
  route({
    method: 'post',
    path: '/api/auth/verify',
    summary: 'Verifies a challenge and gives a session token, and a cookie that gives the device tries of its own.',
    access: 'public',
    body: verifyBody,
    answer: verifyAnswer,
    errors: [400, 401, 403, 415, 422, 429, 503],
    async send({ req, res, body }, deps) {
      const { token, name, role, issuedAt, device } = await provePassword(req, body, deps)
      const isHttps = req.secure || body.origin.startsWith('https:')
      keepDevice(res, device, isHttps)
      const expires_at = new Date(issuedAt + (isHttps ? SESSION_MS : PLAIN_SESSION_MS)).toISOString()
      const answer: VerifyAnswer = { valid: true, token, name, role, expires_at }
      res.json(answer)
    },
  }),
]

import { MAX_NAME_LENGTH, PLAIN_SESSION_MS, SESSION_MS } from '@stellarr/core'
import { isOwnOrigin } from '../access.ts'
import { clientKey } from '../client-address.ts'
import { keepDevice, shownDevice } from '../device-cookie.ts'
import { HttpError } from '../http-error.ts'
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
      catalogue: useCases.catalogueKind,
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
    async send({ req, res, body }, { options, useCases }) {
      if (!isOwnOrigin(req, body.origin, options.baseUrls, options.allowPrivateOrigins)) {
        throw new HttpError(
          403,
          'foreign_origin',
          'origin: this address is not one of ours. Set BASE_URL to the address people open.',
          { field: 'origin' },
        )
      }
      const outcome = await useCases.signIn({ ...body, client: clientKey(req), device: shownDevice(req) })
      switch (outcome.kind) {
        case 'signed_in': {
          const isHttps = req.secure || body.origin.startsWith('https:')
          keepDevice(res, outcome.device, isHttps)
          const answer: VerifyAnswer = {
            valid: true,
            token: outcome.token,
            name: outcome.name,
            role: outcome.role,
            expires_at: new Date(outcome.issuedAt + (isHttps ? SESSION_MS : PLAIN_SESSION_MS)).toISOString(),
          }
          res.json(answer)
          return
        }
        case 'bad_name':
          throw new HttpError(
            400,
            'bad_name',
            `name: expected 1 to ${MAX_NAME_LENGTH} characters, none of them invisible or a control character.`,
            { field: 'name' },
          )
        case 'stale_challenge':
          throw new HttpError(401, 'stale_challenge', 'The sign-in took too long or a clock is wrong. Try again.', {
            field: 'timestamp',
          })
        case 'used_challenge':
          throw new HttpError(401, 'challenge_used', 'This sign-in was used already. Try again in a second.')
        case 'wrong_password':
          throw new HttpError(401, 'wrong_password', 'That password is not right.', {
            extra: { tries_left: outcome.triesLeft },
          })
        case 'limited':
          throw new HttpError(429, 'too_many_tries', 'Too many tries.', {
            extra: { retry_at: new Date(outcome.retryAt).toISOString() },
            retryAfter: Math.max(1, Math.ceil((outcome.retryAt - Date.now()) / 1000)),
          })
      }
    },
  }),
]

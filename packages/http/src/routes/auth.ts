import { PLAIN_SESSION_MS, SESSION_MS, type UseCases } from '@stellarr/core'
import { Router } from 'express'
import { clientKey, isOwnOrigin } from '../access.ts'
import type { AppOptions } from '../app-options.ts'
import { HttpError } from '../http-error.ts'
import { parse } from '../parse.ts'
import { type AuthParams, type VerifyAnswer, verifyBody } from '../wire/index.ts'

/** Sign-in: parameters and the verification of a challenge. */
export function authRoutes(useCases: UseCases, options: AppOptions): Router {
  const router = Router()

  router.get('/api/auth/params', (_req, res) => {
    const answer: AuthParams = {
      iterations: useCases.iterations,
      now: Math.floor(Date.now() / 1000),
      catalogue: useCases.catalogueKind,
      version: options.version,
    }
    res.json(answer)
  })

  router.post('/api/auth/verify', async (req, res) => {
    const body = parse(verifyBody, req.body)
    if (!isOwnOrigin(req, body.origin, options.baseUrls, options.allowPrivateOrigins)) {
      throw new HttpError(
        403,
        'foreign_origin',
        'origin: this address is not one of ours. Set BASE_URL to the address people open.',
        { field: 'origin' },
      )
    }
    const outcome = await useCases.signIn({ ...body, client: clientKey(req) })
    switch (outcome.kind) {
      case 'signed_in': {
        const life = req.secure || body.origin.startsWith('https:') ? SESSION_MS : PLAIN_SESSION_MS
        const answer: VerifyAnswer = {
          valid: true,
          token: outcome.token,
          name: outcome.name,
          role: outcome.role,
          expires_at: new Date(outcome.issuedAt + life).toISOString(),
        }
        return void res.json(answer)
      }
      case 'bad_name':
        throw new HttpError(400, 'bad_name', 'name: expected 1 to 50 characters.', { field: 'name' })
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
  })

  return router
}

import { MAX_NAME_LENGTH, type SignInOutcome } from '@stellarr/core'
import type { Request } from 'express'
import { isOwnOrigin } from './access.ts'
import { clientKey } from './client-address.ts'
import { shownDevice } from './device-cookie.ts'
import { HttpError } from './http-error.ts'
import type { RouteDeps } from './route.ts'
import type { VerifyBody } from './wire/index.ts'

type SignedIn = SignInOutcome & { kind: 'signed_in' }

/** Verifies the proof of a password, counted as every try to sign in is. Throws `HttpError` unless it is right. */
export async function provePassword(
  req: Request,
  body: VerifyBody,
  { options, useCases }: Pick<RouteDeps, 'options' | 'useCases'>,
): Promise<SignedIn> {
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
    case 'signed_in':
      return outcome
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
}

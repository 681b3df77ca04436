import { pbkdf2 } from 'node:crypto'
import { promisify } from 'node:util'
import type { DeriveKey } from '@stellarr/core'

const derive = promisify(pbkdf2)

/** The key derivation of sign-in, off the main thread. */
export const deriveKey: DeriveKey = async (password, salt, iterations) =>
  (await derive(password, salt, iterations, 32, 'sha256')).toString('hex')

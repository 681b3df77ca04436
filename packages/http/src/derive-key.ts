import { pbkdf2 } from 'node:crypto'
import { promisify } from 'node:util'
import type { DeriveKey } from '@stellarr/core'

const derive = promisify(pbkdf2)

/** The key derivation of sign-in, off the main thread. Composed letters and those in parts are one password. */
export const deriveKey: DeriveKey = async (password, salt, iterations) =>
  (await derive(password.normalize('NFC'), salt, iterations, 32, 'sha256')).toString('hex')

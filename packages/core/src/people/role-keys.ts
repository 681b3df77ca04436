import { utf8 } from '../base/index.ts'

/** Which of the two passwords a person signed in with. */
export type Role = 'household' | 'admin'

/** What a role is called in its keys. The admin's name there is an older one: sessions hang on it. */
const KEY_NAMES: Record<Role, string> = { household: 'household', admin: 'operator' }

/** What this server signs with. */
export interface SigningSecrets {
  appSecretKey: string
  passwords: Record<Role, string>
}

/**
 * A key of each role for HMAC-SHA256, made at its first use: HKDF of the app's secret with role and password, so that a
 * changed password ends what was signed for it.
 * @param salt what is signed with them
 */
export function roleKeys(secrets: SigningSecrets, salt: string) {
  const keys = new Map<Role, ReturnType<typeof makeKey>>()

  async function makeKey(role: Role) {
    const secret = await crypto.subtle.importKey('raw', utf8(secrets.appSecretKey), 'HKDF', false, ['deriveKey'])
    const info = utf8(`${KEY_NAMES[role]}:${secrets.passwords[role]}`)
    return crypto.subtle.deriveKey(
      { name: 'HKDF', hash: 'SHA-256', salt: utf8(salt), info },
      secret,
      { name: 'HMAC', hash: 'SHA-256', length: 256 },
      false,
      ['sign', 'verify'],
    )
  }

  return (role: Role) => {
    const key = keys.get(role) ?? makeKey(role)
    keys.set(role, key)
    return key
  }
}

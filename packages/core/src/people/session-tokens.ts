import { type Clock, fromBase64Url, toBase64Url, utf8 } from '../base/index.ts'
import { CHALLENGE_SKEW_MS, PLAIN_SESSION_MS, SESSION_MS, tokenBody } from './rules/sign-in.ts'

/** Which of the two passwords a person signed in with. */
export type Role = 'household' | 'admin'

export interface Session {
  name: string
  role: Role
}

/** What a role is called in the key of its sessions. The admin's name there is an older one: sessions hang on it. */
const KEY_NAMES: Record<Role, string> = { household: 'household', admin: 'operator' }

/**
 * Makes and checks session tokens: `<Unix seconds>.<base64url(name)>.<base64url HMAC-SHA256>`. The HMAC key is
 * HKDF of the app's secret with role and password, so a changed password ends its sessions and the key that
 * verifies says the role. Touches no storage.
 */
export function sessionTokens(deps: { clock: Clock; appSecretKey: string; passwords: Record<Role, string> }) {
  const keys = new Map<Role, ReturnType<typeof makeKey>>()

  /** The role's key, made at its first use: whoever only reads a feed needs none. */
  function signingKey(role: Role) {
    const key = keys.get(role) ?? makeKey(role)
    keys.set(role, key)
    return key
  }

  async function makeKey(role: Role) {
    const secret = await crypto.subtle.importKey('raw', utf8(deps.appSecretKey), 'HKDF', false, ['deriveKey'])
    const info = utf8(`${KEY_NAMES[role]}:${deps.passwords[role]}`)
    return crypto.subtle.deriveKey(
      { name: 'HKDF', hash: 'SHA-256', salt: utf8('stellarr session'), info },
      secret,
      { name: 'HMAC', hash: 'SHA-256', length: 256 },
      false,
      ['sign', 'verify'],
    )
  }

  return {
    /** @param now epoch ms */
    async issue(role: Role, name: string, now: number): Promise<string> {
      const body = tokenBody(Math.floor(now / 1000), toBase64Url(utf8(name.normalize('NFC'))))
      const signature = await crypto.subtle.sign('HMAC', await signingKey(role), utf8(body))
      return `${body}.${toBase64Url(new Uint8Array(signature))}`
    },

    /** @param secure whether the session runs over https (30 days) or not (7 days) */
    async check(token: string, secure: boolean): Promise<Session | undefined> {
      const parts = /^(\d{1,12})\.([A-Za-z0-9_-]{1,400})\.([A-Za-z0-9_-]{43})$/.exec(token)
      const signature = fromBase64Url(parts?.[3] ?? '')
      if (!parts?.[1] || !parts[2] || !signature) return undefined
      const body = utf8(tokenBody(Number(parts[1]), parts[2]))
      for (const role of ['household', 'admin'] as const) {
        if (!(await crypto.subtle.verify('HMAC', await signingKey(role), new Uint8Array(signature), body))) continue
        const age = deps.clock.now() - Number(parts[1]) * 1000
        const bytes = fromBase64Url(parts[2])
        if (age > (secure ? SESSION_MS : PLAIN_SESSION_MS) || age < -CHALLENGE_SKEW_MS || !bytes) return undefined
        return { name: new TextDecoder().decode(bytes), role }
      }
      return undefined
    },
  }
}

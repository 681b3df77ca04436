import { type Clock, fromBase64Url, toBase64Url, utf8 } from '../base/index.ts'
import { type Role, roleKeys, type SigningSecrets } from './role-keys.ts'
import { isAlive, PLAIN_SESSION_MS, SESSION_MS, tokenBody } from './rules/index.ts'

export interface Session {
  name: string
  role: Role
}

/**
 * Makes and checks session tokens: `<Unix seconds>.<base64url(name)>.<base64url HMAC-SHA256>`. The key that verifies says
 * the role. Touches no storage.
 */
export function sessionTokens(deps: SigningSecrets & { clock: Clock }) {
  const keyOf = roleKeys(deps, 'stellarr session')
  return {
    /** @param now epoch ms */
    async issue(role: Role, name: string, now: number): Promise<string> {
      const body = tokenBody(Math.floor(now / 1000), toBase64Url(utf8(name.normalize('NFC'))))
      const signature = await crypto.subtle.sign('HMAC', await keyOf(role), utf8(body))
      return `${body}.${toBase64Url(new Uint8Array(signature))}`
    },

    /** @param secure whether the session runs over https (30 days) or not (7 days) */
    async check(token: string, secure: boolean): Promise<Session | undefined> {
      const parts = /^(\d{1,12})\.([A-Za-z0-9_-]{1,400})\.([A-Za-z0-9_-]{43})$/.exec(token)
      const signature = fromBase64Url(parts?.[3] ?? '')
      if (!parts?.[1] || !parts[2] || !signature) return undefined
      const body = utf8(tokenBody(Number(parts[1]), parts[2]))
      for (const role of ['household', 'admin'] as const) {
        if (!(await crypto.subtle.verify('HMAC', await keyOf(role), new Uint8Array(signature), body))) continue
        const bytes = fromBase64Url(parts[2])
        const life = secure ? SESSION_MS : PLAIN_SESSION_MS
        if (!isAlive(Number(parts[1]) * 1000, deps.clock.now(), life) || !bytes) return undefined
        return { name: new TextDecoder().decode(bytes), role }
      }
      return undefined
    },
  }
}

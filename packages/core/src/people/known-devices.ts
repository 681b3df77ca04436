import { fromBase64Url, toBase64Url, utf8 } from '../base/index.ts'
import { type Role, roleKeys, type SigningSecrets } from './role-keys.ts'

/** A browser that was signed in before. */
export interface KnownDevice {
  id: string
  /** The role that it was signed in as: the highest of all times. */
  role: Role
}

/**
 * Makes and checks what a device shows to have tries of its own: `<id>.<base64url HMAC-SHA256>`. It says that the device
 * was signed in before, and as what, and nothing else. The role is in the key, since whoever knows the household's
 * password can have any number of devices made, each with tries at what it was signed in as.
 */
export function knownDevices(secrets: SigningSecrets) {
  const keyOf = roleKeys(secrets, 'stellarr device')
  return {
    /** @param known what it was known as until now */
    async issue(role: Role, known: KnownDevice | undefined): Promise<string> {
      const id = known?.id ?? toBase64Url(crypto.getRandomValues(new Uint8Array(16)))
      const signature = await crypto.subtle.sign(
        'HMAC',
        await keyOf(known?.role === 'admin' ? 'admin' : role),
        utf8(id),
      )
      return `${id}.${toBase64Url(new Uint8Array(signature))}`
    },

    /** Undefined for what was not made here, or before a password was changed. */
    async check(shown: string): Promise<KnownDevice | undefined> {
      const [, id = '', signed = ''] = /^([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})$/.exec(shown) ?? []
      const signature = fromBase64Url(signed)
      if (id === '' || !signature) return undefined
      for (const role of ['admin', 'household'] as const) {
        if (await crypto.subtle.verify('HMAC', await keyOf(role), new Uint8Array(signature), utf8(id)))
          return { id, role }
      }
      return undefined
    },
  }
}

import { constantTimeEqual, toBase64Url, utf8 } from '../base/index.ts'

/** Half of HMAC-SHA256: more than anybody guesses over HTTP. */
const MAC_BYTES = 16
const TAG = /^r(\d{1,15})\.([0-9a-z]{1,9})\.[\w-]{22}$/

/** What a device was told: how far the store was, and when (epoch ms). */
export interface ToldRevision {
  revision: number
  at: number
}

/** The revision that a tag names, whoever made it; NaN for what is no tag. */
export const revisionOf = (tag: string): number => Number(TAG.exec(tag)?.[1])

/**
 * Tags that tell devices how far a store is, and that nobody else can make: what a device brings back closes lists. They
 * are `r<revision>.<base 36 of the time>.<base64url of half an HMAC-SHA256>`, and hold for one store.
 * @param storeId asked for once, at the first tag
 */
export function revisionTags(appSecretKey: string, storeId: () => Promise<string>) {
  let made: ReturnType<typeof make> | undefined

  async function make() {
    const algorithm = { name: 'HMAC', hash: 'SHA-256' }
    const [key, id] = await Promise.all([
      crypto.subtle.importKey('raw', utf8(appSecretKey), algorithm, false, ['sign']),
      storeId(),
    ])
    return { key, id }
  }

  async function tagOf({ revision, at }: ToldRevision): Promise<string> {
    made ??= make().catch((error: unknown) => {
      made = undefined
      throw error
    })
    const { key, id } = await made
    const body = `r${revision}.${at.toString(36)}`
    const mac = await crypto.subtle.sign('HMAC', key, utf8(`stellarr revision ${id} ${body}`))
    return `${body}.${toBase64Url(new Uint8Array(mac, 0, MAC_BYTES))}`
  }

  return {
    tagOf,
    /** What one of our tags says; undefined for anything else. */
    async read(tag: string): Promise<ToldRevision | undefined> {
      const told = { revision: revisionOf(tag), at: Number.parseInt(TAG.exec(tag)?.[2] ?? '', 36) }
      if (Number.isNaN(told.revision)) return undefined
      return constantTimeEqual(await tagOf(told), tag) ? told : undefined
    },
  }
}

export type RevisionTags = ReturnType<typeof revisionTags>

import type { CatalogTitle } from '../../packages/core/src/index.ts'
import type { Instance } from './instances.ts'

/** What became of a title that somebody asked for. */
export interface Wish {
  title: CatalogTitle
  askedAt: number
  /** Seasons asked for; undefined for all. */
  seasons?: number[]
  /** It is out of the feeds now, and why: a person's word, all clients', the admin's. */
  left?: 'withdrawn' | 'gone' | 'removed'
  /** It was out of the feeds once: a client may have cleaned it up. */
  everLeft: boolean
  arrived: boolean
  /** Somebody has deleted it in a client. */
  deleted?: true
}

/**
 * Whether a title's row may be out of the lists: a person has canceled it or the admin has removed it, or it was deleted
 * and no client has it any more.
 */
export function mayBeOut({ title, left, deleted }: Wish, instances: readonly Instance[]): boolean {
  return left !== undefined || (deleted === true && !instances.some((one) => one.holds(title)))
}

import { createHash, timingSafeEqual } from 'node:crypto'

const digest = (text: string) => createHash('sha256').update(text).digest()

/** Compares a token with the accepted ones by hash: no length or content leaks by time. */
export function tokenMatcher(accepted: readonly string[]): (given: string | undefined) => boolean {
  const hashes = accepted.map(digest)
  return (given) => {
    if (given === undefined || given === '') return false
    const hash = digest(given)
    return hashes.reduce((found, known) => timingSafeEqual(known, hash) || found, false)
  }
}

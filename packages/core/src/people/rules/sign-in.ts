/** How far a challenge's timestamp may lie from the server's clock. */
export const CHALLENGE_SKEW_MS = 5 * 60_000
/** How long a used challenge is remembered: the whole ± window. */
export const CHALLENGE_MEMORY_MS = 2 * CHALLENGE_SKEW_MS
/** A session over https. */
export const SESSION_MS = 30 * 24 * 3_600_000
/** A session over plain http. */
export const PLAIN_SESSION_MS = 7 * 24 * 3_600_000
/** What a browser accepts of `/api/auth/params`; fewer would make the password cheap to guess, more would hang a phone. */
export const MIN_ITERATIONS = 100_000
export const MAX_ITERATIONS = 5_000_000

/** The text whose SHA-256 is a sign-in's proof. `keyHex` is hex PBKDF2-SHA256 of password and origin. */
export function challengeText(keyHex: string, timestamp: number): string {
  return `${keyHex}:${timestamp}`
}

/** The signed part of a session token: `timestamp.name`, the name as base64url of its UTF-8 NFC bytes. */
export function tokenBody(timestamp: number, encodedName: string): string {
  return `${timestamp}.${encodedName}`
}

/** Whether a challenge of `timestamp` (Unix seconds) is of about now, by a clock that may be off either way. */
export function isFresh(timestamp: number, now: number): boolean {
  return Math.abs(now - timestamp * 1000) <= CHALLENGE_SKEW_MS
}

/**
 * Whether a session that began at `issuedAt` lives at `now` (both epoch ms). One from further ahead than clocks differ was
 * given while the clock was wrong: it is nobody's until then, so that it never lives longer than `life` (ms).
 */
export function isAlive(issuedAt: number, now: number, life: number): boolean {
  return issuedAt <= now + CHALLENGE_SKEW_MS && now - issuedAt <= life
}

const PRIVATE_SUFFIXES = ['.local', '.lan', '.home', '.home.arpa', '.internal', '.localhost', '.localdomain']

/** True for a host name that only means something inside a network: loopback, private ranges, single labels, home suffixes. */
export function isPrivateHost(hostname: string): boolean {
  const host = hostname.toLowerCase().replace(/^\[|\]$/g, '')
  if (host.includes(':')) return /^(::1$|f[cd][0-9a-f]{2}:|fe[89ab][0-9a-f]:)/.test(host)
  const v4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(host)
  if (v4) {
    const [a, b] = [Number(v4[1]), Number(v4[2])]
    return (
      a === 127 ||
      a === 10 ||
      (a === 172 && b >= 16 && b <= 31) ||
      (a === 192 && b === 168) ||
      (a === 100 && b >= 64 && b <= 127)
    )
  }
  if (/^[a-z0-9_-]+$/.test(host)) return true
  return /^[a-z0-9_.-]+$/.test(host) && PRIVATE_SUFFIXES.some((suffix) => host.endsWith(suffix))
}

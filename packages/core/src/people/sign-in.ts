import { type Clock, constantTimeEqual, isFault, sha256Hex } from '../base/index.ts'
import type { SignInAttempts } from './ports.ts'
import {
  CHALLENGE_MEMORY_MS,
  CHALLENGE_SKEW_MS,
  challengeText,
  cleanName,
  MAX_TRIES,
  TRIES_WINDOW_MS,
} from './rules/sign-in.ts'
import { type Role, sessionTokens } from './session-tokens.ts'

/** Derives the 32-byte PBKDF2-SHA256 key of password and salt as lower-case hex; passed in since core has no crypto of its own. */
export type DeriveKey = (password: string, salt: string, iterations: number) => Promise<string>

export interface SignInDeps {
  attempts: SignInAttempts
  clock: Clock
  deriveKey: DeriveKey
  appSecretKey: string
  passwords: Record<Role, string>
  iterations: number
}

export interface SignInInput {
  /** Already found to be one of our own. */
  origin: string
  /** Unix seconds. */
  timestamp: number
  /** 64 hex digits. */
  hash: string
  name: string
  /** What the limiter knows the client by. */
  client: string
}

export type SignInOutcome =
  | { kind: 'signed_in'; token: string; name: string; role: Role; issuedAt: number }
  | { kind: 'bad_name' }
  | { kind: 'stale_challenge' }
  | { kind: 'used_challenge' }
  | { kind: 'wrong_password'; triesLeft: number }
  | { kind: 'limited'; retryAt: number }

/** Origins whose keys are kept; more would let a caller fill memory with derivations. */
const MAX_ORIGINS = 16
/** Failed tries of all clients together in one window: beyond any household, short of any guessing. */
const GLOBAL_TRIES = 500

/**
 * Sign-in by challenge and response, and the check of its tokens. The password never crosses the network: the proof
 * is SHA-256 of the derived key and a timestamp, accepted once. Attempts are counted before they are verified.
 */
export function signInUseCases(deps: SignInDeps) {
  const keys = new Map<string, Promise<Record<Role, string>>>()
  let derivations: Promise<unknown> = Promise.resolve()
  const tokens = sessionTokens(deps)
  const fallback = memoryLimiter()
  const everybody = { since: 0, failed: 0 }

  function keysOf(origin: string): Promise<Record<Role, string>> {
    const known = keys.get(origin)
    if (known) return known
    const made = derivations.then(async () => ({
      household: await deps.deriveKey(deps.passwords.household, origin, deps.iterations),
      admin: await deps.deriveKey(deps.passwords.admin, origin, deps.iterations),
    }))
    derivations = made.catch(() => undefined)
    keys.set(origin, made)
    made.catch(() => keys.delete(origin))
    for (const oldest of keys.keys()) {
      if (keys.size <= MAX_ORIGINS) break
      keys.delete(oldest)
    }
    return made
  }

  async function reserve(client: string, now: number) {
    try {
      return await deps.attempts.reserve(client, now)
    } catch (error) {
      if (!isFault(error)) throw error
      return fallback.reserve(client, now)
    }
  }

  async function release(client: string) {
    everybody.failed = Math.max(0, everybody.failed - 1)
    fallback.release(client)
    try {
      await deps.attempts.release(client)
    } catch (error) {
      if (!isFault(error)) throw error
    }
  }

  return {
    iterations: deps.iterations,

    /** Verifies a challenge. Throws a fault when the store cannot say whether it was used before. */
    async signIn(input: SignInInput): Promise<SignInOutcome> {
      const now = deps.clock.now()
      const name = cleanName(input.name)
      if (name === undefined) return { kind: 'bad_name' }
      if (Math.abs(now - input.timestamp * 1000) > CHALLENGE_SKEW_MS) return { kind: 'stale_challenge' }
      if (now - everybody.since > TRIES_WINDOW_MS) Object.assign(everybody, { since: now, failed: 0 })
      if (everybody.failed >= GLOBAL_TRIES) return { kind: 'limited', retryAt: everybody.since + TRIES_WINDOW_MS }
      const turn = await reserve(input.client, now)
      if (!turn.allowed) return { kind: 'limited', retryAt: turn.retryAt }
      everybody.failed += 1
      const derived = await keysOf(input.origin)
      let role: Role | undefined
      for (const candidate of ['household', 'admin'] as const) {
        const proof = await sha256Hex(challengeText(derived[candidate], input.timestamp))
        if (constantTimeEqual(proof, input.hash.toLowerCase())) role ??= candidate
      }
      if (role === undefined) return { kind: 'wrong_password', triesLeft: turn.triesLeft }
      const fresh = await deps.attempts.useChallengeOnce(input.hash.toLowerCase(), now + CHALLENGE_MEMORY_MS, now)
      await release(input.client)
      if (!fresh) return { kind: 'used_challenge' }
      return { kind: 'signed_in', token: await tokens.issue(role, name, now), name, role, issuedAt: now }
    },

    /** The person behind a token, verified before anything of it is read; undefined when it is not (or no longer) ours. */
    checkToken: tokens.check,
  }
}

/** Stands in while the store is down, so that a fault never opens the door. Bounded: the oldest clients are forgotten first. */
function memoryLimiter() {
  const tries = new Map<string, number[]>()
  const MAX_CLIENTS = 10_000
  return {
    reserve(client: string, now: number) {
      const recent = (tries.get(client) ?? []).filter((at) => at > now - TRIES_WINDOW_MS)
      const allowed = recent.length < MAX_TRIES
      if (allowed) recent.push(now)
      tries.delete(client)
      tries.set(client, recent)
      const oldest = tries.keys().next().value
      if (tries.size > MAX_CLIENTS && oldest !== undefined) tries.delete(oldest)
      return { allowed, triesLeft: MAX_TRIES - recent.length, retryAt: (recent[0] ?? now) + TRIES_WINDOW_MS }
    },
    release(client: string) {
      tries.get(client)?.pop()
    },
  }
}

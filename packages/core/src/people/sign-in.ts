import { type Clock, constantTimeEqual, sha256Hex } from '../base/index.ts'
import { type KnownDevice, knownDevices } from './known-devices.ts'
import type { SignInAttempts } from './ports.ts'
import type { Role, SigningSecrets } from './role-keys.ts'
import {
  CHALLENGE_MEMORY_MS,
  challengeText,
  cleanName,
  isFresh,
  MAX_OPEN_TRIES,
  MAX_TRIES,
  type TryEnd,
} from './rules/index.ts'
import { sessionTokens } from './session-tokens.ts'
import { tryLimiter, type Visitor } from './try-limiter.ts'

/** Derives the 32-byte PBKDF2-SHA256 key of password and salt as lower-case hex; passed in since core has no crypto of its own. */
export type DeriveKey = (password: string, salt: string, iterations: number) => Promise<string>

export interface SignInDeps extends SigningSecrets {
  attempts: SignInAttempts
  clock: Clock
  deriveKey: DeriveKey
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
  /** Whose password it is meant to be; absent: the household's, or the admin's. */
  as?: Role | undefined
  /** What the limiter knows the client by. */
  client: string
  /** What the client shows as a device that was signed in before. */
  device?: string | undefined
}

export type SignInOutcome =
  /** `device`: what it shows the next time. */
  | { kind: 'signed_in'; token: string; name: string; role: Role; issuedAt: number; device: string }
  | { kind: 'bad_name' }
  | { kind: 'stale_challenge' }
  | { kind: 'used_challenge' }
  | { kind: 'wrong_password'; triesLeft: number }
  | { kind: 'limited'; retryAt: number }

/** Origins whose keys are kept; more would let a caller fill memory with derivations. */
const MAX_ORIGINS = 16

/**
 * Sign-in by challenge and response, and the check of its tokens. The password never crosses the network: the proof
 * is SHA-256 of the derived key and a timestamp, accepted once. Tries are counted before they are judged.
 */
export function signInUseCases(deps: SignInDeps) {
  const keys = new Map<string, Promise<Record<Role, string>>>()
  let derivations: Promise<unknown> = Promise.resolve()
  const tokens = sessionTokens(deps)
  const devices = knownDevices(deps)
  const limiter = tryLimiter(deps)

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

  /** Whether the proof is that of a role's password. */
  async function isRight(role: Role, { origin, timestamp, hash }: SignInInput): Promise<boolean> {
    const derived = await keysOf(origin)
    return constantTimeEqual(await sha256Hex(challengeText(derived[role], timestamp)), hash.toLowerCase())
  }

  /** What becomes of a right proof: it is right once. */
  async function welcome(role: Role, name: string, { hash }: SignInInput, known: KnownDevice | undefined) {
    const now = deps.clock.now()
    if (!(await deps.attempts.useChallengeOnce(hash.toLowerCase(), now + CHALLENGE_MEMORY_MS, now))) {
      return { end: 'neither', outcome: { kind: 'used_challenge' } } as const
    }
    const [token, device] = await Promise.all([tokens.issue(role, name, now), devices.issue(role, known)])
    return { end: 'right', outcome: { kind: 'signed_in', token, name, role, issuedAt: now, device } } as const
  }

  return {
    iterations: deps.iterations,

    /** Verifies a challenge. Throws a fault when the store cannot say whether it was used before. */
    async signIn(input: SignInInput): Promise<SignInOutcome> {
      const name = cleanName(input.name)
      if (name === undefined) return { kind: 'bad_name' }
      if (!isFresh(input.timestamp, deps.clock.now())) return { kind: 'stale_challenge' }
      const device = input.device === undefined ? undefined : await devices.check(input.device)
      const visitor = (role: Role, tries: string, most: number): Visitor => {
        const known = role === 'household' || device?.role === 'admin' ? device : undefined
        const who = known ? `device ${known.id}` : `address ${input.client}`
        return { client: `${tries} ${who}`, most, isStranger: known === undefined }
      }
      const asked = input.as ?? 'household'
      const own = visitor(asked, asked, MAX_TRIES)
      return limiter.judge<SignInOutcome>(own, async (triesLeft) => {
        const wrong = { end: 'wrong', outcome: { kind: 'wrong_password', triesLeft } } as const
        if (await isRight(asked, input)) return welcome(asked, name, input, device)
        if (input.as !== undefined) return wrong
        // The admin's password is good here too. Whoever knows the household's may clear those tries, and have any number
        // of devices known by it: these at the admin's password are counted apart from both. When they are used up, the
        // household's own go on.
        const open = visitor('admin', 'either', MAX_OPEN_TRIES)
        const isStranger = open.isStranger && !own.isStranger
        const outcome = await limiter.judge<SignInOutcome>({ ...open, isStranger }, async () =>
          (await isRight('admin', input)) ? welcome('admin', name, input, device) : wrong,
        )
        return outcome.kind === 'limited' ? wrong : { end: ENDS[outcome.kind] ?? 'wrong', outcome }
      })
    },

    /** The person behind a token, verified before anything of it is read; undefined when it is not (or no longer) ours. */
    checkToken: tokens.check,
  }
}

/** How a try ended that came to this; all others were wrong. */
const ENDS: Partial<Record<SignInOutcome['kind'], TryEnd>> = { signed_in: 'right', used_challenge: 'neither' }

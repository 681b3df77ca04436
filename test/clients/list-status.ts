const MINUTE_MS = 60_000

/** How long a list is left alone after its n-th failure in a row (ThingiProvider/Status/EscalationBackOff), ms. */
export const BACK_OFF_MS = [0, 1, 5, 15, 30, 60, 180, 360, 720, 1440].map((minutes) => minutes * MINUTE_MS)

/** In the first minutes after a start, failures do not escalate and block for 5 minutes at most. */
const START_GRACE_MS = 15 * MINUTE_MS

/** Why a list could not be read. */
export class ListFailure extends Error {
  /** The server could not be reached at all: the HTTP list types then do not escalate. */
  readonly unreachable: boolean
  /** What a 429 asked for, ms; the HTTP list types alone heed it. */
  readonly retryAfterMs: number | undefined

  constructor(
    message: string,
    { unreachable = false, retryAfterMs }: { unreachable?: boolean; retryAfterMs?: number },
  ) {
    super(message)
    this.unreachable = unreachable
    this.retryAfterMs = retryAfterMs
  }
}

/**
 * What a client remembers of one list's failures (ProviderStatusServiceBase). Each failure raises the level by one, each
 * success lowers it by one and lifts the block.
 */
export function listStatus(clock: { now(): number }) {
  const startedAt = clock.now()
  let level = 0
  let disabledTill: number | undefined
  return {
    /** Left alone just now. */
    blocked: () => disabledTill !== undefined && disabledTill > clock.now(),
    /** The last read failed, whether or not it is blocked still. */
    failedLast: () => disabledTill !== undefined,
    level: () => level,

    succeeded(): void {
      if (level === 0) return
      level -= 1
      disabledTill = undefined
    },

    /** @param options.escalate false for a server that could not be reached; `atLeastMs`: what the server asked for */
    failed({ escalate = true, atLeastMs = 0 }: { escalate?: boolean; atLeastMs?: number } = {}): void {
      const now = clock.now()
      const justStarted = startedAt + START_GRACE_MS > now
      if (level === 0) level = 1
      else if (escalate && !justStarted) level = Math.min(BACK_OFF_MS.length - 1, level + 1)
      while (level < BACK_OFF_MS.length - 1 && (BACK_OFF_MS[level] ?? 0) < atLeastMs) level += 1
      const period = BACK_OFF_MS[level] ?? 0
      disabledTill = now + (justStarted && atLeastMs === 0 ? Math.min(period, BACK_OFF_MS[2] ?? 0) : period)
    },
  }
}

import { type Clock, isFault, localTurns } from '../base/index.ts'
import { memoryTries } from './memory-tries.ts'
import type { SignInAttempts } from './ports.ts'
import { CLOCK_SPREAD_MS, TRIES_WINDOW_MS, type TryEnd } from './rules/index.ts'

/** Failed tries of all clients together in one window: beyond any household, short of any guessing. */
const GLOBAL_TRIES = 500
/** Clients that are remembered while the store is down. */
const MAX_CLIENTS = 10_000
/** How long a try waits for others that are under way elsewhere, and how often it looks. */
const WAIT_MS = 2_000
const LOOK_MS = 100

export interface Limited {
  kind: 'limited'
  /** Epoch ms. */
  retryAt: number
}

/** Whose tries they are. */
export interface Visitor {
  client: string
  /** Failed ones and those under way that it may have. */
  most: number
  /** Its failures count among those of all clients, and it is refused when those are too many. */
  isStranger: boolean
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** Lets each client have its tries: failures alone count, and those under way are waited for. */
export function tryLimiter({ attempts, clock }: { attempts: SignInAttempts; clock: Clock }) {
  const turns = localTurns(clock)
  const fallback = memoryTries(new Map(), MAX_CLIENTS)
  const everybody = { since: 0, failed: 0 }

  /** In memory while the store is down, so that a fault opens no door. */
  async function begin(client: string, most: number) {
    const now = clock.now()
    try {
      return { ...(await attempts.begin(client, now, most)), by: attempts }
    } catch (error) {
      if (!isFault(error)) throw error
      return { ...(await fallback.begin(client, now, most)), by: fallback }
    }
  }

  /** Waits while other instances have this client's tries under way. */
  async function beginWaiting(client: string, most: number) {
    let turn = await begin(client, most)
    for (let waited = 0; turn.kind === 'busy' && waited < WAIT_MS; waited += LOOK_MS) {
      await pause(LOOK_MS)
      turn = await begin(client, most)
    }
    return turn
  }

  async function ended(end: Promise<void>) {
    try {
      await end
    } catch (error) {
      // It counts as failed then, at the latest when its time is over.
      if (!isFault(error)) throw error
    }
  }

  /** Undefined while strangers may have tries. */
  function limitOfAll(): Limited | undefined {
    const now = clock.now()
    const isOver = now - everybody.since > TRIES_WINDOW_MS || everybody.since > now + CLOCK_SPREAD_MS
    if (isOver) Object.assign(everybody, { since: now, failed: 0 })
    return everybody.failed < GLOBAL_TRIES ? undefined : { kind: 'limited', retryAt: everybody.since + TRIES_WINDOW_MS }
  }

  return {
    /**
     * Runs one try, once the client's others of this process have ended; `judge` is told how many are left should it
     * fail. What throws was neither right nor wrong.
     */
    judge<Outcome>(
      { client, most, isStranger }: Visitor,
      judge: (triesLeft: number) => Promise<{ end: TryEnd; outcome: Outcome }>,
    ): Promise<Outcome | Limited> {
      return turns.take(client, async () => {
        const closed = isStranger ? limitOfAll() : undefined
        if (closed) return closed
        const turn = await beginWaiting(client, most)
        if (turn.kind === 'limited') return turn
        if (turn.kind === 'busy') return { kind: 'limited', retryAt: clock.now() + WAIT_MS }
        if (isStranger) everybody.failed += 1
        let end: TryEnd = 'neither'
        try {
          const judged = await judge(turn.triesLeft)
          end = judged.end
          return judged.outcome
        } finally {
          if (isStranger && end !== 'wrong') everybody.failed = Math.max(0, everybody.failed - 1)
          await ended(turn.by.end(client, turn.id, end))
        }
      })
    },
  }
}

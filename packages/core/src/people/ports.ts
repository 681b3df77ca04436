/** What the sign-in limiter remembers, over restarts too. Its limits, `MAX_TRIES` and others, are constants among the rules. */
export interface SignInAttempts {
  /**
   * Counts an attempt of this client before it is verified, atomically: of any number at once, exactly `MAX_TRIES` in
   * `TRIES_WINDOW_MS` are allowed. `retryAt` (epoch ms) says when the next one will be.
   */
  reserve(client: string, now: number): Promise<{ allowed: boolean; triesLeft: number; retryAt: number }>
  /** Gives one attempt back, the last reserved, after a success. */
  release(client: string): Promise<void>
  /** True the first time a challenge is seen; it is remembered until `until` (epoch ms). */
  useChallengeOnce(hash: string, until: number, now: number): Promise<boolean>
}

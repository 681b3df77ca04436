import type { TryEnd, TryTurn } from './rules/index.ts'

/** What the sign-in limiter remembers, over restarts too. What counts is a rule: `turnOf`. */
export interface SignInAttempts {
  /**
   * Begins a try of this client, if it may have one: that is decided atomically, so of any number at once no more than
   * `most` are under way or have failed in the window. `id` names the try until its end.
   */
  begin(client: string, now: number, most: number): Promise<BegunTurn>
  /**
   * Ends a try that was begun: a wrong one has failed from then on, a right one takes all that failed before with it, and
   * one that was neither leaves nothing. Tries under way, and those of other clients, stay. An unknown id does nothing.
   */
  end(client: string, id: string, end: TryEnd): Promise<void>
  /** True the first time a challenge is seen; it is remembered until `until` (epoch ms). */
  useChallengeOnce(hash: string, until: number, now: number): Promise<boolean>
}

/** A turn whose try, when it has begun, has a name. */
export type BegunTurn = Exclude<TryTurn, { kind: 'begun' }> | (Extract<TryTurn, { kind: 'begun' }> & { id: string })

/** What is checked, in the order in which people see it. */
export const CHECK_GROUPS = [
  'lists',
  'apps',
  'media_servers',
  'titles',
  'notifications',
  'database',
  'address',
  'clock',
  'version',
] as const
export type CheckGroup = (typeof CHECK_GROUPS)[number]

/**
 * How a thing stands: it works as far as has been seen, it needs somebody, nobody has set it up (or nothing has been seen
 * of it yet), or it was turned off.
 */
export const CHECK_STATES = ['works', 'problem', 'not_set_up', 'off'] as const
export type CheckState = (typeof CHECK_STATES)[number]

/** What a sentence is made of, so that it can be said in another language; never a secret. */
export type CheckFacts = Record<string, string | number | boolean>

/** One thing, as it stands now. */
export interface Check {
  /** Names it: `radarr-messages`. */
  id: string
  group: CheckGroup
  state: CheckState
  /** When it was last seen to work and not to, epoch ms. */
  lastGoodAt?: number
  lastBadAt?: number
  /** Why it stands so. */
  code?: string
  facts: CheckFacts
  /** What to do, as a sentence. */
  nextStep?: string
}

/** The checks by their groups; within one they stay as they are. */
export const inGroups = (checks: readonly Check[]): Check[] =>
  CHECK_GROUPS.flatMap((group) => checks.filter((check) => check.group === group))

/** The times that are known. */
export const seen = (good: number | undefined, bad: number | undefined): Pick<Check, 'lastGoodAt' | 'lastBadAt'> => ({
  ...(good !== undefined && { lastGoodAt: good }),
  ...(bad !== undefined && { lastBadAt: bad }),
})

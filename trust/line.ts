import type { AwsGround } from './aws-ground.ts'
import type { Need } from './needs.ts'
import type { Tally } from './tally.ts'

export const STORES = ['sqlite', 'dynamodb'] as const
export type StoreName = (typeof STORES)[number]

/** One thing that is done to the store or the server again and again. */
export interface Line {
  /** What `--only` calls it; unique among the lines of its store. */
  name: string
  /** What is tried, in a few words. */
  title: string
  store: StoreName
  /** How often a run, and a short one, tries it. What counts as one try is the line's own. */
  tries: { whole: number; short: number }
  /** Without these it is not run. */
  needs?: readonly Need[]
  /** Tries it, notes each try, and answers figures worth reading, if any. */
  run(run: Run): Promise<string | undefined>
}

/** What a line is given. */
export interface Run {
  tries: number
  tally: Tally
  /** An empty folder of its own, gone afterwards. */
  folder: string
  /** How far it is, for whoever waits. */
  say(text: string): void
  /** The engine and the unpacked functions that all lines about AWS share. */
  aws(): Promise<AwsGround>
}

import { isFault } from '@stellarr/core'
import { loadEnvFile } from '@stellarr/http/env-file'
import { runProgram, systemLine } from '@stellarr/http/program'
import { BadSetting } from '@stellarr/http/settings'
import { Refused } from '../backup/refused.ts'
import { run } from './run.ts'

declare const STELLARR_VERSION: string

/** Runs the command line as a program: settings of a .env file, and one line for what a person can mend. */
export function start(args: readonly string[]): void {
  // What is written is for this user alone.
  process.umask(0o077)
  runProgram(() => command(args), lineOf)
}

async function command(args: readonly string[]): Promise<void> {
  loadEnvFile()
  await run(args, {
    env: process.env,
    version: STELLARR_VERSION,
    input: process.stdin,
    output: process.stdout,
    say: (text) => console.error(text),
  })
}

function lineOf(error: unknown): string | undefined {
  const isTold = error instanceof Refused || error instanceof BadSetting || isFault(error)
  return isTold ? error.message : systemLine(error)
}

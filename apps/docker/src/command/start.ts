import { isFault } from '@stellarr/core'
import { loadEnvFile } from '@stellarr/http/env-file'
import { BadSetting } from '@stellarr/http/settings'
import { Refused } from '../backup/refused.ts'
import { run } from './run.ts'

declare const STELLARR_VERSION: string

/** Runs the command line as a program: settings of a .env file, and one line for what a person can mend. */
export function start(args: readonly string[]): void {
  // What is written is for this user alone.
  process.umask(0o077)
  // What is written without waiting for it fails here; whoever waits for it knows better what to say.
  process.stdout.on('error', (error) => setImmediate(fail, error))
  // Work goes on when nobody hears of it.
  process.stderr.on('error', () => undefined)
  command(args).catch(fail)
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

function fail(error: unknown): void {
  // An output that fails says so twice where a pipeline writes to it.
  if (process.exitCode !== undefined) return
  process.exitCode = 1
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  // Nobody reads the output any more.
  if (code === 'EPIPE') return
  // A stack only for what nobody can mend.
  if (error instanceof Refused || error instanceof BadSetting || isFault(error))
    console.error(`stellarr: ${error.message}`)
  else if (code === 'ENOSPC') console.error('stellarr: The disk is full (ENOSPC): make room, then try again.')
  else console.error('stellarr:', error)
}

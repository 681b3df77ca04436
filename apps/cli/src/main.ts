#!/usr/bin/env node
import { loadEnvFile } from '@stellarr/http/env-file'
import { BadSetting } from '@stellarr/http/settings'
import { failureLine } from './failure-line.ts'
import { run } from './run.ts'
import { Stop } from './stop.ts'

declare const STELLARR_VERSION: string

/** Adds the lines of a `.env` file here to the environment, which comes first. */
function readEnvFile(): void {
  try {
    loadEnvFile()
  } catch (error) {
    throw error instanceof BadSetting ? new Stop(error.message) : error
  }
}

async function main(): Promise<void> {
  readEnvFile()
  await run(process.argv.slice(2), {
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
  // One line for what a person can mend; a stack only for what they cannot.
  const line = failureLine(error)
  if (line === undefined) console.error('stellarr:', error)
  else if (line !== '') console.error(`stellarr: ${line}`)
}

// What is written without waiting for it fails here.
process.stdout.on('error', fail)
// Work goes on when nobody hears of it.
process.stderr.on('error', () => undefined)
main().catch(fail)

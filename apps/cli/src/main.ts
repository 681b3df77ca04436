#!/usr/bin/env node
import { existsSync } from 'node:fs'
import { isFault } from '@stellarr/core'
import { run } from './run.ts'
import { Stop } from './stop.ts'

declare const STELLARR_VERSION: string

async function main(): Promise<void> {
  if (existsSync('.env')) process.loadEnvFile('.env')
  await run(process.argv.slice(2), {
    env: process.env,
    version: STELLARR_VERSION,
    input: process.stdin,
    output: process.stdout,
    say: (text) => console.error(text),
  })
}

main().catch((error: unknown) => {
  // One line for what a person can mend; a stack only for what they cannot.
  if (error instanceof Stop) console.error(`stellarr: ${error.message}`)
  else if (isFault(error)) {
    const why = error.cause instanceof Error ? ` (${error.cause.message})` : ''
    const advice =
      error.code === 'storage_unavailable' ? ' Then run the same command again: it goes on where it stopped.' : ''
    console.error(`stellarr: ${error.message}${why}${advice}`)
  } else console.error('stellarr:', error)
  process.exitCode = 1
})

#!/usr/bin/env node
import { loadEnvFile } from '@stellarr/http/env-file'
import { runProgram } from '@stellarr/http/program'
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

runProgram(main, failureLine)

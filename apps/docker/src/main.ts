import { setGlobalProxyFromEnv } from 'node:http'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { isFault } from '@stellarr/core'
import { loadEnvFile } from '@stellarr/http/env-file'
import { BadSetting } from '@stellarr/http/settings'
import { announce } from './announce.ts'
import { giveBackMemory } from './give-back-memory.ts'
import type { OutboundProxy } from './outbound-proxy.ts'
import { readSettings } from './settings.ts'
import { type RunningApp, startApp } from './start.ts'

declare const STELLARR_VERSION: string

const HELP = `stellarr ${STELLARR_VERSION}: takes requests for movies and series; Radarr and Sonarr read them from its feeds.

Usage: node dist/main.mjs [--help | --version]
Settings are environment variables; a .env file in the current folder is read. See .env.example.`

// The young generation stays small: left alone V8 lets it grow to 32 MB under load and never gives it back. The flag for
// its largest size works only on the command line; this one is read whenever it would grow.
setFlagsFromString('--semi-space-growth-factor=1')
// The old one, too: by the memory of the whole machine V8 would let it grow to several times what is in use before it looks
// for what is not (so much, in percent, it may grow between two looks).
setFlagsFromString('--heap-growing-percent=40')

// What is written is for this user alone, also in a data folder that was made elsewhere, as a container's volume is.
process.umask(0o077)

async function run(stopsWith: (starting: Promise<RunningApp>) => void): Promise<void> {
  if (process.argv.includes('--help')) return console.log(HELP)
  if (process.argv.includes('--version')) return console.log(STELLARR_VERSION)
  loadEnvFile()
  const settings = readSettings(process.env)
  useProxy(settings.outboundProxy)
  const siteDir = fileURLToPath(new URL('./web', import.meta.url))
  const starting = startApp(settings, { version: STELLARR_VERSION, siteDir })
  stopsWith(starting)
  await announce(await starting, settings)
  giveBackMemory()
}

/** Lets calls without an agent of their own go through a proxy too. */
function useProxy(proxy: OutboundProxy | undefined): void {
  if (!proxy) return
  if (!setGlobalProxyFromEnv) throw new BadSetting('HTTPS_PROXY: expected Node 24.14 or newer, which can use it.')
  setGlobalProxyFromEnv(proxy)
}

/**
 * The app's command line. Ends the process where it cannot start.
 * @param stopsWith is given what a stop has to end
 */
export async function main(stopsWith: (starting: Promise<RunningApp>) => void): Promise<void> {
  try {
    await run(stopsWith)
  } catch (error) {
    // One line for what a person can mend; a stack only for what they cannot.
    if (error instanceof BadSetting || isFault(error)) console.error(`stellarr cannot start. ${error.message}`)
    else console.error('stellarr cannot start.', error)
    process.exit(1)
  }
}

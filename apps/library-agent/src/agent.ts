import { setTimeout as wait } from 'node:timers/promises'
import { AgentError, EXIT, type ExitCode } from './errors.ts'
import { HELP } from './help.ts'
import { connect, type Peer, type Transport } from './http.ts'
import { jellyfinServer } from './jellyfin.ts'
import type { MediaServer } from './media-server.ts'
import {
  type Access,
  type Environment,
  type Options,
  readOptions,
  SERVER_SETTINGS,
  type Source,
  secretsOf,
} from './options.ts'
import { createOutput, type Output, type Sink } from './output.ts'
import { plexServer } from './plex.ts'
import { runOnce } from './run.ts'

/** Everything around the agent; tests put their own in. */
export interface Surroundings {
  args: readonly string[]
  version: string
  env: Environment
  out: Sink
  err: Sink
  /** Aborted when the agent is to end. */
  stop: AbortSignal
  fetch?: typeof fetch
  sleep?: (ms: number) => Promise<void>
}

/** Runs the agent from its command line; answers the exit code. */
export async function runAgent(around: Surroundings): Promise<ExitCode> {
  const { args, env, out, err, stop } = around
  if (args.some((arg) => arg === '--help' || arg === '-h')) return say(out, HELP)
  if (args.includes('--version')) return say(out, around.version)
  const output = createOutput({ out, err }, secretsOf(args, env))
  try {
    return await work(readOptions(args, env), around, output)
  } catch (error) {
    // Told to end, while watching: that is how it ends.
    return stop.aborted ? EXIT.done : tell(error, output)
  }
}

/** Tells a failure in one line; answers its exit code. */
function tell(error: unknown, output: Output): ExitCode {
  const known = error instanceof AgentError
  // A fault of this program: without its stack, which the output could not keep to a line.
  output.note(known ? error.message : `Something unforeseen: ${error instanceof Error ? error.message : error}`)
  return known ? error.exit : EXIT.failed
}

function say(out: Sink, text: string): ExitCode {
  out.write(`${text}\n`)
  return EXIT.done
}

async function work(options: Options, around: Surroundings, output: Output): Promise<ExitCode> {
  const { stop } = around
  const sleep = around.sleep ?? ((ms: number) => wait(ms, undefined, { signal: stop }))
  const transport: Transport = {
    fetch: around.fetch ?? fetch,
    timeoutMs: options.timeoutMs,
    version: around.version,
    stop,
    sleep,
    note: output.note,
  }
  const told = new Map<string, string>()
  const run = {
    servers: options.servers.map(({ source, access }) => mediaServer(source, access, transport)),
    stellarr: options.stellarr && connect(stellarrPeer(options.stellarr), transport),
    wanted: options.libraries,
    output,
    isNews(about: string, text: string) {
      const news = told.get(about) !== text
      told.set(about, text)
      return news
    },
  }
  const { watchMinutes } = options
  if (watchMinutes === undefined) return runOnce({ ...run, confirm: options.confirm })
  for (let first = true; ; first = false) {
    // A person's word counts for what is there now, not for a disk that is lost next week.
    await runOnce({ ...run, confirm: first && options.confirm }).catch((error: unknown) => {
      if (stop.aborted) throw error
      tell(error, output)
    })
    output.note(`The next run is in ${watchMinutes} minutes.`)
    await sleep(watchMinutes * 60_000)
  }
}

function mediaServer(source: Source, { url, token }: Access, transport: Transport): MediaServer {
  const setting = SERVER_SETTINGS[source]
  const peer = { url, option: `${setting.option} (${setting.url})`, tokenSetting: setting.token }
  switch (source) {
    case 'plex':
      return plexServer(connect({ ...peer, name: 'Plex', headers: { 'x-plex-token': token } }, transport))
    case 'jellyfin': {
      // Jellyfin is about to give up the header that it has in common with Emby.
      const headers = { authorization: `MediaBrowser Token="${encodeURIComponent(token)}"` }
      return jellyfinServer(source, connect({ ...peer, name: 'Jellyfin', headers }, transport))
    }
    case 'emby':
      return jellyfinServer(source, connect({ ...peer, name: 'Emby', headers: { 'x-emby-token': token } }, transport))
  }
}

function stellarrPeer({ url, token }: Access): Peer {
  return {
    name: 'Stellarr',
    url,
    option: '--stellarr (STELLARR_URL)',
    tokenSetting: '--token (SYNC_TOKEN)',
    headers: { 'x-api-key': token },
  }
}

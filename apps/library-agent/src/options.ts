import { AgentError, EXIT } from './errors.ts'
import { readFlags } from './flags.ts'

export type Source = 'plex' | 'jellyfin' | 'emby'

/** An address with the token for it. */
export interface Access {
  url: string
  token: string
}

/** What the agent is to do, checked. */
export interface Options {
  servers: { source: Source; access: Access }[]
  /** Undefined in a dry run: nothing is sent. */
  stellarr: Access | undefined
  /** Names of libraries; undefined for all that hold movies or series. */
  libraries: string[] | undefined
  /** Minutes between runs; undefined for a single one. */
  watchMinutes: number | undefined
  confirm: boolean
  timeoutMs: number
}

export type Environment = Readonly<Record<string, string | undefined>>

/** How each media server is named in options and environment. */
export const SERVER_SETTINGS: Record<Source, { option: string; url: string; token: string }> = {
  plex: { option: '--plex', url: 'PLEX_URL', token: 'PLEX_TOKEN' },
  jellyfin: { option: '--jellyfin', url: 'JELLYFIN_URL', token: 'JELLYFIN_API_KEY' },
  emby: { option: '--emby', url: 'EMBY_URL', token: 'EMBY_API_KEY' },
}
const SOURCES: readonly Source[] = ['plex', 'jellyfin', 'emby']

const WATCH_MINUTES = 60
const LONGEST_WATCH_MINUTES = 10_080
const TIMEOUT_SECONDS = 60
/** Node's own limit of waiting for an answer. */
const LONGEST_TIMEOUT_SECONDS = 300

/** Reads command line and environment. Throws a one-line `AgentError` for whatever is missing or odd. */
export function readOptions(args: readonly string[], env: Environment): Options {
  const flags = readFlags(args)
  const dryRun = flags.has('--dry-run')
  const servers = SOURCES.flatMap((source) => {
    const { option, url, token } = SERVER_SETTINGS[source]
    const given = flags.get(option) ?? filled(env[url])
    return given === undefined
      ? []
      : [{ source, access: { url: address(`${option} (${url})`, given), token: needed(token, env[token], option) } }]
  })
  if (servers.length === 0) throw usage('Name a media server: --plex, --jellyfin or --emby with its address.')
  const options: Options = {
    servers,
    stellarr: undefined,
    libraries: names(flags.all('--libraries')),
    watchMinutes: flags.has('--watch')
      ? between('--watch', flags.get('--watch') ?? String(WATCH_MINUTES), LONGEST_WATCH_MINUTES, 'minutes')
      : undefined,
    confirm: flags.has('--confirm'),
    timeoutMs:
      between('--timeout', flags.get('--timeout') ?? String(TIMEOUT_SECONDS), LONGEST_TIMEOUT_SECONDS, 'seconds') *
      1000,
  }
  if (dryRun) return options
  const given = flags.get('--stellarr') ?? filled(env.STELLARR_URL)
  if (given === undefined) throw usage('Name Stellarr’s address: --stellarr (STELLARR_URL), or try --dry-run.')
  const url = address('--stellarr (STELLARR_URL)', given)
  const token = needed('SYNC_TOKEN', flags.get('--token') ?? env.SYNC_TOKEN, '--stellarr')
  return { ...options, stellarr: { url, token } }
}

/** Everything that must never be seen in what the agent writes. */
export function secretsOf(args: readonly string[], env: Environment): string[] {
  const names = ['SYNC_TOKEN', ...SOURCES.map((source) => SERVER_SETTINGS[source].token)]
  const given = args.flatMap((arg, at) =>
    arg === '--token' ? [args[at + 1]] : arg.startsWith('--token=') ? [arg.slice('--token='.length)] : [],
  )
  return [...names.map((name) => env[name]), ...given].flatMap((secret) => secret?.trim() || [])
}

function usage(message: string): AgentError {
  return new AgentError(EXIT.usage, message)
}

/** The value, unless it is empty: Docker and systemd pass on variables that nobody filled in. */
function filled(value: string | undefined): string | undefined {
  return value?.trim() || undefined
}

function needed(setting: string, value: string | undefined, option: string): string {
  const token = filled(value)
  if (token === undefined) throw usage(`${setting} is missing: ${option} needs it, best in the environment.`)
  // Told here, since what fetch says about a header that it cannot send repeats the header.
  if (!/^[\x21-\x7e]+$/.test(token)) throw usage(`${setting} holds characters that no token has.`)
  return token
}

function address(option: string, value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined
  if (!url || !/^https?:$/.test(url.protocol) || url.hostname === '') {
    throw usage(`${option}: expected an address such as http://nas:8080.`)
  }
  if (url.username || url.password || url.search || url.hash) {
    throw usage(`${option}: expected an address alone, without password, ? or #.`)
  }
  return (url.origin + url.pathname).replace(/\/+$/, '')
}

function names(given: readonly string[]): string[] | undefined {
  if (given.length === 0) return undefined
  const all = given.flatMap((text) => text.split(',')).flatMap((name) => name.trim() || [])
  if (all.length === 0) throw usage('--libraries: expected names with commas between them.')
  return all
}

function between(option: string, value: string, most: number, unit: string): number {
  const number = /^\d+(\.\d+)?$/.test(value) ? Number(value) : 0
  if (number > 0 && number <= most) return number
  throw usage(`${option}: expected ${unit}, more than 0 and at most ${most}.`)
}

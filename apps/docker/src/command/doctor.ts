import { type Check, type Clock, isFault } from '@stellarr/core'
import { type CheckRow, toCheckRow } from '@stellarr/http'
import { BadSetting } from '@stellarr/http/settings'
import { holderText, lookAtLock } from '@stellarr/storage-sqlite'
import { Refused } from '../backup/refused.ts'
import { askServer } from '../checks/ask-server.ts'
import { checkOffline } from '../checks/offline.ts'
import { readSettings, type Settings } from '../settings.ts'
import { type Command, parseOptions, type Surroundings } from './command-line.ts'

const OPTIONS = { json: { type: 'boolean', default: false } } as const

/** `stellarr doctor`. */
export const doctor: Command = {
  usage: 'doctor [--json]',
  line: 'checks everything, and says what to do',
  help: `While Stellarr runs, it is asked; else its files are looked at, and nothing is changed. Ends with 0 when nothing
needs you, else with 1.

  --json  prints what /api/admin/checks answers`,

  async run(args, around) {
    const { json } = parseOptions(args, OPTIONS)
    const rows = await diagnose(around)
    around.output.write(json ? `${JSON.stringify(rows, null, 2)}\n` : table(rows))
    const bad = rows.filter(({ state }) => state === 'problem').length
    if (bad > 0) throw new Refused(bad === 1 ? 'One thing needs you.' : `${bad} things need you.`)
  },
}

async function diagnose({ env, version }: Surroundings): Promise<CheckRow[]> {
  const clock: Clock = { now: () => Date.now() }
  try {
    const settings = readSettings(env)
    const lock = lockCheck(settings)
    const asked = lock.state === 'works' ? await askServer(settings, clock) : undefined
    if (Array.isArray(asked)) return asked
    const seen: Check =
      asked === undefined ? lock : { ...lock, state: 'problem', code: 'server_silent', nextStep: asked }
    return (await checkOffline(settings, { version, clock, lock: seen })).map(toCheckRow)
  } catch (error) {
    if (!(error instanceof BadSetting)) throw error
    const { message } = error
    return [
      toCheckRow({
        id: 'settings',
        group: 'version',
        state: 'problem',
        code: 'bad_setting',
        facts: {},
        nextStep: message,
      }),
    ]
  }
}

/** Whether a server uses the store. */
function lockCheck({ databasePath }: Settings): Check {
  const base = { id: 'lock', group: 'database' } as const
  try {
    const { isHeld, holder } = lookAtLock(databasePath)
    if (!isHeld) return { ...base, state: 'off', code: 'not_running', facts: {}, nextStep: 'Stellarr is not running.' }
    return { ...base, state: 'works', facts: holder ? { holder: holderText(holder) } : {} }
  } catch (error) {
    if (!isFault(error)) throw error
    return { ...base, state: 'problem', code: error.code, facts: {}, nextStep: error.message }
  }
}

const WORDS: Record<CheckRow['state'], string> = {
  works: 'Works',
  problem: 'Problem',
  not_set_up: 'Not set up',
  off: 'Off',
}

/** What people call what is checked. */
const NAMES: Readonly<Record<string, string>> = {
  lists: 'Lists',
  'library-sync': 'Library sync',
  tmdb: 'TMDB',
  tvdb: 'TVDB',
  push: 'Notifications',
  store: 'Database',
  witness: 'Note of the database (store.json)',
  'store-file': 'Database file',
  space: 'Disk space',
  lock: 'Server',
  backup: 'Backup',
  address: 'Address',
  proxy: 'Proxy',
  https: 'https',
  'outbound-proxy': 'Outbound proxy',
  clock: 'Clock',
  version: 'Version',
  settings: 'Settings',
}

/** `radarr-list` → `Radarr: list`. */
function nameOf(id: string): string {
  const [, program = '', what] = /^([a-z]+)-(list|messages)$/.exec(id) ?? []
  return NAMES[id] ?? (what ? `${program.charAt(0).toUpperCase()}${program.slice(1)}: ${what}` : id)
}

/** A line for each, what to do below it. */
function table(rows: readonly CheckRow[]): string {
  const width = Math.max(...Object.values(WORDS).map(({ length }) => length))
  return rows
    .map(({ id, state, last_good_at, next_step }) => {
      const good = last_good_at === null ? '' : ` (last good ${last_good_at.slice(0, 16).replace('T', ' ')} UTC)`
      const line = `${WORDS[state].padEnd(width)}  ${nameOf(id)}${good}\n`
      return next_step === null ? line : `${line}${' '.repeat(width)}    ${next_step}\n`
    })
    .join('')
}

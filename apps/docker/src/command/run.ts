import { Refused } from '../backup/refused.ts'
import { backup } from './backup.ts'
import type { Command, Surroundings } from './command-line.ts'
import { doctor } from './doctor.ts'
import { exporting, importing } from './moving.ts'
import { password } from './password.ts'
import { restore } from './restore.ts'
import { status } from './status.ts'

/** What `stellarr` does, by name and in the order of its help. */
const COMMANDS: Readonly<Record<string, Command>> = {
  status,
  doctor,
  backup,
  restore,
  export: exporting,
  import: importing,
  password,
}

const CALLED = `"stellarr" is "npm run stellarr --" in Stellarr's folder; in Docker it is "docker compose exec stellarr stellarr".`
const usage = (command: Command) => `stellarr ${command.usage}`

const WIDTH = Math.max(...Object.values(COMMANDS).map((command) => usage(command).length))

const HELP = [
  ...Object.values(COMMANDS).map((command) => `${usage(command).padEnd(WIDTH)}   ${command.line}`),
  '',
  'stellarr <command> --help tells more; --version says which Stellarr this is.',
  CALLED,
  'Settings are environment variables or lines of a .env file here: DATA_DIR, DATABASE_PATH, BACKUP_DIR and others.',
].join('\n')

const isHelp = (arg: string | undefined) => arg === '--help' || arg === '-h'

/** Runs one command. Throws `Refused`, `BadSetting` or a fault, each with one clear line. */
export async function run([name, ...args]: readonly string[], around: Surroundings): Promise<void> {
  const print = (text: string) => void around.output.write(`${text}\n`)
  if (isHelp(name) || name === 'help') return print(HELP)
  if (name === '--version') return print(around.version)
  if (name === undefined) throw new Refused(`Say what to do: ${Object.keys(COMMANDS).join(', ')}. --help tells more.`)
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (!command) {
    throw new Refused(`There is no "${name}": say ${Object.keys(COMMANDS).join(', ')}. --help tells more.`)
  }
  if (args.some(isHelp) && command.help !== undefined) {
    return print(`${usage(command)}\n${command.line}\n\n${command.help}`)
  }
  await command.run(args, around)
}

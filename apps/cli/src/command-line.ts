import { parseArgs } from 'node:util'
import { type Address, defaultAddress, type Environment, parseAddress } from './address.ts'
import { Stop } from './stop.ts'

/** Standard input or output in a file's place. */
export const STANDARD = '-'

export type Command =
  | { name: 'help' | 'version' }
  | { name: 'export'; file: string; store: Address }
  | {
      name: 'import'
      /** An exported file, or the predecessor's store. */
      from: { file: string } | { predecessor: Address }
      store: Address
      dryRun: boolean
      merge: boolean
      skipBad: boolean
    }

export const DEFAULT_FILE = 'stellarr-export.jsonl.gz'

export const HELP = `Moves what a Stellarr store holds: requests, library, settings, devices for push messages.
Activity and push messages that still wait stay behind.

stellarr export [file] [--store <store>]     writes a store to a file (${DEFAULT_FILE} unless named)
stellarr import <file> [--store <store>]     brings a file into an empty store
stellarr import --predecessor <store>        brings the predecessor's requests and library in

  stellarr      is "npm run" in Stellarr's folder, with -- before the rest: npm run export -- house.jsonl.gz. In Docker
                it is docker compose run --rm -T stellarr stellarr, with - for the file.
  <store>       sqlite:<path of a file> or dynamodb:<name of a table>. Without --store it is the one of the settings
                here: DYNAMODB_TABLE, else DATABASE_PATH, else stellarr.db in DATA_DIR (./data).
  <file>        is written compressed when its name ends in .gz, and read either way; - is standard output or input.
  --dry-run     import: reads and checks everything and says what would come in; writes nothing.
  --merge       import: into a store that is in use. What is there stays; what is missing is added.
  --skip-bad    import --predecessor: leaves out rows that cannot be right, and names them.
  --help, --version

Stop Stellarr before you export its store. An export or import that was cut off goes on when the same command is run
again. While an import runs, the lists of its store are closed. A file holds keys of people's devices: keep it private.

Settings are environment variables or lines of a .env file here. DynamoDB: AWS_REGION, AWS's usual credentials, and
DYNAMODB_ENDPOINT for another DynamoDB than Amazon's.`

const OPTIONS = {
  store: { type: 'string' },
  predecessor: { type: 'string' },
  'dry-run': { type: 'boolean', default: false },
  merge: { type: 'boolean', default: false },
  'skip-bad': { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
  version: { type: 'boolean', default: false },
} as const

/** Reads the command line. @param args without the program. Throws `Stop` for what it does not know. */
export function parseCommand(args: readonly string[], env: Environment): Command {
  const { values, positionals } = parsed(args)
  const [name, file, ...more] = positionals
  if (values.help || name === 'help') return { name: 'help' }
  if (values.version) return { name: 'version' }
  if (name === undefined) throw new Stop('Say export or import; --help tells more.')
  if (name !== 'export' && name !== 'import') throw new Stop(`There is no "${name}": say export or import.`)
  if (more.length > 0) throw new Stop(`One file was expected, not ${more.length + 1}: ${[file, ...more].join(', ')}.`)
  if (file === '') throw new Stop('Name a file, or - for standard output or input: this name is empty.')
  const store = values.store === undefined ? defaultAddress(env) : parseAddress(values.store, '--store')
  const { merge, 'dry-run': dryRun, 'skip-bad': skipBad, predecessor } = values
  if (name === 'export') {
    const given = Object.entries({ merge, 'dry-run': dryRun, 'skip-bad': skipBad, predecessor })
    const foreign = given.find(([, value]) => value !== undefined && value !== false)
    if (foreign) throw new Stop(`--${foreign[0]} is for import alone.`)
    return { name, file: file ?? DEFAULT_FILE, store }
  }
  if (skipBad && predecessor === undefined) throw new Stop('--skip-bad is for --predecessor alone.')
  if (predecessor === undefined) {
    if (file === undefined) throw new Stop('Name the file to import, or --predecessor with its store.')
    return { name, from: { file }, store, dryRun, merge, skipBad }
  }
  if (file !== undefined) throw new Stop(`Either a file or --predecessor was expected, not both (${file}).`)
  return { name, from: { predecessor: parseAddress(predecessor, '--predecessor') }, store, dryRun, merge, skipBad }
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true })
  } catch (error) {
    // Node's first sentence says which option; the rest is about writing programs.
    throw new Stop(error instanceof Error ? `${error.message.split('. ')[0]}. --help tells more.` : String(error))
  }
}

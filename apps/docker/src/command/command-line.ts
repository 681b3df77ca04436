import { type ParseArgsConfig, parseArgs } from 'node:util'
import { Refused } from '../backup/refused.ts'

/** Standard input or output in a file's place. */
export const STANDARD = '-'

/** One thing that `stellarr` does. */
export interface Command {
  /** How it is called, and what it does in a few words: its line of `stellarr --help`. */
  usage: string
  line: string
  /** Its own `--help`, below its usage; absent where it reads its whole command line itself. */
  help?: string
  /** @param args what follows its name. Throws `Refused`, `BadSetting` or a fault, each with one clear line */
  run(args: readonly string[], around: Surroundings): Promise<void>
}

/** What the program has of the outside. */
export interface Surroundings {
  env: Readonly<Record<string, string | undefined>>
  version: string
  input: NodeJS.ReadStream | NodeJS.ReadableStream
  output: NodeJS.WritableStream
  /** A line for people, beside what `output` carries. */
  say: (text: string) => void
}

/** Reads a command's options and its one file. Throws `Refused` for what it does not know. */
export function parseFile<Options extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: Options,
) {
  const { values, positionals } = parsed(args, options)
  const [file, ...more] = positionals
  if (more.length > 0) throw new Refused(`One file was expected, not ${positionals.length}: ${positionals.join(', ')}.`)
  if (!file) throw new Refused('Name a file; --help tells more.')
  return { values, file }
}

/** Reads options alone. Throws `Refused` for anything else. */
export function parseOptions<Options extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: Options,
) {
  const { values, positionals } = parsed(args, options)
  if (positionals.length > 0) throw new Refused(`Nothing was expected here: ${positionals.join(', ')}.`)
  return values
}

function parsed<Options extends NonNullable<ParseArgsConfig['options']>>(args: readonly string[], options: Options) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true })
  } catch (error) {
    // Node's first sentence says which option; the rest is about writing programs.
    throw new Refused(error instanceof Error ? `${error.message.split('. ')[0]}. --help tells more.` : String(error))
  }
}

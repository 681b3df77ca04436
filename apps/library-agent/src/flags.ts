import { AgentError, EXIT } from './errors.ts'

/** Whether an option takes a value: always, never, or when a number follows. */
const OPTIONS: Record<string, 'value' | 'alone' | 'number'> = {
  '--stellarr': 'value',
  '--token': 'value',
  '--plex': 'value',
  '--jellyfin': 'value',
  '--emby': 'value',
  '--libraries': 'value',
  '--timeout': 'value',
  '--watch': 'number',
  '--dry-run': 'alone',
  '--confirm': 'alone',
}

export interface Flags {
  has(option: string): boolean
  /** The last value given. */
  get(option: string): string | undefined
  all(option: string): string[]
}

/** Takes a command line apart: `--name value` or `--name=value`. Throws for what is no option of ours. */
export function readFlags(args: readonly string[]): Flags {
  const found = new Map<string, string[]>()
  for (let at = 0; at < args.length; at += 1) {
    const [, name = '', , joined] = /^(--[a-z-]+)(=(.*))?$/s.exec(args[at] ?? '') ?? []
    const kind = OPTIONS[name]
    // What it was is not repeated: it may be a token that lost its option.
    if (kind === undefined) throw wrong(name === '' ? `Argument ${at + 1} is no option` : `There is no option ${name}`)
    const values = found.get(name) ?? []
    found.set(name, values)
    const next = args[at + 1]
    if (joined !== undefined && kind === 'alone') throw wrong(`${name} takes no value`)
    if (joined !== undefined) values.push(joined)
    else if (kind === 'value') {
      if (next === undefined || next === '' || next.startsWith('--')) throw wrong(`${name} needs a value`)
      values.push(next)
      at += 1
    } else if (kind === 'number' && next !== undefined && !next.startsWith('--')) {
      values.push(next)
      at += 1
    }
  }
  return {
    has: (option) => found.has(option),
    get: (option) => found.get(option)?.at(-1),
    all: (option) => found.get(option) ?? [],
  }
}

function wrong(what: string): AgentError {
  return new AgentError(EXIT.usage, `${what}. See --help.`)
}

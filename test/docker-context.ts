import { cpSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const ROOT = join(import.meta.dirname, '..')

/** One instruction of a Dockerfile; `args` in one line. */
interface Instruction {
  name: string
  args: string
}

/** The stages of a Dockerfile in their order, each beginning with its FROM. */
export function readStages(text: string): Instruction[][] {
  const lines = text
    .replace(/^\s*#.*\n/gm, '')
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '')
  const stages: Instruction[][] = []
  for (const line of lines) {
    const [name = '', ...args] = line.trim().split(/\s+/)
    if (name === 'FROM') stages.push([])
    stages.at(-1)?.push({ name, args: args.join(' ') })
  }
  return stages
}

/** What the instructions of this name say. */
export const argsOf = (stage: readonly Instruction[], name: string): string[] =>
  stage.filter((one) => one.name === name).map((one) => one.args)

/** The one instruction of this name in its exec form, after options: a command with its arguments. */
export function execForm(stage: readonly Instruction[], name: string): string[] {
  const [args = '', ...more] = argsOf(stage, name)
  if (more.length > 0) throw new Error(`${name} is there more than once`)
  const command: unknown = JSON.parse(args.slice(args.indexOf('[')))
  if (Array.isArray(command) && command.every((word) => typeof word === 'string')) return command
  throw new Error(`${name} is no list of words`)
}

/** The environment that a stage sets: `NAME=value` without quotes. */
export const environmentOf = (stage: readonly Instruction[]): Record<string, string> =>
  Object.fromEntries(
    argsOf(stage, 'ENV')
      .flatMap((args) => args.split(' '))
      .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  )

/** A line of a `.dockerignore` as Docker reads it: `*` takes all but `/`, a dot at the start too; `**` takes folders. */
function lineToPattern(line: string): { keeps: boolean; pattern: RegExp } {
  const source = line
    .replace(/^!/, '')
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*\*\/|\*/g, (stars) => (stars === '*' ? '[^/]*' : '(.*/)?'))
  return { keeps: line.startsWith('!'), pattern: new RegExp(`^${source}(/|$)`) }
}

/** Whether a `.dockerignore` of this text keeps a path out: the last line that names it or a folder of it decides. */
export function ignoring(text: string): (path: string) => boolean {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  const patterns = lines.map(lineToPattern)
  return (path) => patterns.findLast(({ pattern }) => pattern.test(path))?.keeps === false
}

/** Copies what a build of the image is given into a folder. */
export function copyContext(target: string): void {
  const ignored = ignoring(readFileSync(join(ROOT, '.dockerignore'), 'utf8'))
  const copy = (folder: string) => {
    for (const entry of readdirSync(join(ROOT, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.name === 'node_modules' || entry.name === '.git') continue
      if (entry.isDirectory()) copy(path)
      else if (!ignored(path)) {
        mkdirSync(dirname(join(target, path)), { recursive: true })
        cpSync(join(ROOT, path), join(target, path))
      }
    }
  }
  copy('')
}

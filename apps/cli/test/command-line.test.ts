import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Command, HELP, parseCommand } from '../src/command-line.ts'
import { cli } from './cli-house.ts'

const sqlite = (path: string) => ({ kind: 'sqlite' as const, path })
const dynamodb = (table: string) => ({ kind: 'dynamodb' as const, table })
const file = 'stellarr-export.jsonl.gz'
const store = sqlite(resolve('data/stellarr.db'))
const importing = { name: 'import', from: { file: 'x' }, store, dryRun: false, merge: false, skipBad: false } as const

describe('the command line', () => {
  it.each<[args: string, env: Record<string, string>, command: Command]>([
    ['export', {}, { name: 'export', file, store }],
    ['export - --store sqlite:a/b.db', {}, { name: 'export', file: '-', store: sqlite(resolve('a/b.db')) }],
    ['export x --store dynamodb:tab.le-1', {}, { name: 'export', file: 'x', store: dynamodb('tab.le-1') }],
    ['export', { DATA_DIR: '/srv' }, { name: 'export', file, store: sqlite('/srv/stellarr.db') }],
    ['import x', { DATA_DIR: '/srv', DATABASE_PATH: '/db' }, { ...importing, store: sqlite('/db') }],
    ['import x', { DYNAMODB_TABLE: 'table', DATABASE_PATH: '/db' }, { ...importing, store: dynamodb('table') }],
    ['import x --dry-run --merge', {}, { ...importing, dryRun: true, merge: true }],
    [
      'import --predecessor sqlite:/old --skip-bad',
      {},
      { ...importing, from: { predecessor: sqlite('/old') }, skipBad: true },
    ],
    ['import x --help', {}, { name: 'help' }],
    ['--version', {}, { name: 'version' }],
  ])('%s with %j', (args, env, command) => {
    expect(parseCommand(args.split(' '), env)).toEqual(command)
  })

  const expected = 'expected sqlite:<path of a file> or dynamodb:<name of a table>'
  it.each([
    [[], 'Say export or import; --help tells more.'],
    [['move'], 'There is no "move": say export or import.'],
    [['export', 'a', 'b'], 'One file was expected, not 2: a, b.'],
    [['export', ''], 'Name a file, or - for standard output or input: this name is empty.'],
    [['import', ''], 'Name a file, or - for standard output or input: this name is empty.'],
    [['export', '--merge'], '--merge is for import alone.'],
    [['export', '--predecessor', 'sqlite:x'], '--predecessor is for import alone.'],
    [['import'], 'Name the file to import, or --predecessor with its store.'],
    [['import', 'x', '--skip-bad'], '--skip-bad is for --predecessor alone.'],
    [['import', 'x', '--predecessor', 'sqlite:y'], 'Either a file or --predecessor was expected, not both (x).'],
    [['import', 'x', '--store', 'mysql:y'], `--store: ${expected}, not "mysql:y".`],
    [['import', 'x', '--store', 'dynamodb:a b'], `--store: ${expected}, not "dynamodb:a b".`],
    [['import', 'x', '--force'], "Unknown option '--force'. --help tells more."],
    [['import', 'x', '--store'], "Option '--store <value>' argument missing. --help tells more."],
  ])('refuses %j', (args, said) => {
    expect(() => parseCommand(args, {})).toThrow(new Error(said))
  })

  it('says what it can do and which one it is', async () => {
    expect((await cli(['--help'])).out).toBe(`${HELP}\n`)
    expect(HELP).toContain('Activity and push messages that still wait stay behind.')
    expect((await cli(['--version'])).out).toBe('0.0.0\n')
    for (const line of HELP.split('\n')) expect(line.length).toBeLessThanOrEqual(120)
  })
})

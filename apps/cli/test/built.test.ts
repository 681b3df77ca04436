import { type SpawnSyncReturns, spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, rmdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { aFolder, furnish, withFile } from './cli-house.ts'

const folder = aFolder()
const BUILT = join(import.meta.dirname, '../dist/stellarr.mjs')

const environment = () => {
  const { PATH = '' } = process.env
  return { PATH: `${dirname(process.execPath)}:${PATH}`, HOME: folder, AWS_EC2_METADATA_DISABLED: 'true' }
}

/** Runs the built command where nothing but better-sqlite3 is installed. */
function stellarr(args: readonly string[], { input = '' } = {}) {
  return ended(
    spawnSync(join(folder, 'stellarr.mjs'), args, { cwd: folder, env: environment(), input, encoding: 'utf8' }),
  )
}

/** The same by a line of the shell. */
const shell = (line: string) =>
  ended(spawnSync('bash', ['-c', line], { cwd: folder, env: environment(), encoding: 'utf8' }))

const ended = ({ status, stdout, stderr }: SpawnSyncReturns<string>) => ({ status, out: stdout, err: stderr })

beforeAll(async () => {
  copyFileSync(BUILT, join(folder, 'stellarr.mjs'))
  mkdirSync(join(folder, 'node_modules'))
  const sqlite = dirname(createRequire(import.meta.url).resolve('better-sqlite3/package.json'))
  symlinkSync(sqlite, join(folder, 'node_modules/better-sqlite3'))
  await withFile(join(folder, 'full.db'), (store) => furnish(store, 10))
})

describe('the built command', () => {
  it('moves a store by itself, as the settings beside it say', () => {
    writeFileSync(join(folder, '.env'), 'DATABASE_PATH=full.db\n')
    const exported = stellarr(['export', '-'])
    expect([exported.status, exported.err]).toEqual([0, expect.stringMatching(/^Exported 2 requests, 10 library rows/)])
    writeFileSync(join(folder, '.env'), 'DATABASE_PATH=copy.db\n')
    const imported = stellarr(['import', '-'], { input: exported.out })
    expect([imported.status, imported.out]).toEqual([0, expect.stringContaining('All 16 rows were read back')])
    expect(stellarr(['--version'])).toEqual({ status: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), err: '' })
  })

  it.each([
    [['import', 'nothing.jsonl'], 'There is no file nothing.jsonl.'],
    [
      ['export', 'x', '--store', 'sqlite:.env'],
      'The database file is damaged. Restore it from a backup. (file is not a database)',
    ],
    [
      ['export', 'x', '--store', 'dynamodb:abc'],
      'No region: set AWS_REGION (the one that "npm run deploy:aws" was given), or run "aws configure".',
    ],
  ])('fails by %j in one line', (args, said) => {
    expect(stellarr(args)).toEqual({ status: 1, out: '', err: `stellarr: ${said}\n` })
  })

  it.each([
    [
      ['export', 'none/x.jsonl'],
      'none/x.jsonl.part: there is no such file or folder (ENOENT): make the folder, or name another place.',
    ],
    [['import', '.'], '. cannot be read (EISDIR).'],
  ])('names the file of %j', (args, said) => {
    expect(stellarr([...args, '--store', 'sqlite:full.db'])).toEqual({ status: 1, out: '', err: `stellarr: ${said}\n` })
  })

  it('says that its output cannot be written, once, and nothing when nobody reads it', () => {
    const command = `"${join(folder, 'stellarr.mjs')}"`
    const full = 'stellarr: The disk is full (ENOSPC): make room, then run the same command again.\n'
    for (const args of ['export - --store sqlite:full.db', '--help']) {
      expect(shell(`${command} ${args} > /dev/full`)).toEqual({ status: 1, out: '', err: full })
      expect(shell(`set -o pipefail; ${command} ${args} | true`)).toMatchObject({ out: '', err: '' })
    }
  })

  it('says that the settings beside it cannot be read', () => {
    rmSync(join(folder, '.env'))
    mkdirSync(join(folder, '.env'))
    const said = 'stellarr: .env: expected a file that can be read by the user that runs this.\n'
    expect(stellarr(['--version'])).toEqual({ status: 1, out: '', err: said })
    rmdirSync(join(folder, '.env'))
  })

  it('takes the region of "aws configure", and says when there are no credentials', () => {
    mkdirSync(join(folder, '.aws'))
    writeFileSync(join(folder, '.aws/config'), '[default]\nregion = eu-central-1\n')
    const { err } = stellarr(['export', 'x', '--store', 'dynamodb:abc'])
    expect(err).toBe('stellarr: No AWS credentials were found: Could not load credentials from any providers\n')
  })
})

import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { faultOf } from '@stellarr/core/testing'
import { afterEach, expect, it } from 'vitest'
import { copyInThread } from '../src/backup/copy-in-thread.ts'
import { writeBackup } from '../src/backup/write-backup.ts'
import {
  aBackup,
  aHousehold,
  entriesOf,
  making,
  removeHouseholds,
  SECRETS,
  sha256,
  stellarr,
} from './backup-household.ts'

afterEach(removeHouseholds)

it('holds the store, the secrets and a manifest of both, and nothing else', async () => {
  const household = await aHousehold()
  const file = await aBackup(household)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const [manifest, secrets, database, ...more] = await entriesOf(file)
  expect(more).toEqual([])
  expect([manifest, secrets, database].map((entry) => [entry?.header.name, (entry?.header.mode ?? 0) & 0o777])).toEqual(
    [
      ['manifest.json', 0o600],
      ['secrets.json', 0o600],
      ['stellarr.db', 0o600],
    ],
  )
  expect(Buffer.from(secrets?.data ?? '').toString()).toBe(SECRETS)
  const { storeId, ...facts } = household.facts()
  const bytes = database?.data ?? new Uint8Array()
  expect(JSON.parse(Buffer.from(manifest?.data ?? '').toString())).toEqual({
    format: 1,
    version: '1.2.3',
    made_at: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/),
    store_id: storeId,
    ...facts,
    files: {
      'secrets.json': { size: SECRETS.length, sha256: sha256(SECRETS) },
      'stellarr.db': { size: bytes.length, sha256: sha256(bytes) },
    },
  })
  expect(facts.counts).toMatchObject({ requests: 3, library_items: 1 })
})

it('leaves the secrets out where they are not wanted, or where there are none', async () => {
  const household = await aHousehold()
  const names = async (options: Partial<typeof making>) =>
    (await entriesOf(await aBackup(household, options))).map(({ header }) => header.name)
  expect(await names({ withSecrets: false })).toEqual(['manifest.json', 'stellarr.db'])
  const bare = { ...household, dataDir: household.backupDir }
  const file = household.at('bare.tar.gz')
  await writeBackup(file, bare, making)
  expect((await entriesOf(file)).map(({ header }) => header.name)).toEqual(['manifest.json', 'stellarr.db'])
})

it('leaves a file alone that is there already, and no half file where it fails', async () => {
  const household = await aHousehold()
  const file = household.at('backup.tar.gz')
  writeFileSync(file, 'mine')
  await expect(writeBackup(file, household, making)).rejects.toThrow(`${file} is there already`)
  expect(readFileSync(file, 'utf8')).toBe('mine')
  const before = readdirSync(household.dataDir)
  const fails = { ...making, force: true, copyStore: () => Promise.reject(new Error('no luck')) }
  await expect(writeBackup(file, household, fails)).rejects.toThrow('no luck')
  expect([readdirSync(household.dataDir), readFileSync(file, 'utf8')]).toEqual([before, 'mine'])
  await expect(writeBackup(join(file, 'x.tar.gz'), household, making)).rejects.toThrow(
    /cannot be written \(ENOTDIR\)\.$/,
  )
})

it('copies in a thread of its own as well, which says what is wrong', async () => {
  const household = await aHousehold()
  expect(await copyInThread(household.databasePath, household.at('copy.db'))).toEqual(household.facts())
  expect(await faultOf(copyInThread(household.at('none.db'), household.at('other.db')))).toBe('storage_unavailable')
})

it('is what "stellarr backup" writes, to a file or to standard output', async () => {
  const household = await aHousehold()
  const file = household.at('mine.tar.gz')
  const { text } = await stellarr(['backup', file], household)
  expect(text).toBe(`Backed up 3 requests, 1 library item, 0 devices, 0 settings, and the secrets to ${file}.\n`)
  expect(await entriesOf(file)).toHaveLength(3)
  const { out, said } = await stellarr(['backup', '-', '--no-secrets'], household)
  expect(said).toBe('Backed up 3 requests, 1 library item, 0 devices, 0 settings to standard output.')
  writeFileSync(household.at('piped.tar.gz'), out)
  expect(await entriesOf(household.at('piped.tar.gz'))).toHaveLength(2)
  expect(readdirSync(household.backupDir)).toEqual([])
})

it.each([
  [[], /^Say what to do: status, doctor, backup, restore, export, import, password\. --help tells more\.$/],
  [['move'], /^There is no "move": say status, doctor, backup, .*\.$/],
  [['toString'], /^There is no "toString": /],
  [['backup'], 'Name a file; --help tells more.'],
  [['backup', 'a', 'b'], 'One file was expected, not 2: a, b.'],
  [['backup', 'a', '--yes'], "Unknown option '--yes'. --help tells more."],
  [['restore', 'a'], 'Say --yes to restore without being asked.'],
  [['restore', 'a', '--yes'], 'There is no file a.'],
  [['password', 'admin', 'two', 'words'], 'One new password was expected: put one with blanks in quotes.'],
  [['password', 'everybody'], 'Say household or admin, not "everybody".'],
])('refuses the command line %j in one line', async (args, said) => {
  const household = await aHousehold(0)
  await expect(stellarr(args, household, Readable.from([]))).rejects.toThrow(said)
})

it('says what it can do, a line each, and more of each command', async () => {
  const household = await aHousehold(0)
  const { text } = await stellarr(['--help'], household)
  for (const name of ['backup', 'restore', 'export', 'import', 'password']) {
    expect(text.split('\n').filter((line) => line.startsWith(`stellarr ${name}`))).toHaveLength(1)
    if (name === 'export' || name === 'import') continue
    expect((await stellarr([name, '--help'], household)).text).toMatch(new RegExp(`^stellarr ${name} .+\n.+\n\n`))
  }
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(120)
  expect((await stellarr(['--version'], household)).text).toBe('1.2.3\n')
  expect(existsSync(household.at('backup.tar.gz'))).toBe(false)
})

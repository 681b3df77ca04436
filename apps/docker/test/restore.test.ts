import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { aMovieRequest, fixedClock } from '@stellarr/core/testing'
import { lockStore, openSqliteStorage } from '@stellarr/storage-sqlite'
import Sqlite from 'better-sqlite3'
import { packTar, type TarEntry } from 'modern-tar'
import { afterEach, describe, expect, it } from 'vitest'
import {
  aBackup,
  aHousehold,
  archiveOf,
  entriesOf,
  type Household,
  removeHouseholds,
  SECRETS,
  sha256,
  stellarr,
} from './backup-household.ts'
import { damagedArchives, restoresKilled } from './restore-trials.ts'

afterEach(removeHouseholds)

const restore = (file: string, household: Household, ...more: string[]) =>
  stellarr(['restore', file, '--yes', ...more], household)

/** The kept folder of the one restore. */
function keptIn({ dataDir, at }: Household): string {
  const [folder = '', ...more] = readdirSync(dataDir).filter((name) => name.startsWith('before-restore-'))
  expect(more).toEqual([])
  return at(folder)
}

describe('a restore', () => {
  it('brings every row and the secrets back, closes the lists, and keeps what was there', async () => {
    const household = await aHousehold()
    const { counts, ...facts } = household.facts()
    const file = await aBackup(household)
    await household.request(99)
    writeFileSync(household.at('secrets.json'), '{}')
    const { text, said } = await restore(file, household)
    expect(said).toContain('by Stellarr 1.2.3, 3 requests, 1 library item, 0 devices, 0 settings.')
    expect(said).toContain(`${household.databasePath}: 4 requests`)
    const kept = keptIn(household)
    expect(text).toContain(`What was here before is in ${kept}.`)
    expect(text).toContain('Its lists stay closed until you confirm them')
    // The mark of an older store is a setting.
    expect(household.facts()).toEqual({ ...facts, counts: { ...counts, settings: 1 } })
    expect(household.secrets()).toBe(SECRETS)
    for (const name of ['stellarr.db', 'secrets.json']) expect(statSync(household.at(name)).mode & 0o777).toBe(0o600)
    expect(existsSync(household.at('store.json'))).toBe(false)
    expect(readFileSync(join(kept, 'secrets.json'), 'utf8')).toBe('{}')
    expect(readdirSync(kept)).toEqual(expect.arrayContaining(['secrets.json', 'stellarr.db', 'store.json']))
    const store = await openSqliteStorage({ path: household.databasePath, clock: fixedClock() })
    expect(await store.requests.list({})).toEqual([1, 2, 3].map((tmdbId) => aMovieRequest({ tmdbId })))
    expect(await store.settings.get('store-is-older')).toBe('true')
    await store.close()
  })

  it('keeps the secrets that are here where it is told to, and where the backup has none', async () => {
    for (const [withSecrets, more] of [
      [true, ['--no-secrets']],
      [false, []],
    ] as const) {
      const household = await aHousehold()
      const file = await aBackup(household, { withSecrets })
      writeFileSync(household.at('secrets.json'), '{"mine":1}')
      const { said } = await restore(file, household, ...more)
      expect(said).toContain('Passwords and keys stay as they are here.')
      expect(household.secrets()).toBe('{"mine":1}')
      expect(readdirSync(household.dataDir).filter((name) => name.includes('restoring'))).toEqual([])
    }
  })

  it('takes a backup from standard input into a data folder that is not there yet', async () => {
    const household = await aHousehold()
    const archive = readFileSync(await aBackup(household))
    const { counts } = household.facts()
    rmSync(household.dataDir, { recursive: true })
    const { text } = await stellarr(['restore', '-', '--yes'], household, Readable.from([archive]))
    expect(text).not.toContain('What was here before')
    expect(household.facts().counts).toEqual({ ...counts, settings: 1 })
    expect(household.secrets()).toBe(SECRETS)
  })

  it('never leaves the log of the former database beside the restored one', async () => {
    const household = await aHousehold()
    const file = await aBackup(household)
    const db = new Sqlite(household.databasePath)
    db.exec("UPDATE store SET revision = 900; INSERT INTO settings VALUES ('late', 'write')")
    for (const end of ['-wal', '-shm']) expect(existsSync(household.databasePath + end)).toBe(true)
    await restore(file, household)
    db.close()
    expect(readdirSync(keptIn(household))).toEqual(expect.arrayContaining(['stellarr.db', 'stellarr.db-wal']))
    expect(household.facts().revision).toBeLessThan(900)
  })

  it('replaces a damaged store, and says that it is one', async () => {
    const household = await aHousehold()
    const file = await aBackup(household)
    writeFileSync(household.databasePath, 'ruins')
    expect((await restore(file, household)).said).toContain('damaged, or no store of Stellarr')
    expect(household.facts().counts.requests).toBe(3)
  })

  it.each([
    ['y\n', true],
    ['n\n', false],
    ['\n', false],
    // Ctrl-D
    ['', false],
  ])('asks at a terminal, where the answer is %j', async (answer, isRestored) => {
    const household = await aHousehold()
    const file = await aBackup(household)
    await household.request(99)
    const terminal = Object.assign(new PassThrough(), { isTTY: true })
    terminal.end(answer)
    const { text, said } = await stellarr(['restore', file], household, terminal)
    expect(text).toContain('Restore it? [y/N] ')
    expect([household.facts().counts.requests, said.endsWith('Nothing was changed.')]).toEqual([
      isRestored ? 3 : 4,
      !isRestored,
    ])
  })

  it('changes nothing of a store that is in use, and leaves it free', async () => {
    const household = await aHousehold()
    const file = await aBackup(household)
    const args = ['restore', file, '--yes']
    const lock = await lockStore(household.databasePath)
    await expect(stellarr(args, household)).rejects.toThrow('Another Stellarr')
    lock.release()
    await stellarr(args, household)
    const again = await lockStore(household.databasePath)
    again.release()
  })

  it('is finished by the next one when it was cut off', async () => {
    const household = await aHousehold()
    const file = await aBackup(household)
    const ready = `${household.databasePath}.restoring`
    const away = [{ from: household.at('store.json'), to: household.at('before/store.json') }]
    const place = [{ from: ready, to: household.databasePath }]
    renameSync(household.databasePath, ready)
    writeFileSync(household.at('restore.json'), JSON.stringify({ kept: [household.at('before')], away, place }))
    const { said } = await restore(file, household)
    expect(said).toContain(
      `Finished a restore that was cut off.\nWhat was here before is in ${household.at('before')}.`,
    )
    expect([existsSync(household.at('restore.json')), existsSync(ready)]).toEqual([false, false])
  })

  it('ends at old or new when it is killed, with what was there kept', async () => {
    expect(await restoresKilled(3)).toEqual({ tried: 3, wrong: [] })
  })
})

describe('an archive is refused in one line, and nothing is changed,', () => {
  it('when a bit of it is another, or its end is missing', async () => {
    expect(await damagedArchives(32)).toEqual({ tried: 32, wrong: [] })
  })

  /** A backup of the household whose entries are changed. */
  async function changed(household: Household, change: (entries: TarEntry[]) => TarEntry[]): Promise<Buffer> {
    const entries = await entriesOf(await aBackup(household))
    return archiveOf(change(entries.map(({ header, data }) => ({ header, body: data }))))
  }
  const added = (name: string, body = 'x', more: object = {}): TarEntry => ({
    header: { name, size: body.length, ...more },
    body,
  })
  /** With a manifest that says something else. */
  const saying = (say: (manifest: Record<string, unknown>) => void) => (entries: TarEntry[]) => {
    const [manifest, ...rest] = entries
    const value = JSON.parse(Buffer.from(manifest?.body as Uint8Array).toString())
    say(value)
    return [added('manifest.json', JSON.stringify(value)), ...rest]
  }
  const filesOf = (manifest: Record<string, unknown>) =>
    manifest.files as Record<string, { size: number; sha256: string }>

  const NOT_NAMED = 'it holds what its manifest.json does not name.'
  it.each<[what: string, change: (entries: TarEntry[]) => TarEntry[], said: string]>([
    ['a path that leads out', (all) => [...all, added('../evil')], NOT_NAMED],
    ['an absolute path', (all) => [...all, added('/etc/passwd')], NOT_NAMED],
    ['another file', (all) => [...all, added('store.json')], NOT_NAMED],
    ['a file twice', (all) => [...all, ...all.slice(1, 2)], NOT_NAMED],
    [
      'a link in a file’s place',
      ([manifest, , db]) => [
        ...(manifest ? [manifest] : []),
        { header: { name: 'secrets.json', size: 0, type: 'symlink', linkname: '/etc/passwd' } },
        ...(db ? [db] : []),
      ],
      NOT_NAMED,
    ],
    ['no manifest', (all) => all.slice(1), 'it is not a backup of Stellarr.'],
    [
      'the manifest last',
      ([manifest, ...all]) => [...all, ...(manifest ? [manifest] : [])],
      'it is not a backup of Stellarr.',
    ],
    ['no database', (all) => all.slice(0, 2), 'stellarr.db is missing in it.'],
    ['nothing', () => [], 'it is not a backup of Stellarr.'],
    [
      'a manifest of another kind',
      saying((manifest) => delete manifest.revision),
      'its manifest.json cannot be right (revision).',
    ],
    [
      'a newer format',
      saying((manifest) => Object.assign(manifest, { format: 2 })),
      'a newer Stellarr made it: update this one.',
    ],
    [
      'a newer schema',
      saying((manifest) => Object.assign(manifest, { schema: '9999-later' })),
      'a newer Stellarr made it: update this one.',
    ],
    [
      'another revision',
      saying((manifest) => Object.assign(manifest, { revision: 1e6 })),
      'its database is not the one it names.',
    ],
    [
      'secrets of another checksum',
      saying((manifest) => Object.assign(filesOf(manifest)['secrets.json'] ?? {}, { sha256: sha256('other') })),
      'secrets.json in it is not what was backed up.',
    ],
    [
      'more than there is room for',
      saying((manifest) => Object.assign(filesOf(manifest)['stellarr.db'] ?? {}, { size: 2 ** 50 })),
      'there is too little room',
    ],
    [
      'secrets that are none',
      saying((manifest) => Object.assign(filesOf(manifest)['secrets.json'] ?? {}, { size: 2 ** 30 })),
      'its manifest.json cannot be right (files.secrets.json.size).',
    ],
  ])('with %s', async (_what, change, said) => {
    const household = await aHousehold()
    const archive = await changed(household, change)
    writeFileSync(household.at('odd.tar.gz'), archive)
    const files = () => readdirSync(household.dataDir).filter((name) => !name.endsWith('.lock'))
    const before = files()
    const refused = restore(household.at('odd.tar.gz'), household)
    await expect(refused).rejects.toThrow(`${household.at('odd.tar.gz')} cannot be restored: ${said}`)
    expect(files()).toEqual(before)
  })

  it('with far more in it than it names, without unpacking it', async () => {
    const household = await aHousehold()
    const entries = await entriesOf(await aBackup(household))
    const tar = await packTar(entries)
    const bomb = gzipSync(Buffer.concat([tar, Buffer.alloc(20 * 1024 * 1024)]))
    const refused = stellarr(['restore', '-', '--yes'], household, Readable.from([bomb]))
    await expect(refused).rejects.toThrow(
      'Standard input cannot be restored: it holds more than its manifest.json names.',
    )
  })

  it('that is no archive, or has another program’s database', async () => {
    const household = await aHousehold()
    writeFileSync(household.at('text'), 'hello')
    await expect(restore(household.at('text'), household)).rejects.toThrow(
      'it is damaged, or not a backup of Stellarr.',
    )
    const theirs = household.at('theirs.db')
    new Sqlite(theirs).exec('CREATE TABLE a (b)').close()
    const bytes = readFileSync(theirs)
    const archive = await changed(household, (entries) =>
      saying((manifest) =>
        Object.assign(filesOf(manifest)['stellarr.db'] ?? {}, { size: bytes.length, sha256: sha256(bytes) }),
      )(entries).map((entry) =>
        entry.header.name === 'stellarr.db' ? { header: { ...entry.header, size: bytes.length }, body: bytes } : entry,
      ),
    )
    const refused = stellarr(['restore', '-', '--yes'], household, Readable.from([archive]))
    await expect(refused).rejects.toThrow('its database cannot be used (wrong_store).')
    mkdirSync(household.at('folder'))
    await expect(restore(household.at('folder'), household)).rejects.toThrow(
      'a file cannot be read or written (EISDIR).',
    )
  })
})

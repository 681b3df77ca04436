import { createHash } from 'node:crypto'
import { createReadStream, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { createGunzip, gzipSync } from 'node:zlib'
import { aLibraryItem, aMovieRequest, fixedClock } from '@stellarr/core/testing'
import { openSqliteStorage } from '@stellarr/storage-sqlite'
import { copyStoreFile, readStoreFile } from '@stellarr/storage-sqlite/store-file'
import { packTar, type TarEntry, unpackTar } from 'modern-tar'
import { writeBackup } from '../src/backup/write-backup.ts'
import { run } from '../src/command/run.ts'

export const SECRETS = '{"appSecretKey":"the-key-of-this-household"}\n'
export const making = { version: '1.2.3', withSecrets: true, force: false, copyStore: copyStoreFile }

const folders: string[] = []

/** After each test, and after each trial. */
export function removeHouseholds(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
}

export type Household = Awaited<ReturnType<typeof aHousehold>>

/** A data folder with a store of some requests, and its secrets. */
export async function aHousehold(requests = 3) {
  const dataDir = mkdtempSync(join(tmpdir(), 'stellarr-backup-'))
  folders.push(dataDir)
  const household = {
    dataDir,
    databasePath: join(dataDir, 'stellarr.db'),
    backupDir: join(dataDir, 'backups'),
    at: (name: string) => join(dataDir, name),
    /** Makes a change that a backup from before it does not have. */
    async request(tmdbId: number) {
      const store = await openSqliteStorage({ path: household.databasePath, clock: fixedClock() })
      await store.requests.add(aMovieRequest({ tmdbId }))
      await store.close()
    },
    facts: () => readStoreFile(household.databasePath),
    secrets: () => readFileSync(household.at('secrets.json'), 'utf8'),
  }
  mkdirSync(household.backupDir)
  const store = await openSqliteStorage({ path: household.databasePath, clock: fixedClock() })
  for (let tmdbId = 1; tmdbId <= requests; tmdbId += 1) await store.requests.add(aMovieRequest({ tmdbId }))
  await store.library.add('sync', [aLibraryItem()])
  await store.identity.confirmNew()
  await store.close()
  writeFileSync(household.at('secrets.json'), SECRETS, { mode: 0o600 })
  writeFileSync(household.at('store.json'), '{}', { mode: 0o600 })
  return household
}

/** Writes a backup of a household and answers its path. */
export async function aBackup(household: Household, options: Partial<typeof making> = {}): Promise<string> {
  const file = household.at('backup.tar.gz')
  await writeBackup(file, household, { ...making, force: true, ...options })
  return file
}

/** The entries of an archive. */
export const entriesOf = async (file: string) => unpackTar(await buffer(createReadStream(file).pipe(createGunzip())))

/** An archive of any entries. */
export const archiveOf = async (entries: TarEntry[]): Promise<Buffer> => gzipSync(await packTar(entries))

export const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex')

/** Runs `stellarr` in this process. */
export async function stellarr(
  args: readonly string[],
  { dataDir }: { dataDir: string },
  input: Readable = Readable.from([]),
) {
  const out: Buffer[] = []
  const said: string[] = []
  const output = new PassThrough().on('data', (chunk: Buffer) => out.push(chunk))
  const env = { DATA_DIR: dataDir }
  await run(args, { env, version: '1.2.3', input, output, say: (text) => said.push(text) })
  await new Promise((resolve) => setImmediate(resolve))
  return { out: Buffer.concat(out), text: Buffer.concat(out).toString(), said: said.join('\n') }
}

import { createHash, randomBytes } from 'node:crypto'
import {
  copyFileSync,
  createReadStream,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statfsSync,
  statSync,
} from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { Fault } from '@stellarr/core'
import type { StoreFacts } from '@stellarr/storage-sqlite/store-file'
import { packTar } from 'modern-tar/fs'
import { DATABASE, type FileNote, MANIFEST, type Manifest, manifestOf, SECRETS } from './manifest.ts'
import { holding } from './temporary.ts'

/** What is backed up. */
export interface Household {
  databasePath: string
  /** Where the secrets lie. */
  dataDir: string
}

export interface MakingOptions {
  /** The version of this program. */
  version: string
  withSecrets: boolean
  /** Where the copy lies while the archive is made of it: needs the store's size twice. */
  folder: string
  /** Copies and checks the store. */
  copyStore: (from: string, to: string) => Promise<StoreFacts>
}

/** A backup that is ready to be written. */
export interface Backup {
  manifest: Manifest
  /** The archive, gzipped. */
  archive: Readable
}

const MAKING = /^\.making-[0-9a-f]{8}$/
/** What is older was left by a program that was killed. */
const LEFT_MS = 24 * 3_600_000
/** Of the store's size: the copy, and an archive that cannot be made smaller. */
const NEEDED = 2

/** Bytes of a file and of what SQLite has not brought into it yet; 0 for none. */
export const storeSize = (path: string): number =>
  [path, `${path}-wal`].reduce((sum, one) => sum + (statSync(one, { throwIfNoEntry: false })?.size ?? 0), 0)

/** Bytes that may be written into a folder. */
export function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}

/**
 * Copies store and secrets, and gives the archive of them to `work`; nothing of the copy is left.
 * @throws Fault `storage_unavailable` where there is no room, and those of `copyStoreFile`
 */
export async function withBackup<Result>(
  { databasePath, dataDir }: Household,
  { version, withSecrets, folder, copyStore }: MakingOptions,
  work: (backup: Backup) => Promise<Result>,
): Promise<Result> {
  if (freeBytes(folder) < NEEDED * storeSize(databasePath)) {
    throw new Fault('storage_unavailable', `The disk has too little room for a backup (${folder}).`)
  }
  sweep(folder)
  const making = join(folder, `.making-${randomBytes(4).toString('hex')}`)
  return holding(making, async () => {
    mkdirSync(making, { mode: 0o700 })
    const [copy, secrets] = [join(making, DATABASE), join(making, SECRETS)]
    const { storeId: store_id, ...facts } = await copyStore(databasePath, copy)
    // A copy of them too: what is written below is what was counted.
    if (withSecrets && existsSync(join(dataDir, SECRETS))) copyFileSync(join(dataDir, SECRETS), secrets)
    const files = {
      ...(existsSync(secrets) && { [SECRETS]: await noteOf(secrets) }),
      [DATABASE]: await noteOf(copy),
    }
    const manifest = manifestOf({ version, made_at: new Date().toISOString(), store_id, ...facts, files })
    return work({ manifest, archive: packed(making, manifest) })
  })
}

function sweep(folder: string): void {
  for (const name of readdirSync(folder).filter((one) => MAKING.test(one))) {
    const path = join(folder, name)
    const isLeft = Date.now() - statSync(path).mtimeMs > LEFT_MS
    if (isLeft) rmSync(path, { recursive: true, force: true })
  }
}

async function noteOf(path: string): Promise<FileNote> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return { size: statSync(path).size, sha256: hash.digest('hex') }
}

/** The manifest comes first: who reads it knows what follows, and how much of it. */
function packed(folder: string, manifest: Manifest): Readable {
  const mtime = new Date(manifest.made_at)
  const tar = packTar([
    { type: 'content', content: `${JSON.stringify(manifest, null, 2)}\n`, target: MANIFEST, mode: 0o600, mtime },
    ...Object.keys(manifest.files).map((name) => ({
      type: 'file' as const,
      source: join(folder, name),
      target: name,
      mode: 0o600,
      mtime,
    })),
  ])
  const gzip = createGzip()
  pipeline(tar, gzip).catch(() => undefined)
  return gzip
}

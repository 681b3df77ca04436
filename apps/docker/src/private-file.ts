import { randomBytes } from 'node:crypto'
import {
  closeSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'

/** What a file is called while it is written. */
const FRESH = /\.[0-9a-f]{8}\.new$/
/** A younger one may be another program's that is at work. */
const STALE_MS = 60_000

/**
 * Writes a file so that a crash or a full disk leaves the old or the new one, whole, readable by its owner alone.
 * Throws the file system's errors; what was begun is then taken away.
 */
export function writePrivateFile(path: string, body: string): void {
  const fresh = `${path}.${randomBytes(4).toString('hex')}.new`
  try {
    writeWhole(fresh, body)
    if (readFileSync(fresh, 'utf8') !== body) throw new Error(`${path}: the disk did not keep what was written`)
    renameSync(fresh, path)
  } catch (error) {
    rmSync(fresh, { force: true })
    throw error
  }
  syncFolder(dirname(path))
}

/** One write may take a part of it and say so, as on a disk that is nearly full: Node goes on until all is written. */
function writeWhole(path: string, body: string): void {
  const file = openSync(path, 'wx', 0o600)
  try {
    writeFileSync(file, Buffer.from(body))
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** Makes the new name outlast a power cut. Windows and some network file systems have no such call for a folder. */
function syncFolder(path: string): void {
  try {
    const folder = openSync(path, 'r')
    try {
      fsyncSync(folder)
    } finally {
      closeSync(folder)
    }
  } catch {
    // The file itself is written.
  }
}

/** Takes away what starts that were killed, or disks that were full, left half written in a folder. */
export function sweepUnfinished(dir: string): void {
  for (const name of readdirSync(dir).filter((entry) => FRESH.test(entry))) {
    const path = join(dir, name)
    const age = Math.abs(Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0))
    if (age > STALE_MS) rmSync(path, { force: true })
  }
}

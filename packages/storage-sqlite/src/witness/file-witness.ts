import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { open, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Fault, type Logger, type StoreWitness } from '@stellarr/core'
import { compareFile, type FileIdentity, identityOf, unsteadyFileSystem } from '../database/file-identity.ts'
import { freshNote, nextSlot, readNote, type StoreNote } from './store-note.ts'

export interface FileWitness extends StoreWitness {
  /** The file system that keeps no identity of a file; undefined where one is kept. */
  unsteady: string | undefined
}

/**
 * Remembers the store last used in a file, outside of it: which one it was, how far, and which file it lay in.
 * @param path the file of the note (`store.json`)
 * @param database the file of the store, which is there
 */
export function fileWitness(path: string, database: string, logger: Pick<Logger, 'warn'>): FileWitness {
  const unsteady = unsteadyFileSystem(database)
  const present = (): FileIdentity | undefined => (unsteady === undefined ? identityOf(database) : undefined)

  // Asked for again and again while it is: one line will do.
  let isDamageSaid = false
  function damaged(code?: string): 'damaged' {
    if (!isDamageSaid) logger.warn('the note of the store cannot be read', { path, code })
    isDamageSaid = true
    return 'damaged'
  }

  return {
    unsteady,

    async load() {
      let bytes: Buffer
      try {
        bytes = readFileSync(path)
      } catch (error) {
        return codeOf(error) === 'ENOENT' ? undefined : damaged(codeOf(error))
      }
      const found = readNote(bytes)
      if (!found) return damaged()
      const { storeId, revision, file } = found.note
      const place = file && unsteady === undefined ? compareFile(file, database) : undefined
      return { storeId, revision, ...(place && { place }) }
    },

    async save({ storeId, revision }) {
      const file = present()
      try {
        await saveNote(path, { storeId, revision, ...(file && { file }) })
      } catch (error) {
        throw new Fault('storage_unavailable', `The note of the store cannot be written (${codeOf(error)}).`, error)
      }
    },
  }
}

/** Writes the older of the two slots, on disk before it answers: whatever ends the write, the newer one is whole. */
async function saveNote(path: string, note: StoreNote): Promise<void> {
  const last = readNote(await readFile(path).catch(() => Buffer.alloc(0)))
  if (last?.slot === undefined) return replaceFile(path, freshNote(note))
  const { text, at } = nextSlot(note, { sequence: last.sequence, slot: last.slot })
  const file = await open(path, 'r+')
  try {
    const { bytesWritten } = await file.write(text, at)
    if (bytesWritten !== Buffer.byteLength(text)) throw new Error('the note was written in part')
    await file.datasync()
  } finally {
    await file.close()
  }
}

async function replaceFile(path: string, text: string): Promise<void> {
  const fresh = `${path}.${randomBytes(4).toString('hex')}.new`
  try {
    await writeFile(fresh, text, { mode: 0o600, flush: true })
    await rename(fresh, path)
    await syncFolder(dirname(path))
  } catch (error) {
    await rm(fresh, { force: true })
    throw error
  }
}

/** Brings the name of a new file to the disk. Windows has no such call, and keeps names in its journal. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const folder = await open(path)
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown'

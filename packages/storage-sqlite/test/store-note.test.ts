import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { faultOf } from '@stellarr/core/testing'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { compareFile, fileWatch, identityOf, unsteadyFileSystem } from '../src/database/file-identity.ts'
import { fileWitness } from '../src/index.ts'
import { readNote } from '../src/witness/store-note.ts'

const statfs = vi.hoisted(() => ({ type: undefined as number | undefined }))
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>()
  const statfsSync = (path: string) => (statfs.type === undefined ? fs.statfsSync(path) : { type: statfs.type })
  return { ...fs, statfsSync }
})

let folder: string
let path: string
let database: string
const said: string[] = []
const logger = { warn: (message: string) => void said.push(message) }
const open = () => fileWitness(path, database, logger)
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'stellarr-note-'))
  path = join(folder, 'store.json')
  database = join(folder, 'stellarr.db')
  writeFileSync(database, 'a database')
  // A time of making is one only when the file was changed since; file systems count in steps of some milliseconds.
  await new Promise((resolve) => setTimeout(resolve, 15))
  writeFileSync(database, 'a database in use', { flag: 'r+' })
  said.length = 0
  statfs.type = undefined
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const load = () => open().load('')
const same = (revision: number) => ({ storeId: 'mine', revision, place: 'same' as const })
const save = async (...revisions: number[]) => {
  for (const revision of revisions) await open().save({ storeId: 'mine', revision })
}

describe('the note of the store', () => {
  it('is read as it was written last, in a file of two slots for its owner alone', async () => {
    expect(await load()).toBeUndefined()
    for (const revision of [1, 2, 3, 400, 5]) {
      await save(revision)
      expect(await load()).toEqual(same(revision))
      expect([statSync(path).size, statSync(path).mode & 0o777]).toEqual([1024, 0o600])
    }
  })

  it('survives a write that was torn at any byte: the one before is whole', async () => {
    await save(1, 2)
    const before = readFileSync(path)
    await save(3)
    const after = readFileSync(path)
    const [from, to] = [before.findIndex((byte, at) => byte !== after[at]), 512]
    expect(from).toBeLessThan(to)
    for (let cut = 0; cut <= 512; cut += 1) {
      const torn = readNote(Buffer.concat([after.subarray(0, cut), before.subarray(cut)]))
      expect([2, 3]).toContain(torn?.note.revision)
    }
  })

  it('is damaged, in one line, when nothing of it can be read', async () => {
    await save(1, 2)
    const whole = readFileSync(path)
    const flipped = Buffer.from(whole)
    for (const at of [80, 592]) flipped[at] = (whole[at] ?? 0) ^ 1
    const old = '{"storeId":"mine","revision":12}\n'
    for (const bytes of [flipped, '', 'null', old.slice(0, 20), Buffer.alloc(1024)]) {
      said.length = 0
      writeFileSync(path, bytes)
      const witness = open()
      expect([await witness.load(''), await witness.load('')]).toEqual(['damaged', 'damaged'])
      expect(said).toHaveLength(1)
      await witness.save({ storeId: 'mine', revision: 9 })
      expect(await witness.load('')).toEqual(same(9))
    }
  })

  it('of an earlier version is read, and becomes one of two slots at the next write', async () => {
    writeFileSync(path, '{"storeId":"mine","revision":12}\n')
    expect(await load()).toEqual({ storeId: 'mine', revision: 12 })
    await save(13)
    expect([await load(), statSync(path).size]).toEqual([same(13), 1024])
  })

  it('that cannot be written is a fault, and leaves what was there', async () => {
    const lost = fileWitness(join(folder, 'no folder', 'store.json'), database, logger)
    expect(await faultOf(lost.save({ storeId: 'mine', revision: 1 }))).toBe('storage_unavailable')
  })
})

describe('the identity of the store’s file', () => {
  const replaced = () => {
    const fresh = `${database}.fresh`
    writeFileSync(fresh, readFileSync(database))
    rmSync(database)
    writeFileSync(database, readFileSync(fresh))
  }

  it('stays while it is written, and is another’s for a copy in its place, until that is noted', async () => {
    await save(1)
    writeFileSync(database, 'written again', { flag: 'r+' })
    expect(await load()).toEqual(same(1))
    replaced()
    expect(await load()).toEqual({ ...same(1), place: 'another' })
    await save(1)
    expect(await load()).toEqual(same(1))
  })

  it('goes by the time of making where one is kept, since numbers are given out again', () => {
    const { inode, birth = '' } = identityOf(database)
    expect(compareFile({ inode, birth }, database)).toBe('same')
    expect(compareFile({ inode, birth: '1' }, database)).toBe('another')
    expect(compareFile({ inode: '8', birth }, database)).toBe('another')
    // Noted before it was kept, or as the file was made: there is more to note.
    expect(compareFile({ inode }, database)).toBeUndefined()
  })

  it.runIf(process.platform === 'linux').each([
    [0x6969, 'NFS'],
    [0xff534d42, 'SMB'],
    // As a 32-bit system has it.
    [0xfe534d42 | 0, 'SMB'],
    [0x01021997, '9p'],
    [0x65735546, 'FUSE'],
  ])('is left out on a file system that keeps none (%i: %s), and that is said', async (type, name) => {
    await save(1)
    statfs.type = type
    const witness = open()
    expect([witness.unsteady, unsteadyFileSystem(database)]).toEqual([name, name])
    replaced()
    expect(await witness.load('')).toEqual({ storeId: 'mine', revision: 1 })
    const watch = fileWatch(database)
    replaced()
    expect(watch.isInPlace()).toBe(true)
    rmSync(database)
    expect(watch.isInPlace()).toBe(false)
  })
})

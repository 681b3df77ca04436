import fs, {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { sweepUnfinished, writePrivateFile } from '../src/private-file.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stellarr-private-'))
  path = join(folder, 'secrets.json')
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true, force: true })
})

const body = 'é'.repeat(10_000)

/** Stands between the program and the disk: `write` is given the real one, and the bytes that it is to write. */
function onDisk(write: (real: (length: number) => number, length: number) => number) {
  const real = fs.writeSync as (file: number, data: Uint8Array, offset: number, length: number) => number
  const fake = (file: number, data: Uint8Array, offset: number, length: number) =>
    write((most) => real(file, data, offset, most), length)
  return vi.spyOn(fs, 'writeSync').mockImplementation(fake as typeof fs.writeSync)
}

/** The descriptor that the next file gets: it rises with every one that stays open. */
function lowestFree(): number {
  const file = openSync(folder, 'r')
  closeSync(file)
  return file
}

describe('a private file', () => {
  it('is whole, its owner’s alone, and alone in its folder', () => {
    writePrivateFile(path, 'old')
    writePrivateFile(path, body)
    expect(readFileSync(path, 'utf8')).toBe(body)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(readdirSync(folder)).toEqual(['secrets.json'])
  })

  it('is written in full where the disk takes a part at a time', () => {
    const disk = onDisk((real, length) => real(Math.min(length, 8_192)))
    writePrivateFile(path, body)
    expect(disk.mock.calls.length).toBeGreaterThan(2)
    expect(readFileSync(path, 'utf8')).toBe(body)
  })

  it.each<[string, (real: (length: number) => number, length: number) => number]>([
    [
      'is full',
      (real) => {
        real(100)
        throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })
      },
    ],
    [
      'says that it has written what it has not',
      (real, length) => {
        real(Math.floor(length / 2))
        return length
      },
    ],
  ])('stays the old one, with nothing beside it, where the disk %s', (_what, write) => {
    writePrivateFile(path, 'old')
    onDisk(write)
    const lowest = lowestFree()
    expect(() => writePrivateFile(path, body)).toThrow()
    expect(lowestFree()).toBe(lowest)
    expect(readFileSync(path, 'utf8')).toBe('old')
    expect(readdirSync(folder)).toEqual(['secrets.json'])
  })
})

it('what was left half written is swept, but for what another program may be writing now', () => {
  const names = ['secrets.json', 'secrets.json.0a1b2c3d.new', 'store.json.ffffffff.new', 'notes.new']
  for (const name of names) writeFileSync(join(folder, name), '')
  const before = new Date(Date.now() - 3_600_000)
  for (const name of names.slice(0, 2)) utimesSync(join(folder, name), before, before)
  utimesSync(join(folder, 'notes.new'), before, before)
  sweepUnfinished(folder)
  expect(readdirSync(folder).sort()).toEqual(['notes.new', 'secrets.json', 'store.json.ffffffff.new'])
})

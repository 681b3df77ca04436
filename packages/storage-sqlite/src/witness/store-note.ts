import { createHash } from 'node:crypto'
import type { FileIdentity } from '../database/file-identity.ts'

/** What `store.json` says: which store was used last, how far it was, and which file it lay in. */
export interface StoreNote {
  storeId: string
  /** The highest revision of which a list was answered. */
  revision: number
  /** Absent where the file system keeps none. */
  file?: FileIdentity
}

/** A disk writes as much whole or not at all; two of them lie in the file, and each note goes over the older one. */
const SLOT_BYTES = 512
const EMPTY = `${' '.repeat(SLOT_BYTES - 1)}\n`

interface Slot extends StoreNote {
  /** The newest has the highest. */
  sequence: number
}

const sumOf = (text: string) => createHash('sha256').update(text).digest('hex')
const isObject = (value: unknown): value is Record<string, unknown> => value !== null && typeof value === 'object'

function fileFrom(value: unknown): FileIdentity | undefined {
  if (!isObject(value) || typeof value.inode !== 'string') return undefined
  return { inode: value.inode, ...(typeof value.birth === 'string' && { birth: value.birth }) }
}

function slotFrom(json: string): Slot | undefined {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    return undefined
  }
  if (!isObject(value) || typeof value.storeId !== 'string' || !Number.isSafeInteger(value.revision)) return undefined
  const file = fileFrom(value.file)
  return {
    storeId: value.storeId,
    revision: Number(value.revision),
    sequence: Number(value.sequence ?? 0),
    ...(file && { file }),
  }
}

function readSlot(text: string): Slot | undefined {
  const [sum, ...rest] = text.trimEnd().split(' ')
  const json = rest.join(' ')
  return sum === sumOf(json) ? slotFrom(json) : undefined
}

function writeSlot(slot: Slot): string {
  const json = JSON.stringify(slot)
  const text = `${sumOf(json)} ${json}`
  if (Buffer.byteLength(text) >= SLOT_BYTES) throw new Error('a note of the store has no room in its slot')
  return `${text}${' '.repeat(SLOT_BYTES - 1 - Buffer.byteLength(text))}\n`
}

/** The newest whole note of a file and the place of it; undefined when none is whole. Earlier versions wrote one JSON. */
export function readNote(bytes: Buffer): { note: StoreNote; sequence: number; slot: number | undefined } | undefined {
  const [newest] = [0, 1]
    .flatMap((slot) => {
      const found = readSlot(bytes.subarray(slot * SLOT_BYTES, (slot + 1) * SLOT_BYTES).toString())
      return found ? { found, slot } : []
    })
    .sort((a, b) => b.found.sequence - a.found.sequence)
  const found = newest?.found ?? slotFrom(bytes.toString())
  if (!found) return undefined
  const { sequence, ...note } = found
  return { note, sequence, slot: newest?.slot }
}

/** The bytes of a note that goes over the older of two, and where they begin. */
export function nextSlot(note: StoreNote, last: { sequence: number; slot: number }): { text: string; at: number } {
  return { text: writeSlot({ sequence: last.sequence + 1, ...note }), at: last.slot === 0 ? SLOT_BYTES : 0 }
}

/** A whole file with this note alone. */
export const freshNote = (note: StoreNote): string => writeSlot({ sequence: 1, ...note }) + EMPTY

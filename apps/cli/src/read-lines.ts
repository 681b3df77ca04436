import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { isFault } from '@stellarr/core'
import { Stop } from './stop.ts'

/** No row is as long: what is longer is another kind of file. */
const LONGEST = 8 * 1024 * 1024

/** A line without its end, and where it ends in the file (after its line feed), in bytes. */
export interface RawLine {
  bytes: Buffer
  end: number
  /** It ends in a line feed. */
  isWhole: boolean
}

/** Cuts bytes into lines; what comes after the last line feed is one too, unless it is empty. */
export async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<RawLine> {
  let rest: Buffer[] = []
  let restLength = 0
  let end = 0
  for await (const chunk of chunks) {
    let from = 0
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
      const bytes = Buffer.concat([...rest, chunk.subarray(from, at)])
      rest = []
      restLength = 0
      end += bytes.length + 1
      from = at + 1
      yield { bytes, end, isWhole: true }
    }
    rest.push(Buffer.from(chunk.subarray(from)))
    restLength += chunk.length - from
    if (restLength > LONGEST) throw new Stop('a line is longer than any that Stellarr writes.')
  }
  if (restLength > 0) yield { bytes: Buffer.concat(rest), end: end + restLength, isWhole: false }
}

/** What every gzip begins with (RFC 1952, 2.3.1), and no line of JSON. */
const GZIP = Buffer.from([0x1f, 0x8b])

/** The bytes of a file, unpacked where it is compressed: names tell nothing of standard input. */
export async function openFile(path: string): Promise<Readable> {
  const isPacked = await beginsWith(path, GZIP)
  const file = createReadStream(path)
  if (!isPacked) return file
  // Errors of either come out of the last.
  return pipeline(file, createGunzip(), () => undefined)
}

async function beginsWith(path: string, bytes: Buffer): Promise<boolean> {
  const file = await open(path)
  try {
    const { buffer } = await file.read({ buffer: Buffer.alloc(bytes.length), position: 0 })
    return buffer.equals(bytes)
  } finally {
    await file.close()
  }
}

/** A failure of reading a file in a sentence; what is no such failure is thrown as it came. */
export function readingFailure(path: string, error: unknown): Stop {
  if (error instanceof Stop || isFault(error)) throw error
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'ENOENT') return new Stop(`There is no file ${path}.`)
  if (code.startsWith('Z_')) return new Stop(`${path} is damaged or was cut off: it cannot be unpacked (${code}).`)
  if (/^E[A-Z]+$/.test(code)) return new Stop(`${path} cannot be read (${code}).`)
  throw error
}

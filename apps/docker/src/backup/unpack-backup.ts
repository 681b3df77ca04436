import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { createTarDecoder } from 'modern-tar'
import { DATABASE, type FileNote, MANIFEST, MAX_MANIFEST, type Manifest, parseManifest, SECRETS } from './manifest.ts'
import { Refused } from './refused.ts'

/** Where the files of a backup go. */
export type Places = Record<typeof SECRETS | typeof DATABASE, string>

/** Headers, padding and the end of an archive of three files, and room to spare. */
const FRAME = 64 * 1024
const NOT_OURS = 'it is not a backup of Stellarr.'

type Entry = ReadableStreamOf<ReturnType<typeof createTarDecoder>['readable']>
type ReadableStreamOf<Stream> = Stream extends ReadableStream<infer Item> ? Item : never

/**
 * Writes the files of a backup to their places (0600, flushed), and checks them against its manifest. Names, links and
 * sizes that a backup does not have are refused before anything of them is written.
 * @param before told of the manifest before any file is written: throws when there is no use or no room
 * @throws Refused with what is wrong, as the second half of a sentence
 */
export async function unpackBackup(
  source: Readable,
  places: Places,
  before: (manifest: Manifest) => void,
): Promise<Manifest> {
  const limit = limited(MAX_MANIFEST + FRAME)
  const plain = pipeline(source, createGunzip(), limit.stream)
  // It fails the reading below as well.
  plain.catch(() => undefined)
  const entries = Readable.toWeb(limit.stream).pipeThrough(createTarDecoder({ strict: true }))
  try {
    let manifest: Manifest | undefined
    const missing = new Map<string, FileNote>()
    for await (const entry of entries) {
      if (manifest === undefined) {
        manifest = await readManifest(entry)
        before(manifest)
        for (const [name, note] of Object.entries(manifest.files)) missing.set(name, note)
        limit.raise([...missing.values()].reduce((sum, { size }) => sum + size, 0))
        continue
      }
      const { name } = entry.header
      const note = missing.get(name)
      const place = name === SECRETS || name === DATABASE ? places[name] : undefined
      if (!isFile(entry) || note === undefined || place === undefined || entry.header.size !== note.size) {
        throw new Refused(`it holds what its ${MANIFEST} does not name.`)
      }
      await writeEntry(entry, place, note)
      missing.delete(name)
    }
    if (manifest === undefined) throw new Refused(NOT_OURS)
    const [lost] = missing.keys()
    if (lost !== undefined) throw new Refused(`${lost} is missing in it.`)
    await plain
    return manifest
  } catch (error) {
    source.destroy()
    throw explained(error)
  }
}

const isFile = ({ header }: Entry): boolean => (header.type ?? 'file') === 'file'

async function readManifest(entry: Entry): Promise<Manifest> {
  const { name, size } = entry.header
  if (!isFile(entry) || name !== MANIFEST || size > MAX_MANIFEST) throw new Refused(NOT_OURS)
  return parseManifest(await new Response(entry.body).text())
}

async function writeEntry(entry: Entry, place: string, { sha256 }: FileNote): Promise<void> {
  const hash = createHash('sha256')
  const hashing = new Transform({
    transform(chunk, _encoding, done) {
      hash.update(chunk)
      done(null, chunk)
    },
  })
  await pipeline(Readable.fromWeb(entry.body), hashing, createWriteStream(place, { mode: 0o600, flush: true }))
  if (hash.digest('hex') !== sha256) throw new Refused(`${entry.header.name} in it is not what was backed up.`)
}

/** Fails once more bytes came out of the archive than it may have. */
function limited(bytes: number) {
  let left = bytes
  return {
    raise(more: number) {
      left += more
    },
    stream: new Transform({
      transform(chunk: Buffer, _encoding, done) {
        left -= chunk.length
        if (left < 0) done(new Refused(`it holds more than its ${MANIFEST} names.`))
        else done(null, chunk)
      },
    }),
  }
}

/** What unpacking, the archive's format and the disk say, in the words of a person. */
function explained(error: unknown): unknown {
  if (error instanceof Refused || !(error instanceof Error)) return error
  if ('code' in error && typeof error.code === 'string') {
    if (error.code === 'Z_BUF_ERROR') return new Refused('it is cut off.')
    if (error.code.startsWith('Z_')) return new Refused(NOT_OURS.replace('not a', 'damaged, or not a'))
    return error
  }
  return new Refused(`it is damaged (${error.message.replace(/\.$/, '')}).`)
}

import { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import { createGzip, gzipSync } from 'node:zlib'
import type { Request, Response } from 'express'
import { HttpError } from './http-error.ts'

/** An answer as it is made. */
export interface Body {
  type: string
  /** Its text, from beginning to end, in parts that are quickly made. */
  parts: Iterable<string> | AsyncIterable<string>
}

/** A body as bytes, and what it was made from. */
export interface Kept<Made extends Body> {
  version: string
  made: Omit<Made, 'parts'>
  plain: readonly Buffer[]
  /** Made when somebody takes it first. */
  gzip: readonly Buffer[] | Promise<readonly Buffer[]> | undefined
}

/** Answers kept at once; those that were made longest ago make room. */
const MOST = 48
const MOST_BYTES = 64 * 1024 * 1024
/** One that takes more than so much alone is not kept. */
const LARGE = 32 * 1024 * 1024
/** Letters that are made before all else has its turn. */
const AT_ONCE = 128 * 1024
/** A smaller one is compressed faster than another thread could be asked to. */
const COMPRESSED_ASIDE = 256 * 1024
const LEVEL = 1

const sizeOf = (parts: readonly Buffer[]) => parts.reduce((sum, part) => sum + part.length, 0)

/** What an answer may come to where it is carried as one text of JSON, in bytes. */
export interface AnswerLimit {
  /** Uncompressed, as it is. */
  plain: number
  /** As it is carried: compressed in base64, else with what JSON escapes. */
  carried: number
}

/**
 * Keeps the bytes of an answer for as long as its version (the store's revision, with what else it hangs on) stands
 * still, so that a feed that is read every few minutes costs a few numbers from the store. One answer is made at a time,
 * and who wants the same shares it: several large ones at once would be more than a small machine has room for. With
 * `keep` false every answer is made anew.
 */
export function revisionCache(keep: boolean, limit?: AnswerLimit) {
  const entries = new Map<string, Kept<Body>>()
  const underWay = new Map<string, Promise<Kept<Body>>>()
  let line: Promise<unknown> = Promise.resolve()

  function makeRoom(): void {
    let bytes = 0
    for (const { plain, gzip } of entries.values()) {
      bytes += sizeOf(plain) + (gzip && !(gzip instanceof Promise) ? sizeOf(gzip) : 0)
    }
    for (const [name, { plain }] of entries) {
      if (entries.size <= MOST && bytes <= MOST_BYTES) return
      entries.delete(name)
      bytes -= sizeOf(plain)
    }
  }

  async function build<Made extends Body>(version: string, make: () => Promise<Made>): Promise<Kept<Made>> {
    const { parts, ...made } = await make()
    const plain: Buffer[] = []
    let text = ''
    for await (const part of parts) {
      text += part
      if (text.length < AT_ONCE) continue
      plain.push(Buffer.from(text))
      text = ''
      await setImmediate()
    }
    plain.push(Buffer.from(text))
    return { version, made, plain, gzip: undefined }
  }

  /**
   * The bytes of `make()`, kept under `name` and `version` (read before the rows, so that kept bytes are never older than
   * it says). Rejects when `make` does. One name is always made in one way.
   * @param admit throws where who asks may not have it made
   */
  async function load<Made extends Body>(
    name: string,
    version: string,
    make: () => Promise<Made>,
    admit: () => void = () => {},
  ): Promise<Kept<Made>> {
    const known = entries.get(name)
    if (keep && known?.version === version) return known as Kept<Body> as Kept<Made>
    const id = `${version} ${name}`
    const shared = keep ? underWay.get(id) : undefined
    if (shared) return shared as Promise<Kept<Body>> as Promise<Kept<Made>>
    admit()
    if (!keep) return build(version, make)
    const making = line.then(() => build(version, make))
    line = making.catch(() => undefined)
    underWay.set(id, making as Promise<Kept<Body>>)
    try {
      const entry = await making
      entries.delete(name)
      if (sizeOf(entry.plain) <= LARGE) entries.set(name, entry as Kept<Body>)
      makeRoom()
      return entry
    } finally {
      underWay.delete(id)
    }
  }

  /** Sends bytes, compressed for who takes that. Throws 503 for more than can be sent. @param what what they are */
  async function send(req: Request, res: Response, entry: Kept<Body>, what: 'list' | 'answer'): Promise<void> {
    let bytes = entry.plain
    const isGzipped = sizeOf(bytes) > 1024 && req.acceptsEncodings('gzip', 'identity') === 'gzip'
    if (isGzipped) {
      entry.gzip ??= compress(entry)
      bytes = await entry.gzip
    }
    if (limit) requireRoom(bytes, isGzipped, limit, what)
    if (sizeOf(entry.plain) > 1024) res.setHeader('Vary', 'Accept-Encoding')
    if (isGzipped) res.setHeader('Content-Encoding', 'gzip')
    res.setHeader('Content-Type', entry.made.type)
    res.setHeader('Content-Length', sizeOf(bytes))
    for (const part of bytes.slice(0, -1)) res.write(part)
    res.end(bytes.at(-1))
  }

  return {
    load,
    send,

    /** Sends the JSON of `make()`, kept as in `load`; nothing is sent when it rejects. */
    async sendJson<Answer>(req: Request, res: Response, name: string, version: string, make: () => Promise<Answer>) {
      const made = async () => ({ type: JSON_TYPE, parts: [JSON.stringify(await make())] })
      await send(req, res, await load(name, version, made), 'answer')
    },
  }
}

export const JSON_TYPE = 'application/json; charset=utf-8'

/** Compresses a body; what is large in another thread. */
function compress(entry: Kept<Body>): NonNullable<Kept<Body>['gzip']> {
  if (sizeOf(entry.plain) < COMPRESSED_ASIDE) return [gzipSync(Buffer.concat(entry.plain), { level: LEVEL })]
  const zip = createGzip({ level: LEVEL, chunkSize: COMPRESSED_ASIDE })
  const made: Promise<Buffer[]> = Readable.from(entry.plain).pipe(zip).toArray()
  return made.then(
    (parts) => {
      entry.gzip = parts
      return parts
    },
    (error: unknown) => {
      entry.gzip = undefined
      throw error
    },
  )
}

const megabytes = (bytes: number) => (bytes / 1_000_000).toFixed(1)

/** Throws 503 for an answer that is too large for what carries it. */
function requireRoom(parts: readonly Buffer[], isGzipped: boolean, limit: AnswerLimit, what: 'list' | 'answer'): void {
  const size = sizeOf(parts)
  // Base64 makes four bytes of three; JSON escapes quotes and line breaks, so that it has to be tried.
  const isCarried = isGzipped
    ? Math.ceil(size / 3) * 4 <= limit.carried
    : size * 2 <= limit.carried ||
      Buffer.byteLength(JSON.stringify(Buffer.concat(parts).toString('utf8'))) <= limit.carried
  if (isCarried && (isGzipped || size <= limit.plain)) return
  const detail = isGzipped
    ? `This ${what} is ${megabytes(size)} MB although it is compressed, more than AWS sends. A list can be read by quality profile (profile=); on a machine of your own there is no such limit.`
    : `This ${what} is ${megabytes(size)} MB, more than AWS sends uncompressed. Ask for it with "Accept-Encoding: gzip", as Radarr and Sonarr do.`
  throw new HttpError(503, `${what}_too_large`, detail, { retryAfter: 3600 })
}

export type RevisionCache = ReturnType<typeof revisionCache>

import { gzipSync } from 'node:zlib'
import type { Request, Response } from 'express'

/** A finished answer. */
export interface Body {
  type: string
  text: string
}

/** A body as bytes, and what it was made from. */
export interface Kept<Made extends Body> {
  version: string
  made: Omit<Made, 'text'>
  plain: Buffer
  gzip: Buffer | undefined
}

/** Answers kept at once; the one that was made longest ago makes room. */
const MOST = 48

/**
 * Keeps the bytes of an answer for as long as its version (the store's revision, with what else it hangs on) stands
 * still, so that a feed that is read every few minutes costs a few numbers from the store. With `keep` false every answer
 * is made anew.
 */
export function revisionCache(keep: boolean) {
  const entries = new Map<string, Kept<Body>>()

  /**
   * The bytes of `make()`, kept under `name` and `version` (read before the rows, so that kept bytes are never older than
   * it says). Rejects when `make` does. One name is always made in one way.
   */
  async function load<Made extends Body>(
    name: string,
    version: string,
    make: () => Promise<Made>,
  ): Promise<Kept<Made>> {
    const known = entries.get(name)
    if (keep && known?.version === version) return known as Kept<Body> as Kept<Made>
    const { text, ...made } = await make()
    const entry: Kept<Made> = { version, made, plain: Buffer.from(text), gzip: undefined }
    if (!keep) return entry
    entries.delete(name)
    entries.set(name, entry as Kept<Body>)
    const oldest = entries.keys().next().value
    if (entries.size > MOST && oldest !== undefined) entries.delete(oldest)
    return entry
  }

  return {
    load,

    /** Sends the JSON of `make()`, kept as in `load`; nothing is sent when it rejects. */
    async sendJson<Answer>(req: Request, res: Response, name: string, version: string, make: () => Promise<Answer>) {
      const type = 'application/json; charset=utf-8'
      sendKept(req, res, await load(name, version, async () => ({ type, text: JSON.stringify(await make()) })))
    },
  }
}

/** Sends kept bytes, compressed for who takes that. */
export function sendKept(req: Request, res: Response, entry: Kept<Body>): void {
  let bytes = entry.plain
  if (bytes.length > 1024) {
    res.setHeader('Vary', 'Accept-Encoding')
    if (req.acceptsEncodings('gzip', 'identity') === 'gzip') {
      entry.gzip ??= gzipSync(bytes, { level: 1 })
      bytes = entry.gzip
      res.setHeader('Content-Encoding', 'gzip')
    }
  }
  res.setHeader('Content-Type', entry.made.type)
  res.setHeader('Content-Length', bytes.length)
  res.end(bytes)
}

export type RevisionCache = ReturnType<typeof revisionCache>

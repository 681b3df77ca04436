import { gzipSync } from 'node:zlib'
import type { Request, Response } from 'express'

interface Kept {
  version: string
  plain: Buffer
  gzip: Buffer | undefined
}

/**
 * Keeps the bytes of an answer for as long as its version (the store's revision, with the day where it counts) stands
 * still, so that a feed that is read every few minutes costs one number from the store. With `keep` false every answer
 * is made anew.
 */
export function revisionCache(keep: boolean) {
  const entries = new Map<string, Kept>()

  return {
    /**
     * Sends the JSON of `make()`, kept under `name` and `version` (read before the rows, so that kept bytes are
     * never older than it says). Rejects when `make` does; nothing is sent then.
     */
    async send(req: Request, res: Response, name: string, version: string, make: () => Promise<unknown>) {
      let entry = entries.get(name)
      if (!keep || entry === undefined || entry.version !== version) {
        entry = { version, plain: Buffer.from(JSON.stringify(await make())), gzip: undefined }
        if (keep) entries.set(name, entry)
      }
      let bytes = entry.plain
      if (bytes.length > 1024) {
        res.setHeader('Vary', 'Accept-Encoding')
        if (req.acceptsEncodings('gzip', 'identity') === 'gzip') {
          entry.gzip ??= gzipSync(bytes, { level: 1 })
          bytes = entry.gzip
          res.setHeader('Content-Encoding', 'gzip')
        }
      }
      res.setHeader('Content-Type', 'application/json; charset=utf-8')
      res.setHeader('Content-Length', bytes.length)
      res.end(bytes)
    },
  }
}

export type RevisionCache = ReturnType<typeof revisionCache>

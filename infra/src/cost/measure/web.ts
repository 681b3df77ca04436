import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Measured } from '../measured.ts'

/** Not the app's: people take it by its address. */
const APART = new Set(['library-agent.mjs'])
const WORKER = 'service-worker.js'
/** The first page reads three rows. */
const ROWS = ['all', 'movie', 'tv']
/** What HTTP/2 sends of the headers of an answer, compressed; policies of the page alone have half a kilobyte. */
const HEADER_BYTES = 700

const sent = (bytes: Buffer) => gzipSync(bytes).length + HEADER_BYTES

/**
 * What CloudFront sends of the built web app. A first visit loads all of it: what the page does not need the service
 * worker fetches.
 * @param trending the files of the daily work, by key of their bucket
 */
export function measureWeb(siteDir: string, trending: ReadonlyMap<string, Buffer>): Measured['web'] {
  const files = readdirSync(siteDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(siteDir, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .filter((name) => !APART.has(name))
  const contents = new Map(files.map((name) => [name, readFileSync(join(siteDir, name))]))
  const worker = contents.get(WORKER)
  const rows = ROWS.flatMap((row) => [...trending].filter(([name]) => name.endsWith(`/trending-${row}-en.json`)))
  if (!worker) throw new Error(`${siteDir} has no ${WORKER}: build the web app first (npm run build)`)
  if (rows.length !== ROWS.length) throw new Error('the daily work wrote no trending files')
  const sum = (all: Iterable<Buffer>, size: (bytes: Buffer) => number) =>
    [...all].reduce((total, bytes) => total + size(bytes), 0)
  return {
    files: files.length,
    bytes: sum(contents.values(), sent),
    worker: { bytes: sent(worker) },
    trending: {
      files: rows.length,
      bytes: sum(
        rows.map(([, bytes]) => bytes),
        sent,
      ),
    },
    storedBytes: sum([...contents.values(), ...trending.values()], (bytes) => bytes.length),
  }
}

import { mkdirSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { MediaCatalog, TrendingSnapshots } from '@stellarr/core'
import type { NightlyNote, NightlyResult } from './backup/nightly.ts'
import { sweepUnfinished, writePrivateFile } from './private-file.ts'

const RESULTS = ['made', 'skipped', 'failed'] as const

/** Remembers what came of the last nightly backup in `nightly-backup.json` of the data folder. */
export function fileNightlyNote(dataDir: string): NightlyNote {
  const path = join(dataDir, 'nightly-backup.json')
  // Of a disk that is too full for the note itself, the admin hears all the same.
  let saved: NightlyResult | undefined
  return {
    load() {
      if (saved) return saved
      try {
        const { at, result: noted } = Object(JSON.parse(readFileSync(path, 'utf8')))
        const result = RESULTS.find((known) => known === noted)
        return typeof at === 'number' && result ? { at, result } : undefined
      } catch {
        // Not there or not readable: the next night writes another.
        return undefined
      }
    },
    save(result) {
      saved = result
      writePrivateFile(path, `${JSON.stringify(result)}\n`)
    },
  }
}

/** Trending files in `trending/` of the data folder, apart by catalogue: the sample's are gone once TMDB is in use. */
export function fileTrendingSnapshots(dataDir: string, catalogue: MediaCatalog['kind']): TrendingSnapshots {
  const dir = join(dataDir, 'trending', catalogue)
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  sweepUnfinished(dir)
  async function load(name: string): Promise<string | undefined> {
    try {
      return await readFile(join(dir, name), 'utf8')
    } catch (error) {
      if (isMissing(error)) return undefined
      throw error
    }
  }
  return {
    load,
    async save(name, body) {
      // The sample's come again at each start: the disk would be waited for while the first pages are asked for.
      if ((await load(name)) !== body) writePrivateFile(join(dir, name), body)
    },
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}

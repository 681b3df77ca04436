import { mkdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { MediaCatalog, TrendingSnapshots } from '@stellarr/core'
import { writePrivateFile } from './secrets.ts'

/** Trending files in `trending/` of the data folder, apart by catalogue: the sample's are gone once TMDB is in use. */
export function fileTrendingSnapshots(dataDir: string, catalogue: MediaCatalog['kind']): TrendingSnapshots {
  const dir = join(dataDir, 'trending', catalogue)
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  return {
    async save(name, body) {
      writePrivateFile(join(dir, name), body)
    },
    async load(name) {
      try {
        return await readFile(join(dir, name), 'utf8')
      } catch (error) {
        if (isMissing(error)) return undefined
        throw error
      }
    },
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}

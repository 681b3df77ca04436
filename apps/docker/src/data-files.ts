import { mkdirSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { MediaCatalog, StoreWitness, TrendingSnapshots } from '@stellarr/core'
import { writePrivateFile } from './secrets.ts'

/** Remembers the store last used in `store.json` of the data folder. */
export function fileStoreWitness(dataDir: string): StoreWitness {
  const path = join(dataDir, 'store.json')
  return {
    async load() {
      let text: string
      try {
        text = readFileSync(path, 'utf8')
      } catch (error) {
        if (isMissing(error)) return undefined
        throw error
      }
      const seen: unknown = JSON.parse(text)
      if (seen !== null && typeof seen === 'object' && 'storeId' in seen && 'revision' in seen) {
        const { storeId, revision } = seen
        if (typeof storeId === 'string' && typeof revision === 'number') return { storeId, revision }
      }
      throw new Error('store.json of the data folder is not what was written there')
    },
    async save(seen) {
      writePrivateFile(path, `${JSON.stringify(seen)}\n`)
    },
  }
}

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

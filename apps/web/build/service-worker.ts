import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'
import type { Plugin } from 'vite'

const WORKER = 'service-worker.js'

/** A file of the offline shell; `revision` is null where the name holds a hash already. */
export interface ShellFile {
  url: string
  revision: string | null
}

/**
 * What the offline shell consists of: everything built but the worker itself, the icons, which the system keeps, and the
 * program for another machine.
 */
export function shellFiles(folder: string): ShellFile[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== WORKER && !/\.(png|mjs)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => {
      const url = path.slice(folder.length).replaceAll('\\', '/')
      const hash = createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 16)
      return { url, revision: url.startsWith('/assets/') ? null : hash }
    })
}

/** Builds the service worker once all else is built, with the list of those files in it. */
export function serviceWorker(): Plugin {
  let root = ''
  let outDir = ''
  return {
    name: 'service-worker',
    apply: 'build',
    configResolved(config) {
      root = config.root
      outDir = resolve(config.root, config.build.outDir)
    },
    async closeBundle() {
      await build({
        absWorkingDir: root,
        entryPoints: ['src/service-worker/service-worker.ts'],
        outfile: join(outDir, WORKER),
        bundle: true,
        minify: true,
        format: 'iife',
        target: 'es2022',
        define: { SHELL_FILES: JSON.stringify(shellFiles(outDir)), 'process.env.NODE_ENV': '"production"' },
        logLevel: 'warning',
      })
    },
  }
}

import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Plugin } from 'vite'

/** Where whoever serves the web app, ourselves or a CDN, offers the program for the machine beside the media server. */
const NAME = 'library-agent.mjs'

/** Puts the built library agent beside the web app's files. */
export function libraryAgent(): Plugin {
  return {
    name: 'library-agent',
    apply: 'build',
    generateBundle() {
      const path = createRequire(import.meta.url).resolve('@stellarr/library-agent/library-agent.mjs')
      if (!existsSync(path)) this.error('Build the library agent first: pnpm --filter @stellarr/library-agent build')
      this.emitFile({ type: 'asset', fileName: NAME, source: readFileSync(path, 'utf8') })
    },
  }
}

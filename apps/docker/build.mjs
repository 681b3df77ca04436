// Bundles the self-hosted app; better-sqlite3 stays outside, since it brings a native binary. The built web app is copied
// beside it.
import { cpSync, existsSync, rmSync } from 'node:fs'
import { build } from 'esbuild'
import { bundleOptions } from '../../scripts/bundle.mjs'

rmSync(new URL('./dist', import.meta.url), { recursive: true, force: true })

await build({
  ...bundleOptions(import.meta.url),
  entryPoints: {
    main: 'src/entry.ts',
    healthcheck: 'src/healthcheck.ts',
    stellarr: 'src/command/main.ts',
    password: 'src/command/password-main.ts',
    'copy-worker': 'src/backup/copy-worker.ts',
  },
  outdir: 'dist',
  // What is loaded on demand lies in files of its own: a start neither reads nor compiles it.
  splitting: true,
  chunkNames: 'chunk-[hash]',
  keepNames: true,
  external: ['better-sqlite3'],
})

const site = new URL('../web/dist', import.meta.url)
if (existsSync(site)) cpSync(site, new URL('./dist/web', import.meta.url), { recursive: true })
else throw new Error('Build the web app first: pnpm --filter @stellarr/web build')

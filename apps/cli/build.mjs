// Bundles the command into one executable file; better-sqlite3 stays outside, since it brings a native binary.
import { chmodSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { bundleOptions } from '../../scripts/bundle.mjs'

const dist = new URL('./dist/', import.meta.url)
rmSync(dist, { recursive: true, force: true })

await build({
  ...bundleOptions(import.meta.url),
  entryPoints: { stellarr: 'src/main.ts' },
  outdir: 'dist',
  keepNames: true,
  external: ['better-sqlite3'],
})

chmodSync(fileURLToPath(new URL('stellarr.mjs', dist)), 0o755)

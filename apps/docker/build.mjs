// Bundles the self-hosted app into one file; better-sqlite3 stays outside, since it brings a native binary. The built
// web app is copied beside it.
import { cpSync, existsSync, rmSync } from 'node:fs'
import { build } from 'esbuild'
import { bundleOptions } from '../../scripts/bundle.mjs'

rmSync(new URL('./dist', import.meta.url), { recursive: true, force: true })

const options = bundleOptions(import.meta.url)

/** Leaves the app out of the file that is run first, which loads it. */
const apart = {
  name: 'apart',
  setup: (bundle) => bundle.onResolve({ filter: /^\.\/main\.ts$/ }, () => ({ path: './app.mjs', external: true })),
}

await build({
  ...options,
  plugins: [apart, ...options.plugins],
  entryPoints: {
    main: 'src/entry.ts',
    app: 'src/main.ts',
    healthcheck: 'src/healthcheck.ts',
    stellarr: 'src/command/main.ts',
    password: 'src/command/password-main.ts',
    'copy-worker': 'src/backup/copy-worker.ts',
  },
  outdir: 'dist',
  keepNames: true,
  external: ['better-sqlite3'],
})

const site = new URL('../web/dist', import.meta.url)
if (existsSync(site)) cpSync(site, new URL('./dist/web', import.meta.url), { recursive: true })
else throw new Error('Build the web app first: pnpm --filter @stellarr/web build')

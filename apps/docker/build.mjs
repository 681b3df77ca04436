// Bundles the self-hosted app into one file; better-sqlite3 stays outside, since it brings a native binary. The built
// web app is copied beside it.
import { cpSync, existsSync, readFileSync, rmSync } from 'node:fs'
import { build } from 'esbuild'

const { version } = JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8'))
rmSync(new URL('./dist', import.meta.url), { recursive: true, force: true })

/**
 * Takes Node's modules by `process.getBuiltinModule`: a static import of `node:http` reads all of its getters, one of
 * which loads undici, and that costs memory and tens of milliseconds at start.
 */
const builtins = {
  name: 'builtins',
  setup(bundle) {
    bundle.onResolve({ filter: /^node:/ }, ({ path }) => ({ path, namespace: 'builtin' }))
    bundle.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)})`,
    }))
  },
}

await build({
  absWorkingDir: import.meta.dirname,
  entryPoints: { main: 'src/main.ts', password: 'src/password.ts' },
  outdir: 'dist',
  outExtension: { '.js': '.mjs' },
  bundle: true,
  minify: true,
  keepNames: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  external: ['better-sqlite3'],
  plugins: [builtins],
  define: { STELLARR_VERSION: JSON.stringify(version) },
  // Express and its middleware are CommonJS and call require for built-ins.
  banner: {
    js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);",
  },
  logLevel: 'warning',
})

const site = new URL('../web/dist', import.meta.url)
if (existsSync(site)) cpSync(site, new URL('./dist/web', import.meta.url), { recursive: true })
else throw new Error('Build the web app first: pnpm --filter @stellarr/web build')

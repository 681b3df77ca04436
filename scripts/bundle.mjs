// What the bundles of both apps share: esbuild options for self-contained ESM on Node 24.
import { readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { fileURLToPath } from 'node:url'

/**
 * Takes Node's modules by `process.getBuiltinModule`: a static import of `node:http` reads all of its getters, one of
 * which loads undici, and that costs memory and tens of milliseconds at start.
 */
const builtins = {
  name: 'builtins',
  setup(bundle) {
    const names = new RegExp(`^(node:)?(${builtinModules.join('|')})$`)
    bundle.onResolve({ filter: names }, ({ path }) => ({ path: path.replace('node:', ''), namespace: 'builtin' }))
    bundle.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule('node:${path}')`,
    }))
  },
}

/**
 * Express takes all known media types along, 150 KB as source text. JSON is read faster than a program, and types that
 * say nothing about extensions, charset or compression are never looked at.
 */
const mediaTypes = {
  name: 'media-types',
  setup(bundle) {
    bundle.onLoad({ filter: /[\\/]mime-db[\\/]db\.json$/ }, ({ path }) => {
      const types = Object.entries(JSON.parse(readFileSync(path, 'utf8'))).filter(
        ([, { extensions, charset, compressible }]) => extensions || charset || compressible !== undefined,
      )
      const text = JSON.stringify(Object.fromEntries(types))
      return { contents: `module.exports = JSON.parse(${JSON.stringify(text)})`, loader: 'js' }
    })
  },
}

/** Options of esbuild for the app whose build script has this URL. */
export function bundleOptions(buildScript) {
  const { version } = JSON.parse(readFileSync(new URL('./package.json', buildScript), 'utf8'))
  return {
    absWorkingDir: fileURLToPath(new URL('.', buildScript)),
    outExtension: { '.js': '.mjs' },
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    plugins: [builtins, mediaTypes],
    inject: [fileURLToPath(new URL('./headers-stand-in.mjs', import.meta.url))],
    // Express's body parsers load it at start, for charsets that we refuse: half a megabyte of tables.
    alias: { 'iconv-lite': fileURLToPath(new URL('./iconv-lite-stand-in.cjs', import.meta.url)) },
    define: { STELLARR_VERSION: JSON.stringify(version) },
    // CommonJS packages may try to require what is not there.
    banner: { js: "const require = process.getBuiltinModule('node:module').createRequire(import.meta.url);" },
    logLevel: 'warning',
  }
}

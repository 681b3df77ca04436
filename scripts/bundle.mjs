// What the bundles of both apps share: esbuild options for self-contained ESM on Node 24.
import { readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { fileURLToPath } from 'node:url'

/**
 * Takes Node's modules by `process.getBuiltinModule`, and of them only what is used: a static import of `node:http` reads
 * all of its getters, one of which loads undici, and that costs memory and tens of milliseconds at start. CommonJS
 * packages require them as ever.
 */
const builtins = {
  name: 'builtins',
  setup(bundle) {
    const names = new RegExp(`^(node:)?(${builtinModules.join('|')})$`)
    bundle.onResolve({ filter: names }, ({ path, kind }) =>
      kind === 'require-call' ? { path, external: true } : { path: path.replace('node:', ''), namespace: 'builtin' },
    )
    bundle.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({ contents: builtinSource(path) }))
  },
}

/** An ES module of a built-in one, each of whose exports is left out of the bundle, unread, where nobody imports it. */
function builtinSource(name) {
  const exported = Object.getOwnPropertyNames(process.getBuiltinModule(`node:${name}`))
    .filter((key) => /^[a-zA-Z_$][\w$]*$/.test(key) && key !== 'default')
    .map((key) => `const _${key} = /* @__PURE__ */ read('${key}')\nexport { _${key} as ${key} }`)
  return [
    `const builtin = /* @__PURE__ */ process.getBuiltinModule('node:${name}')`,
    'const read = (key) => builtin[key]',
    'export default builtin',
    ...exported,
  ].join('\n')
}

/**
 * Express takes all known media types along and goes through them at start: 2,500, 160 KB as source text. Types that no
 * file ending stands for are never looked up, and the makers' own, sound, movies and 3D models are nothing that the app
 * sends or takes by an ending. JSON is read faster than a program.
 */
const UNUSED_TYPES = /^(application\/(vnd\.|x-|prs\.)|(audio|video|model|chemical|message|multipart|x-[a-z]+)\/)/
const mediaTypes = {
  name: 'media-types',
  setup(bundle) {
    bundle.onLoad({ filter: /[\\/]mime-db[\\/]db\.json$/ }, ({ path }) => {
      const types = Object.entries(JSON.parse(readFileSync(path, 'utf8'))).filter(
        ([name, { extensions }]) => extensions && !UNUSED_TYPES.test(name),
      )
      const text = JSON.stringify(Object.fromEntries(types))
      return { contents: `module.exports = JSON.parse(${JSON.stringify(text)})`, loader: 'js' }
    })
  },
}

/** Gives aws4fetch's module a `crypto` of its own; see there why. */
const signing = {
  name: 'signing',
  setup(bundle) {
    const standIn = fileURLToPath(new URL('./signing-crypto-stand-in.mjs', import.meta.url))
    bundle.onLoad({ filter: /[\\/]aws4fetch\.esm\.mjs$/ }, ({ path }) => ({
      contents: `import { crypto } from ${JSON.stringify(standIn)}\n${readFileSync(path, 'utf8')}`,
    }))
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
    plugins: [builtins, mediaTypes, signing],
    inject: [fileURLToPath(new URL('./headers-stand-in.mjs', import.meta.url))],
    // What Express loads at start for things that the app does without; each stand-in says which.
    alias: Object.fromEntries(
      ['iconv-lite', 'debug', 'qs'].map((name) => [
        name,
        fileURLToPath(new URL(`./${name}-stand-in.cjs`, import.meta.url)),
      ]),
    ),
    define: { STELLARR_VERSION: JSON.stringify(version) },
    // CommonJS packages may try to require what is not there.
    banner: { js: "const require = process.getBuiltinModule('node:module').createRequire(import.meta.url);" },
    logLevel: 'warning',
  }
}

// Bundles both functions into folders and zips that need nothing beside them, and web-push with its dependencies into
// a layer. Code that a route may never need is split off and loaded at first use.
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { zipSync } from 'fflate'
import { bundleOptions } from '../../scripts/bundle.mjs'

const DIST = fileURLToPath(new URL('./dist', import.meta.url))
rmSync(DIST, { recursive: true, force: true })

for (const [name, entry] of Object.entries({ api: 'src/api.ts', 'refresh-trending': 'src/refresh-trending.ts' })) {
  await build({
    ...bundleOptions(import.meta.url),
    entryPoints: { index: entry },
    outdir: `dist/${name}`,
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    // Comes from its layer.
    external: ['web-push'],
  })
  zip(name)
}

// A layer's folder becomes /opt, and /opt/nodejs/node_modules is where the functions' `require` looks.
copyPackage('web-push', import.meta.url, join(DIST, 'web-push-layer/nodejs/node_modules'))
zip('web-push-layer')

/** Copies an installed package and, beside it, all that it depends on. Throws where two versions would collide. */
function copyPackage(name, from, target) {
  const folder = dirname(createRequire(from).resolve(`${name}/package.json`))
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const copied = join(target, name)
  try {
    const { version } = JSON.parse(readFileSync(join(copied, 'package.json'), 'utf8'))
    if (version !== manifest.version) throw new Error(`the layer would need ${name} ${version} and ${manifest.version}`)
    return
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
  }
  cpSync(folder, copied, { recursive: true, filter: (path) => !relative(folder, path).startsWith('node_modules') })
  for (const dependency of Object.keys(manifest.dependencies ?? {})) {
    copyPackage(dependency, join(folder, 'package.json'), target)
  }
}

/** Zips a folder of dist: the same bytes for the same files, whenever it is built (zips hold local time). */
function zip(name) {
  const files = readdirSync(join(DIST, name), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(join(DIST, name), join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort()
  const entries = files.map((path) => [path, new Uint8Array(readFileSync(join(DIST, name, path)))])
  writeFileSync(
    `${join(DIST, name)}.zip`,
    zipSync(Object.fromEntries(entries), { level: 9, mtime: new Date(1980, 0, 2) }),
  )
}

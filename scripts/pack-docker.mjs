// npm run pack:docker -- FOLDER: builds the app and puts what a container runs into an empty folder. The Dockerfile and
// the tests run this same script.
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { build, buildCommand, install, main, pnpm, ROOT, Stop } from './node24.mjs'

const HELP = `npm run pack:docker -- FOLDER [amd64 | arm64]   builds the app and packs what a container runs into FOLDER

FOLDER must be empty or missing. The architecture is this machine's when not given.`

/** Docker's names of architectures → those of better-sqlite3's binaries. The image is Debian's: glibc, not musl. */
const ARCHITECTURES = { amd64: 'x64', arm64: 'arm64' }
const ownArchitecture = () => Object.keys(ARCHITECTURES).find((name) => ARCHITECTURES[name] === process.arch)

/** What of better-sqlite3 runs: a tenth of the package, which brings SQLite's source and seven other platforms. */
const nativeFiles = (arch) => ['package.json', 'LICENSE', 'lib', `prebuilds/linux-${arch}.node`]

/** The command by its name: in the app's folder for the image's entrypoint, which is Node, and on the PATH by a link. */
const COMMAND = "#!/usr/bin/env node\nimport './dist/stellarr.mjs'\n"

main(async () => {
  const [folder, architecture = ownArchitecture()] = process.argv.slice(2)
  if (folder === undefined || folder === '--help') return console.log(HELP)
  const arch = ARCHITECTURES[architecture]
  if (arch === undefined) throw new Stop(`The architecture: expected amd64 or arm64, not ${architecture}.`)
  const target = resolve(folder)
  if (existsSync(target) && readdirSync(target).length > 0) throw new Stop(`${target}: expected an empty folder.`)

  await install('command')
  await build()
  await buildCommand()
  const staging = mkdtempSync(join(tmpdir(), 'stellarr-pack-'))
  try {
    // From the lockfile and the local store alone. The legacy way would resolve dependencies anew.
    const deploy = ['--config.inject-workspace-packages=true', '--filter', '@stellarr/docker', 'deploy', '--prod']
    await pnpm('Deploying', [...deploy, '--no-optional', '--offline', join(staging, 'app')])
    pack(join(staging, 'app'), target, arch)
  } finally {
    rmSync(staging, { recursive: true, force: true })
  }
  console.log(`Packed for linux/${architecture}: ${target}`)
})

/**
 * Takes along what runs and nothing else: the other dependencies are inside the bundles already, and are no
 * devDependencies only because `npm start` builds with what it runs.
 */
function pack(app, target, arch) {
  mkdirSync(target, { recursive: true })
  cpSync(join(app, 'dist'), join(target, 'dist'), { recursive: true })
  cpSync(join(ROOT, 'LICENSE'), join(target, 'LICENSE'))
  cpSync(join(ROOT, 'apps/cli/dist/stellarr.mjs'), join(target, 'dist/moving.mjs'))
  writeFileSync(join(target, 'stellarr'), COMMAND, { mode: 0o755 })
  // Whatever umask it is packed under.
  chmodSync(join(target, 'stellarr'), 0o755)
  for (const path of nativeFiles(arch)) {
    const from = join(app, 'node_modules/better-sqlite3', path)
    cpSync(from, join(target, 'node_modules/better-sqlite3', path), { recursive: true })
  }
  const { name, version, license, type, dependencies } = JSON.parse(readFileSync(join(app, 'package.json'), 'utf8'))
  const manifest = { name, version, private: true, license, type }
  const needed = { 'better-sqlite3': dependencies['better-sqlite3'] }
  writeFileSync(join(target, 'package.json'), `${JSON.stringify({ ...manifest, dependencies: needed }, null, 2)}\n`)
}

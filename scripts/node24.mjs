// Where Node 24 is and how to run things with it. Runs on Node 20.19 with nothing installed.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { excerpt, lockfileAdvice } from './excerpt.mjs'

export const ROOT = fileURLToPath(new URL('..', import.meta.url))
const STAMPS = join(ROOT, '.stamps')
const PACKAGED = join(
  ROOT,
  'apps/docker/node_modules',
  `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`,
  'bin',
  process.platform === 'win32' ? 'node.exe' : 'node',
)

/** A failure that is told in one line. */
export class Stop extends Error {}

/** The path of a Node ≥ 24: the packaged one, else the one that runs this. */
export function findNode24() {
  if (existsSync(PACKAGED)) return PACKAGED
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath
  throw new Stop(
    `Stellarr needs Node 24 here, and this is ${process.versions.node}: install Node 24 from nodejs.org and try again.`,
  )
}

/** The environment with Node 24 first on the PATH. */
export function env24() {
  const name = Object.keys(process.env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH'
  return {
    ...process.env,
    [name]: dirname(findNode24()) + delimiter + (process.env[name] ?? ''),
    TURBO_TELEMETRY_DISABLED: '1',
  }
}

/** Starts the calling script again under Node 24 unless it runs there already. */
export function ensureNode24(moduleUrl) {
  if (Number(process.versions.node.split('.')[0]) >= 24) return
  const { status } = spawnSync(findNode24(), [fileURLToPath(moduleUrl), ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: env24(),
  })
  process.exit(status ?? 1)
}

/** Adds the lines of the repository's `.env` file to the environment, which comes first. Needs Node 24. */
export async function loadEnvFile() {
  const { loadEnvFile: load } = await import('../packages/http/src/env-file.ts')
  try {
    load(ROOT)
  } catch (error) {
    throw new Stop(error.message)
  }
}

/** How long a step that is stopped may take to tidy up. */
const STEP_STOP_MS = 3_000
const STOPS = ['SIGINT', 'SIGTERM', 'SIGHUP']

/** While a step runs, a stop ends it with all that it has started, and then us. */
function stopTogether(child) {
  const end = (signal) => {
    try {
      process.kill(-child.pid, signal)
    } catch {
      // It has ended meanwhile.
    }
  }
  const stop = (signal) => {
    end(signal)
    setTimeout(end, STEP_STOP_MS, 'SIGKILL').unref()
    child.on('close', () => process.exit(128 + constants.signals[signal]))
  }
  for (const signal of STOPS) process.on(signal, stop)
  child.on('close', () => {
    for (const signal of STOPS) process.off(signal, stop)
  })
}

/** How often a long step says that it is still at work. */
const HEARTBEAT_MS = 10_000

/**
 * Runs a command and answers how it ended and what it wrote (nothing with `loud`, which shows it as it comes). A quiet one
 * says now and then that it is still at work. Throws `Stop` when it cannot be started.
 */
export function attempt(what, command, args, { env = process.env, loud = false, cwd = '.' } = {}) {
  return new Promise((resolve, reject) => {
    // Windows knows no groups, and would open a window for each.
    const isGroup = !loud && process.platform !== 'win32'
    const child = spawn(command, args, {
      detached: isGroup,
      cwd: join(ROOT, cwd),
      env,
      stdio: loud ? 'inherit' : ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    })
    if (isGroup && child.pid !== undefined) stopTogether(child)
    const began = Date.now()
    const heartbeat = setInterval(() => {
      if (!loud) console.log(`  ${what}: ${Math.round((Date.now() - began) / 1000)} s…`)
    }, HEARTBEAT_MS)
    child.on('close', () => clearInterval(heartbeat))
    let output = ''
    child.stdout?.on('data', (text) => (output += text))
    child.stderr?.on('data', (text) => (output += text))
    child.on('error', (error) => reject(new Stop(`${what} failed: ${error.message}`)))
    child.on('close', (code) => resolve({ code, output }))
  })
}

/** Runs a command and answers what it wrote, which is shown only when it fails (or always with `loud`): then it throws `Stop`. */
export async function run(what, command, args, options) {
  const { code, output } = await attempt(what, command, args, options)
  if (code === 0) return output
  if (output) console.error(excerpt(output))
  throw new Stop(`${what} failed (exit ${code}).`)
}

/** A hash of files and folders (without build output), to know whether a step must run again. */
export function hashOf(paths) {
  const hash = createHash('sha256')
  const add = (path) => {
    const full = join(ROOT, path)
    if (!existsSync(full)) return
    try {
      for (const entry of readdirSync(full, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
        if (!['node_modules', 'dist', 'test', '.turbo'].includes(entry.name)) add(join(path, entry.name))
      }
    } catch (error) {
      if (error.code !== 'ENOTDIR') throw error
      hash.update(path).update(readFileSync(full))
    }
  }
  for (const path of paths) add(path)
  return hash.digest('hex')
}

export const isStamped = (name, value) =>
  existsSync(join(STAMPS, name)) && readFileSync(join(STAMPS, name), 'utf8') === value

export function stamp(name, value) {
  mkdirSync(STAMPS, { recursive: true })
  writeFileSync(join(STAMPS, name), value)
}

const MANIFESTS = [
  'pnpm-lock.yaml',
  'pnpm-workspace.yaml',
  'package.json',
  'infra/package.json',
  ...['packages', 'apps'].flatMap((folder) =>
    readdirSync(join(ROOT, folder)).map((name) => `${folder}/${name}/package.json`),
  ),
]

/** Runs the pnpm that package.json names; throws `Stop` when it fails. */
export async function pnpm(what, args) {
  const { packageManager } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  const npx = process.platform === 'win32' ? 'npx.cmd' : 'npx'
  const command = ['-y', packageManager, ...args]
  const { code, output } = await attempt(what, npx, command, { env: { ...process.env, CI: 'true' } })
  if (code === 0) return
  const advice = lockfileAdvice(output, packageManager)
  if (advice !== undefined) throw new Stop(advice)
  console.error(excerpt(output))
  throw new Stop(`${what} failed (exit ${code}).`)
}

/** What can be installed, the larger behind the smaller: what `npm start` needs, the command line beside it, all. */
const INSTALLS = ['app', 'command', 'all']
const WORDS = {
  app: 'Installing what running needs (about a minute, the first time only)…',
  command: 'Installing what the command needs…',
  all: 'Installing everything that tests need…',
}

/** Installs what is missing of an install. Nothing happens, and no network is used, when it is there. */
export async function install(what) {
  const wanted = hashOf(MANIFESTS)
  const enough = INSTALLS.slice(INSTALLS.indexOf(what))
  if (enough.some((name) => isStamped(`install-${name}`, wanted))) return
  // Installing less than is there would take away what tests need.
  const made = existsSync(join(ROOT, 'node_modules/vitest')) ? 'all' : what
  console.log(WORDS[made])
  // `dependencies` are what building and running needs; checks and tests are `devDependencies`.
  const apps = ['docker', 'web', ...(made === 'command' ? ['cli'] : [])]
  const filters = made === 'all' ? [] : ['--prod', ...apps.flatMap((name) => ['--filter', `@stellarr/${name}...`])]
  await pnpm('Installing', [...filters, 'install', '--frozen-lockfile'])
  stamp(`install-${made}`, wanted)
}

const BUILT_FROM = ['packages', 'apps', 'scripts', 'pnpm-lock.yaml', 'tsconfig.base.json']

/** Builds the web app and the server when a source has changed. */
export async function build() {
  const wanted = hashOf(BUILT_FROM)
  if (isStamped('build', wanted) && existsSync(join(ROOT, 'apps/docker/dist/main.mjs'))) return
  console.log('Building the web app…')
  await buildOne('the library agent', 'library-agent')
  await buildOne('the web app', 'web')
  console.log('Building the server…')
  await buildOne('the server', 'docker')
  stamp('build', wanted)
}

const buildOne = (what, app) =>
  run(`Building ${what}`, findNode24(), ['--run', 'build'], { env: env24(), cwd: `apps/${app}` })

/** Builds the command line when a source has changed. */
export async function buildCommand() {
  const wanted = hashOf(BUILT_FROM)
  if (isStamped('build-command', wanted) && existsSync(join(ROOT, 'apps/cli/dist/stellarr.mjs'))) return
  await buildOne('the command', 'cli')
  stamp('build-command', wanted)
}

/** Builds the Lambda functions when a source has changed. */
export async function buildLambda() {
  const wanted = hashOf(BUILT_FROM)
  if (isStamped('build-lambda', wanted) && existsSync(join(ROOT, 'apps/lambda/dist/api.zip'))) return
  await buildOne('the Lambda functions', 'lambda')
  stamp('build-lambda', wanted)
}

/** Runs a script's main function and tells a failure in one line. */
export function main(work) {
  work().catch((error) => {
    console.error(error instanceof Stop ? error.message : error)
    process.exit(1)
  })
}

// The image without Docker: the build's own script packs what the Dockerfile gives it, and the packed tree is run as
// the Dockerfile says: another user, nothing of the tree writable, no more environment than the image has.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { argsOf, copyContext, environmentOf, execForm, readStages } from './docker-context.ts'
import { freePort } from './spawn-app.ts'

const image = readStages(readFileSync(join(import.meta.dirname, '../Dockerfile'), 'utf8'))[1] ?? []
/** The image's user. Only root can start a program as another one; anybody else runs it as themselves. */
const user = Number(argsOf(image, 'USER')[0]?.split(':')[0])
const asRoot = process.getuid?.() === 0
const identity = asRoot ? { uid: user, gid: user } : {}
if (!asRoot) console.log('The packed app runs as the user of the tests: only root can start it as another one.')

/** The machine that a binary is for, as ELF has it. */
const ELF_MACHINES = { amd64: 0x3e, arm64: 0xb7 }

let folder: string
let own: string
let data: string
const tree = () => join(folder, `packed-${process.arch === 'arm64' ? 'arm64' : 'amd64'}`)
const running: ChildProcess[] = []

/** Runs a program to its end; answers the exit code and all that it wrote. */
function run(
  command: string,
  args: readonly string[],
  options: object,
): Promise<{ code: number | null; said: string }> {
  const child = spawn(command, args, options)
  running.push(child)
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text) => (said += String(text)))
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, said })))
}

/** Every file below a folder with its size and time of change, by path. */
function filesBelow(root: string, at = ''): Map<string, string> {
  const files = new Map<string, string>()
  for (const entry of readdirSync(join(root, at), { withFileTypes: true })) {
    const path = at === '' ? entry.name : `${at}/${entry.name}`
    const { size, mtimeMs } = statSync(join(root, path))
    if (!entry.isDirectory()) files.set(path, `${size} ${mtimeMs}`)
    else for (const [name, state] of filesBelow(root, path)) files.set(name, state)
  }
  return files
}

/** Takes the right to write from everybody, in the whole tree. */
function seal(path: string): void {
  const { mode } = statSync(path)
  if (statSync(path).isDirectory()) for (const name of readdirSync(path)) seal(join(path, name))
  chmodSync(path, mode & 0o555)
}

function unseal(path: string): void {
  chmodSync(path, statSync(path).mode | 0o700)
  if (statSync(path).isDirectory()) for (const name of readdirSync(path)) unseal(join(path, name))
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'stellarr-image-'))
  chmodSync(folder, 0o755)
  const context = join(folder, 'context')
  copyContext(context)
  for (const architecture of Object.keys(ELF_MACHINES)) {
    const script = join(context, 'scripts/pack-docker.mjs')
    const packed = await run(process.execPath, [script, join(folder, `packed-${architecture}`), architecture], {})
    if (packed.code !== 0) throw new Error(packed.said)
  }
  rmSync(context, { recursive: true, force: true })
  // The user of the image may have no way to where the tests' Node lies.
  cpSync(process.execPath, join(folder, 'node'))
  seal(tree())
}, 240_000)
afterAll(() => {
  unseal(tree())
  rmSync(folder, { recursive: true, force: true })
})

beforeEach(() => {
  own = mkdtempSync(join(folder, 'own-'))
  data = join(own, 'data')
  for (const path of [own, data, join(own, 'tmp')]) {
    mkdirSync(path, { recursive: true })
    if (asRoot) chownSync(path, user, user)
  }
})
afterEach(() => {
  for (const child of running.splice(0)) if (child.exitCode === null) child.kill('SIGKILL')
})

/** What the Dockerfile sets, with a port and a data folder of this test. */
const environment = (port: number) => ({
  ...environmentOf(image),
  PATH: folder,
  PORT: String(port),
  DATA_DIR: data,
  TMPDIR: join(own, 'tmp'),
})

/** How a command of the Dockerfile is run here: files of it lie in the packed tree, and the folder is no one's. */
function inContainer([command = '', ...args]: readonly string[], port: number, cwd = '/') {
  const paths = args.map((arg) => (/^(dist\/.*|stellarr)$/.test(arg) ? join(tree(), arg) : arg))
  return [join(folder, command), paths, { cwd, env: environment(port), ...identity }] as const
}

/** Starts the image's command and waits until it says that it runs. */
async function start(port: number) {
  const [command, args, options] = inContainer([...execForm(image, 'ENTRYPOINT'), ...execForm(image, 'CMD')], port)
  const child = spawn(command, args, options)
  running.push(child)
  let said = ''
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  await new Promise<void>((resolve, reject) => {
    const listen = (text: unknown) => {
      said += String(text)
      if (said.includes('Stellarr is running')) resolve()
    }
    child.stdout.on('data', listen)
    child.stderr.on('data', listen)
    ended.then((code) => reject(new Error(`it ended with ${code}\n${said}`)))
  })
  return {
    url: `http://localhost:${port}`,
    said: () => said,
    /** Sends the image's signal; answers the exit code. */
    stop() {
      child.kill(argsOf(image, 'STOPSIGNAL')[0] === 'SIGTERM' ? 'SIGTERM' : 'SIGKILL')
      return ended
    },
  }
}

const secrets = () => JSON.parse(readFileSync(join(data, 'secrets.json'), 'utf8'))
const health = (port: number) => run(...inContainer(execForm(image, 'HEALTHCHECK'), port))

describe('what is packed', () => {
  it('is the bundles, the web app and the native module, and nothing else', () => {
    const own = [...filesBelow(tree()).keys()].filter((path) => !/^(dist\/web|node_modules)\//.test(path)).sort()
    const bundles = ['copy-worker', 'healthcheck', 'main', 'moving', 'password', 'stellarr']
    expect(own.filter((path) => !/^dist\/chunk-\w+\.mjs$/.test(path))).toEqual([
      'LICENSE',
      ...bundles.map((name) => `dist/${name}.mjs`),
      'package.json',
      'stellarr',
    ])
    expect(readdirSync(join(tree(), 'node_modules'))).toEqual(['better-sqlite3'])
    const site = readdirSync(join(tree(), 'dist/web'))
    expect(site).toEqual(expect.arrayContaining(['index.html', 'library-agent.mjs', 'service-worker.js']))
  })

  it('holds no source, no test, no setting and no program', () => {
    const files = [...filesBelow(tree()).keys()]
    expect(
      files.filter((path) => /\.(ts|vue|map|c|cpp|h|gyp|tgz|env)$|(^|\/)(\.env|node$|node\.exe)/.test(path)),
    ).toEqual([])
    expect(files.filter((path) => /@stellarr|(^|\/)(test|src|deps|build)\//.test(path))).toEqual([])
  })

  it.each(Object.entries(ELF_MACHINES))('brings the one binary of %s', (architecture, machine) => {
    const prebuilds = join(folder, `packed-${architecture}`, 'node_modules/better-sqlite3/prebuilds')
    const [name = '', ...others] = readdirSync(prebuilds)
    expect([name, others]).toEqual([`linux-${architecture === 'amd64' ? 'x64' : architecture}.node`, []])
    expect(readFileSync(join(prebuilds, name)).readUInt16LE(18)).toBe(machine)
  })

  it('differs by that binary alone', () => {
    const [amd64 = [], arm64 = []] = Object.keys(ELF_MACHINES).map((architecture) =>
      [...filesBelow(join(folder, `packed-${architecture}`)).keys()].filter((path) => !path.includes('/prebuilds/')),
    )
    expect(arm64).toEqual(amd64)
  })

  it('stays small: less than 8 MB', () => {
    const sizes = [...filesBelow(tree()).values()].map((state) => Number(state.split(' ')[0]))
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(8_000_000)
  })

  it('goes into an empty folder only', async () => {
    const script = join(import.meta.dirname, '../scripts/pack-docker.mjs')
    const full = await run(process.execPath, [script, tree()], {})
    expect(full).toEqual({ code: 1, said: expect.stringMatching(/: expected an empty folder\.\n$/) })
    const other = await run(process.execPath, [script, join(own, 'new'), 'riscv64'], {})
    expect(other).toEqual({ code: 1, said: 'The architecture: expected amd64 or arm64, not riscv64.\n' })
  })
})

describe('the packed app, as the image runs it', () => {
  it('is healthy, shows its passwords once, and writes to its data folder alone', async () => {
    const before = filesBelow(tree())
    const port = await freePort()
    const app = await start(port)
    expect(await (await fetch(`${app.url}/api/health`)).json()).toMatchObject({ status: 'healthy' })
    expect((await fetch(app.url)).headers.get('content-type')).toContain('text/html')
    expect(await health(port)).toEqual({ code: 0, said: '' })
    expect(await health(await freePort())).toMatchObject({ code: 1 })
    const { householdPassword, adminPassword, feedToken } = secrets()
    const list = async () => (await fetch(`${app.url}/list/radarr?token=${feedToken}`)).text()
    expect(await list()).toBe('[]')
    expect(await app.stop()).toBe(0)
    for (const password of [householdPassword, adminPassword]) {
      expect(app.said().split(password)).toHaveLength(2)
    }
    const again = await start(port)
    // Once its database is checked.
    expect(await list()).toBe('[]')
    expect(await again.stop()).toBe(0)
    expect(again.said()).not.toContain(householdPassword)
    expect(filesBelow(tree())).toEqual(before)
    expect(readdirSync(join(own, 'tmp'))).toEqual([])
    const written = [...filesBelow(data).keys()]
    expect(written).toEqual(expect.arrayContaining(['secrets.json', 'store.json', 'stellarr.db']))
    for (const path of written) {
      const { uid, mode } = statSync(join(data, path))
      expect([path, uid, mode & 0o777]).toEqual([path, asRoot ? user : process.getuid?.(), 0o600])
    }
  })

  it('cannot write to its own tree', async () => {
    const probe = "import { writeFileSync } from 'node:fs'; writeFileSync(process.argv[1], '')"
    const args = ['node', '--input-type=module', '-e', probe, join(tree(), 'dist/new.mjs')]
    expect(await run(...inContainer(args, 0))).toEqual({ code: 1, said: expect.stringContaining('EACCES') })
  })

  it('ends a running request before it stops, within 8 s', async () => {
    const port = await freePort()
    const app = await start(port)
    const body = JSON.stringify([{ tmdb_id: 603 }])
    let ended: Promise<{ code: number | null; seconds: number }> | undefined
    const answered = new Promise<number | undefined>((resolve, reject) => {
      const sync = request(
        `${app.url}/sync/library?media_type=movie&clear=false`,
        {
          method: 'POST',
          headers: {
            'x-api-key': secrets().syncToken,
            'content-type': 'application/json',
            'content-length': body.length,
          },
        },
        (answer) => answer.resume().on('end', () => resolve(answer.statusCode)),
      )
      sync.on('error', reject)
      sync.write(body.slice(0, 5), async () => {
        const began = performance.now()
        ended = app.stop().then((code) => ({ code, seconds: (performance.now() - began) / 1000 }))
        // It takes no new connection any more: the stop has begun, and this request is still running.
        while ((await health(port)).code === 0);
        sync.end(body.slice(5))
      })
    })
    expect(await answered).toBe(200)
    const { code, seconds } = (await ended) ?? { code: undefined, seconds: undefined }
    expect(code).toBe(0)
    expect(seconds).toBeLessThan(8)
  })

  it('gives a new password by its own command', async () => {
    const app = await start(await freePort())
    expect(await app.stop()).toBe(0)
    const before = secrets().householdPassword
    const command = await run(...inContainer(['node', 'dist/password.mjs'], 0))
    expect(command).toEqual({ code: 0, said: expect.stringMatching(/^New household password: [a-z-]{24}\. /) })
    expect(command.said).toContain(secrets().householdPassword)
    expect(secrets().householdPassword).not.toBe(before)
  })

  it('is backed up by its command while it runs, which is on the PATH as well, and restored', async () => {
    const app = await start(await freePort())
    const [node, args, options] = inContainer([...execForm(image, 'ENTRYPOINT'), 'stellarr', 'backup', '-'], 0)
    const link = join(own, 'stellarr')
    symlinkSync(args[0] ?? '', link)
    const { status, stdout, stderr } = spawnSync(link, ['backup', '-'], options)
    expect([status, String(stderr)]).toEqual([
      0,
      expect.stringMatching(/^Backed up 0 requests, .+, and the secrets to /),
    ])
    expect(spawnSync(node, args, options).status).toBe(0)
    expect(await app.stop()).toBe(0)
    const before = secrets()
    writeFileSync(join(data, 'secrets.json'), '{}')
    const [, into] = inContainer(['node', 'stellarr', 'restore', '-', '--yes'], 0)
    const restored = spawnSync(node, into, { ...options, input: stdout, encoding: 'utf8' })
    expect([restored.status, restored.stdout]).toEqual([0, expect.stringMatching(/^Restored 0 requests/)])
    expect(secrets()).toEqual(before)
    const again = await start(await freePort())
    const list = await fetch(`${again.url}/list/radarr?token=${before.feedToken}`)
    expect([list.status, await list.json()]).toEqual([503, expect.objectContaining({ code: 'store_older' })])
    expect(await again.stop()).toBe(0)
    expect(readdirSync(join(own, 'tmp'))).toEqual([])
  })

  it('moves house by standard output and input', async () => {
    const app = await start(await freePort())
    expect(await app.stop()).toBe(0)
    const [node, args, options] = inContainer([...execForm(image, 'ENTRYPOINT'), 'stellarr', 'export', '-'], 0)
    const { status, stdout } = spawnSync(node, args, { ...options, encoding: 'utf8' })
    expect([status, stdout]).toEqual([0, expect.stringContaining('"kind":"end"')])
    for (const name of readdirSync(data)) rmSync(join(data, name), { recursive: true })
    const [, into] = inContainer(['node', 'stellarr', 'import', '-'], 0)
    const imported = spawnSync(node, into, { ...options, encoding: 'utf8', input: stdout })
    expect([imported.status, imported.stdout]).toEqual([0, expect.stringContaining('were read back from the store')])
    expect(readdirSync(join(own, 'tmp'))).toEqual([])
    const here = spawnSync(node, [...args.slice(0, 1), 'export'], { ...options, cwd: tree(), encoding: 'utf8' })
    expect(here.stderr).toMatch(/^stellarr: stellarr-export\.jsonl\.gz\.part: .+ \(EACCES\): .+\.\n$/)
  })

  it('says in one line what is not its own to read or write', async () => {
    const command = [...execForm(image, 'ENTRYPOINT'), ...execForm(image, 'CMD')]
    writeFileSync(join(own, '.env'), 'LOG_LEVEL=error\n')
    chmodSync(join(own, '.env'), 0o000)
    const settings = await run(...inContainer(command, await freePort(), own))
    expect(settings).toEqual({ code: 1, said: expect.stringMatching(/^stellarr cannot start\. \.env: expected .+\n$/) })
    chmodSync(data, 0o500)
    const folder = await run(...inContainer(command, await freePort()))
    expect(folder).toEqual({ code: 1, said: expect.stringMatching(/^stellarr cannot start\. DATA_DIR: .+EACCES.+\n$/) })
  })
})

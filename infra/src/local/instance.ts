import { fork } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { unzipSync } from 'fflate'

const DIST = join(import.meta.dirname, '../../../apps/lambda/dist')

export type FunctionName = 'api' | 'refresh-trending'

/** Unpacks a built function into an empty folder; `remove` deletes it. */
export function unpack(name: FunctionName): { folder: string; remove(): void } {
  const zip = join(DIST, `${name}.zip`)
  if (!existsSync(zip)) throw new Error('Build the Lambda functions first: npm run build')
  const folder = mkdtempSync(join(tmpdir(), `stellarr-${name}-`))
  for (const [path, bytes] of Object.entries(unzipSync(readFileSync(zip)))) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), bytes)
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

export interface Instance {
  /** What the handler (of one of the copies in this process) answers; rejects with what it threw. */
  invoke(event: unknown, remainingMs?: number, copy?: number): Promise<unknown>
  /** The files loaded so far, by name. */
  loaded(): readonly string[]
  /** CPU time of all calls so far, ms, that of the start included. Of calls one after another. */
  cpuMs(): number
  /** Everything it wrote so far. */
  output(): string
  stop(): Promise<void>
}

interface Message {
  id?: number
  result?: unknown
  error?: string
  loaded?: string[]
  cpuMs?: number
}

/** Where functions on this machine think they are. */
export const REGION = 'eu-central-1'
/** Credentials that local engines take. */
export const NOBODY = { accessKeyId: 'local', secretAccessKey: 'local' }

/** What AWS sets and the settings given, and nothing else of this machine. */
const environment = (env: Record<string, string>) => ({
  AWS_REGION: REGION,
  AWS_ACCESS_KEY_ID: NOBODY.accessKeyId,
  AWS_SECRET_ACCESS_KEY: NOBODY.secretAccessKey,
  AWS_LAMBDA_FUNCTION_NAME: 'stellarr',
  // Where the layer's packages are found, as AWS sets it for /opt.
  NODE_PATH: join(DIST, 'web-push-layer/nodejs/node_modules'),
  ...env,
})

/** Starts one instance of an unpacked function. */
export function spawnInstance(folder: string, env: Record<string, string>): Instance {
  const child = fork(join(import.meta.dirname, 'instance-process.mjs'), [join(folder, 'index.mjs')], {
    cwd: folder,
    env: environment(env),
    execArgv: [],
    silent: true,
    serialization: 'advanced',
  })
  let output = ''
  let loaded: string[] = []
  let calls = 0
  let cpuMs = 0
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>()
  const keep = (text: unknown) => {
    output += String(text)
  }
  child.stdout?.on('data', keep)
  child.stderr?.on('data', keep)
  child.on('message', (message: Message) => {
    loaded = message.loaded ?? loaded
    cpuMs += message.cpuMs ?? 0
    const call = waiting.get(message.id ?? 0)
    waiting.delete(message.id ?? 0)
    if (message.error === undefined) call?.resolve(message.result)
    else call?.reject(new Error(message.error))
  })
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => {
      for (const call of waiting.values()) call.reject(new Error(`the instance ended\n${output}`))
      resolve()
    })
  })
  return {
    invoke(event, remainingMs = 30_000, copy = 0) {
      calls += 1
      const id = calls
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject })
        child.send({ id, copy, event, remainingMs }, (error) => {
          if (error === null) return
          waiting.delete(id)
          reject(new Error(`the instance has ended\n${output}`))
        })
      })
    },
    loaded: () => loaded,
    cpuMs: () => cpuMs,
    output: () => output,
    async stop() {
      child.kill()
      await ended
    },
  }
}

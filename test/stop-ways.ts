import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './spawn-app.ts'

const ROOT = join(import.meta.dirname, '..')
const MAIN = join(ROOT, 'apps/docker/dist/main.mjs')
const TOKEN = 'sync-token-of-the-tests'
/** Requests whose answers are under way when the stop comes. */
const RUNNING = 4
/** A stop may take this long, ms. */
const STOP_MS = 8_000

type Told = 'it' | 'its group' | 'start.mjs'

/** How the app was started, who is told to stop, and how often: the pauses before each signal, ms. */
interface Way {
  by: 'node' | 'npm'
  told: Told
  signal: NodeJS.Signals
  at: readonly number[]
}

/** Every way to stop a running app. */
export const STOP_WAYS = {
  'SIGTERM to the app': { by: 'node', told: 'it', signal: 'SIGTERM', at: [0] },
  'SIGTERM to the app, again at once and later': { by: 'node', told: 'it', signal: 'SIGTERM', at: [0, 20, 1_100] },
  'SIGINT to the app': { by: 'node', told: 'it', signal: 'SIGINT', at: [0] },
  'SIGINT to the app, again at once': { by: 'node', told: 'it', signal: 'SIGINT', at: [0, 50] },
  'SIGTERM to npm': { by: 'npm', told: 'it', signal: 'SIGTERM', at: [0] },
  'SIGINT to npm': { by: 'npm', told: 'it', signal: 'SIGINT', at: [0, 50] },
  'SIGTERM to the group of npm': { by: 'npm', told: 'its group', signal: 'SIGTERM', at: [0, 50] },
  'SIGINT to the group of npm': { by: 'npm', told: 'its group', signal: 'SIGINT', at: [0] },
  'SIGKILL to npm': { by: 'npm', told: 'it', signal: 'SIGKILL', at: [0] },
  'SIGKILL to what npm runs': { by: 'npm', told: 'start.mjs', signal: 'SIGKILL', at: [0] },
} as const satisfies Record<string, Way>

export type StopWay = keyof typeof STOP_WAYS

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** A process of its own group, with nothing but what the app needs. */
function launch(command: string, args: readonly string[], env: Record<string, string>): ChildProcess {
  return spawn(command, args, {
    cwd: ROOT,
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', HOST: '127.0.0.1', LOG_LEVEL: 'error', ...env },
  })
}

/** The processes that a process has started. */
function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
  } catch {
    return []
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Whether it comes true within a time, ms. */
async function within(ms: number, isTrue: () => boolean, pause = 10): Promise<boolean> {
  const end = performance.now() + ms
  while (!isTrue()) {
    if (performance.now() > end) return false
    await sleep(pause)
  }
  return true
}

/** Begins a call that the app waits for the rest of; `end` sends that and resolves to the answer's status, or 'cut'. */
async function beginCall(port: number): Promise<{ end(): Promise<number | 'cut'> }> {
  const body = JSON.stringify([{ tmdb_id: 603 }])
  const call = request(`http://127.0.0.1:${port}/sync/library?media_type=movie&clear=false`, {
    method: 'POST',
    headers: {
      'x-api-key': TOKEN,
      'content-type': 'application/json',
      'content-length': body.length,
      expect: '100-continue',
    },
  })
  const answered = new Promise<number | 'cut'>((resolve) => {
    call.on('error', () => resolve('cut'))
    call.on('response', (answer) => {
      answer.resume().on('end', () => resolve(answer.complete ? (answer.statusCode ?? 0) : 'cut'))
      answer.on('error', () => resolve('cut'))
    })
  })
  const taken = new Promise((resolve) => call.once('continue', resolve))
  call.flushHeaders()
  await Promise.race([taken, answered])
  return {
    end() {
      call.end(body)
      return answered
    },
  }
}

/** Starts the app, stops it while answers are under way, and looks at what became of all of it. Answers what went wrong. */
async function tryStop({ by, told, signal, at }: Way): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'stellarr-stop-'))
  const port = await freePort()
  const env = { PORT: String(port), DATA_DIR: folder, SYNC_TOKEN: TOKEN }
  const child = by === 'npm' ? launch('npm', ['start'], env) : launch(process.execPath, [MAIN], env)
  const group = -(child.pid ?? 0)
  try {
    let output = ''
    child.stdout?.on('data', (text) => (output += String(text)))
    const ended = new Promise((resolve) => child.once('exit', resolve))
    if (!(await within(20_000, () => output.includes('Stellarr is running')))) return [`it did not start: ${output}`]
    const [npmRuns = 0] = childrenOf(child.pid ?? 0)
    const target = { it: child.pid ?? 0, 'its group': group, 'start.mjs': npmRuns }[told]
    const calls = await Promise.all(Array.from({ length: RUNNING }, () => beginCall(port)))
    const began = performance.now()
    for (const ms of at) {
      await sleep(Math.max(0, began + ms - performance.now()))
      if (isAlive(target)) process.kill(target, signal)
    }
    await sleep(400)
    const answers = await Promise.all(calls.map((call) => call.end()))
    const wrong = answers.filter((answer) => answer !== 200).map((answer) => `an answer: ${answer}`)
    if (!(await within(began + STOP_MS - performance.now(), () => !isAlive(group)))) wrong.push('something runs on')
    else if (by === 'node' && (await ended) !== 0) wrong.push(`it ended with ${child.exitCode}`)
    return wrong
  } finally {
    if (isAlive(group)) process.kill(group, 'SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Whether Node has begun to hear SIGTERM: some milliseconds after it is run. */
function hearsStop(pid: number): boolean {
  try {
    const [, mask = '0'] = /^SigCgt:\s*([0-9a-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return (BigInt(`0x${mask}`) >> BigInt(constants.signals.SIGTERM - 1)) % 2n === 1n
  } catch {
    return false
  }
}

/** Stops the app while it starts, `ms` after its process was made, or after it can hear. Answers what went wrong. */
async function tryEarlyStop(ms: number, asFirst: boolean): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'stellarr-stop-'))
  const env = { PORT: '0', DATA_DIR: folder }
  const inContainer = ['--pid', '--fork', '--mount-proc', '--kill-child', process.execPath, MAIN]
  const child = asFirst ? launch('unshare', inContainer, env) : launch(process.execPath, [MAIN], env)
  const group = -(child.pid ?? 0)
  try {
    const target = () => (asFirst ? (childrenOf(child.pid ?? 0)[0] ?? 0) : (child.pid ?? 0))
    if (asFirst && !(await within(5_000, () => hearsStop(target()), 0))) return ['it did not start']
    await sleep(ms)
    if (isAlive(target())) process.kill(target(), 'SIGTERM')
    return (await within(STOP_MS, () => !isAlive(group))) ? [] : [`it runs on after a stop at ${ms} ms`]
  } finally {
    if (isAlive(group)) process.kill(group, 'SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
}

export interface Tried {
  tried: number
  survived: number
  /** What went wrong, a line each. */
  wrong: string[]
}

async function countOf(tries: number, tryOnce: (index: number) => Promise<string[]>): Promise<Tried> {
  const outcomes: string[][] = []
  for (let index = 0; index < tries; index += 1) outcomes.push(await tryOnce(index))
  return { tried: tries, survived: outcomes.filter((wrong) => wrong.length === 0).length, wrong: outcomes.flat() }
}

/** Stops the built app in one way, so many times. No answer may be cut, nothing run on, and all end within 8 s. */
export const tryStops = (way: StopWay, tries: number): Promise<Tried> => countOf(tries, () => tryStop(STOP_WAYS[way]))

/** A start takes about this long, ms. */
const START_MS = 300

/** Stops the built app at so many moments of its start, `asFirst` as the first process of a container. */
export const tryEarlyStops = (tries: number, asFirst: boolean): Promise<Tried> =>
  countOf(tries, (index) => tryEarlyStop((START_MS * index) / tries, asFirst))

/** Whether programs can be run here as the first process of a container. */
export const canBeFirst = (): boolean =>
  process.platform === 'linux' && spawnSync('unshare', ['--pid', '--fork', '--mount-proc', 'true']).status === 0

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { addMovie } from '../../http/arr-messages.ts'
import { FEED_TOKEN, openLists, signIn } from '../../http/deployment.ts'
import { freePort, type SpawnedApp } from '../../spawn-app.ts'
import { type House, openHouse, settingsOf } from '../house.ts'
import type { Line, Run } from '../line.ts'
import { readList } from '../lists.ts'
import { must } from '../tally.ts'

const ROOT = join(import.meta.dirname, '../../..')
const MAIN = join(ROOT, 'apps/docker/dist/main.mjs')
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Longest that a stop may take. */
const STOPPED_WITHIN_MS = 8_000

interface Way {
  /** The command that ends up serving. */
  command: string[]
  /** Sends the signal, as whoever stops it does. */
  stop(child: ChildProcess): void
  /** It may be killed by the signal itself rather than end with 0: npm is. */
  anyCode?: true
}

const group = (signal: NodeJS.Signals) => (child: ChildProcess) => void process.kill(-(child.pid ?? 0), signal)
const one = (signal: NodeJS.Signals) => (child: ChildProcess) => void child.kill(signal)
const twice = (stop: (child: ChildProcess) => void) => (child: ChildProcess) => {
  stop(child)
  setTimeout(() => {
    if (child.exitCode === null && child.signalCode === null) stop(child)
  }, 20)
}
const APP = [process.execPath, MAIN]
const NPM = ['npm', 'start']
const PID_1 = ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child=SIGKILL', ...APP]

/** The process that a namespace begins with: the only child of `unshare`. */
function firstOf(child: ChildProcess, signal: NodeJS.Signals): void {
  const [pid] = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ')
  if (pid) process.kill(Number(pid), signal)
}

const WAYS: Record<string, Way> = {
  'SIGTERM to the app': { command: APP, stop: one('SIGTERM') },
  'SIGINT to the app': { command: APP, stop: one('SIGINT') },
  'SIGTERM to the app, twice': { command: APP, stop: twice(one('SIGTERM')) },
  'SIGTERM to npm': { command: NPM, stop: one('SIGTERM'), anyCode: true },
  'SIGINT to npm': { command: NPM, stop: one('SIGINT'), anyCode: true },
  "SIGTERM to npm's group": { command: NPM, stop: group('SIGTERM'), anyCode: true },
  "SIGTERM to npm's group, twice": { command: NPM, stop: twice(group('SIGTERM')), anyCode: true },
  "SIGINT to npm's group": { command: NPM, stop: group('SIGINT'), anyCode: true },
  'SIGTERM to process 1': { command: PID_1, stop: (child) => firstOf(child, 'SIGTERM'), anyCode: true },
}

/** Everything in a process group that is still there. */
function isGroupAlive(pid: number): boolean {
  try {
    process.kill(-pid, 0)
    return true
  } catch {
    return false
  }
}

async function isServing(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/api/health`, { signal: AbortSignal.timeout(1_000) }).then(
    () => true,
    () => false,
  )
}

function launch(house: House, way: Way, port: number) {
  const [command = '', ...args] = way.command
  const child = spawn(command, args, {
    cwd: ROOT,
    detached: true,
    env: {
      ...{ PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '' },
      ...{ HOST: '127.0.0.1', PORT: String(port), DATA_DIR: house.dataDir },
      ...settingsOf(house.tmdb),
    },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += String(text)))
  return { child, output: () => output, ended: once(child, 'close') }
}

/** Calls that are under way when the signal comes: each is answered whole, or was never taken. */
async function underLoad(url: string, house: House, token: string, stop: () => Promise<void>): Promise<number[]> {
  let isDone = false
  let cut = 0
  const acknowledged: number[] = []
  let next = 100_000
  const lane = async (write: boolean) => {
    while (!isDone) {
      next += 1
      const id = next
      addMovie({ tmdb: house.tmdb }, id)
      try {
        const answer = await (write
          ? fetch(`${url}/api/request`, {
              method: 'POST',
              headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
              body: JSON.stringify({ media_type: 'movie', tmdb_id: id }),
            })
          : fetch(`${url}/list/radarr`, { headers: { 'x-api-key': FEED_TOKEN } }))
        // Headers have come: the rest of the answer has to.
        const text = await answer.text().catch(() => {
          cut += 1
          return ''
        })
        if (write && answer.ok && text !== '') acknowledged.push(id)
      } catch (error) {
        const code = (error as { cause?: { code?: string } }).cause?.code
        // A connection that was idle in the pool when the server closed it is the client's to try again.
        if (code !== 'ECONNREFUSED' && code !== 'ECONNRESET' && code !== 'UND_ERR_SOCKET') cut += 1
        if (code === 'ECONNREFUSED') return
      }
    }
  }
  const lanes = [true, true, true, false, false].map(lane)
  await pause(150)
  await stop()
  isDone = true
  await Promise.all(lanes)
  must(cut === 0, `${cut} answers were cut`)
  return acknowledged
}

async function stopSignals({ tries, tally, folder, say }: Run): Promise<string> {
  const times: number[] = []
  for (const [what, way] of Object.entries(WAYS)) {
    say(what)
    for (let round = 0; round < tries; round += 1) {
      const house = await openHouse(join(folder, `${what.replaceAll(/\W/g, '-')}-${round}`))
      await tally.attempt(what, async () => {
        const port = await freePort()
        const { child, output, ended } = launch(house, way, port)
        for (let n = 0; n < 600 && !output().includes('is running'); n += 1) await pause(25)
        must(output().includes('is running'), `it did not start: ${output().slice(0, 200)}`)
        const url = `http://127.0.0.1:${port}`
        await openLists(url)
        const token = await signIn(url)
        let code: unknown
        const acknowledged = await underLoad(url, house, token, async () => {
          const began = performance.now()
          way.stop(child)
          const late = setTimeout(() => process.kill(-(child.pid ?? 0), 'SIGKILL'), STOPPED_WITHIN_MS + 2_000)
          ;[code] = await ended
          // What npm started may outlive it by a moment.
          while (isGroupAlive(child.pid ?? 0) && performance.now() - began < STOPPED_WITHIN_MS + 2_000) await pause(10)
          clearTimeout(late)
          times.push(performance.now() - began)
        })
        must((times.at(-1) ?? 0) <= STOPPED_WITHIN_MS, `it took ${times.at(-1)?.toFixed(0)} ms`)
        must(way.anyCode === true || code === 0, `it ended with ${code}`)
        must(!(await isServing(port)), 'it goes on serving')
        const again: SpawnedApp = await house.start()
        const list = await readList(again.url).finally(() => again.stop())
        must(list.kind === 'rows', `the list is closed: ${JSON.stringify(list)}`)
        const lost = acknowledged.filter((id) => !list.ids.includes(id))
        must(lost.length === 0, `${lost.length} of ${acknowledged.length} acknowledged requests are lost`)
      })
      await house.close()
    }
  }
  times.sort((a, b) => a - b)
  return `stops p50 ${times[times.length >> 1]?.toFixed(0)} ms, most ${times.at(-1)?.toFixed(0)} ms`
}

/** A signal at any moment of a start ends it, also where it is the first process of a container. */
async function earlySignals({ tries, tally, folder }: Run): Promise<undefined> {
  for (let round = 0; round < tries; round += 1) {
    const house = await openHouse(join(folder, String(round)))
    await tally.attempt(`after ${round * 5} ms`, async () => {
      const { child, output, ended } = launch(house, { command: PID_1, stop: () => undefined }, await freePort())
      while (readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim() === '') await pause(1)
      await pause((round * 5) % 400)
      firstOf(child, 'SIGTERM')
      const began = performance.now()
      const late = setTimeout(() => process.kill(-(child.pid ?? 0), 'SIGKILL'), STOPPED_WITHIN_MS + 2_000)
      await ended
      clearTimeout(late)
      must(performance.now() - began <= STOPPED_WITHIN_MS, `it went on: ${output().slice(0, 200)}`)
      const again = await house.start()
      await again.stop()
    })
    await house.close()
  }
  return undefined
}

/** What is written nowhere ends nothing. */
async function brokenOutput({ tries, tally, folder }: Run): Promise<undefined> {
  for (let round = 0; round < tries; round += 1) {
    for (const [what, redirect] of Object.entries({ 'a full disk': '>/dev/full 2>&1', 'a closed pipe': '| true' })) {
      const house = await openHouse(join(folder, `${what.replaceAll(' ', '-')}-${round}`))
      await tally.attempt(what, async () => {
        const port = await freePort()
        const command = ['sh', '-c', `"${process.execPath}" "${MAIN}" ${redirect}`]
        const { child } = launch(house, { command, stop: () => undefined }, port)
        for (let n = 0; n < 400 && !(await isServing(port)); n += 1) await pause(25)
        // Headers of a proxy that nobody named make a line for the log.
        for (let n = 0; n < 20; n += 1) {
          await fetch(`http://127.0.0.1:${port}/api/nothing`, {
            headers: { 'x-forwarded-for': `203.0.113.${n}` },
          }).catch(() => undefined)
        }
        await pause(200)
        const serves = await isServing(port)
        try {
          process.kill(-(child.pid ?? 0), 'SIGKILL')
        } catch {
          // It has ended.
        }
        must(serves, 'it has ended')
      })
      await house.close()
    }
  }
  return undefined
}

export const stopLines: readonly Line[] = [
  {
    name: 'stop-signals',
    title: 'stop signals of every kind, under load',
    store: 'sqlite',
    tries: { whole: 20, short: 1 },
    needs: ['pids'],
    run: stopSignals,
  },
  {
    name: 'early-signals',
    title: 'a stop signal at any moment of the start, as process 1',
    store: 'sqlite',
    tries: { whole: 80, short: 6 },
    needs: ['pids'],
    run: earlySignals,
  },
  {
    name: 'broken-output',
    title: 'output that cannot be written',
    store: 'sqlite',
    tries: { whole: 5, short: 1 },
    run: brokenOutput,
  },
]

import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { freePort } from '../../test/spawn-app.ts'
import { STOP_WAYS, type StopWay, tryEarlyStops, tryStops } from '../../test/stop-ways.ts'
import { openHouse, settingsOf } from '../house.ts'
import type { Line, Run } from '../line.ts'
import { must } from '../tally.ts'

const MAIN = join(import.meta.dirname, '../../apps/docker/dist/main.mjs')
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

const isServing = (port: number): Promise<boolean> =>
  fetch(`http://127.0.0.1:${port}/api/health`, { signal: AbortSignal.timeout(1_000) }).then(
    () => true,
    () => false,
  )

/** Every way to stop it, each so many times. */
async function stopSignals({ tries, tally, say }: Run): Promise<undefined> {
  for (const way of Object.keys(STOP_WAYS) as StopWay[]) {
    say(way)
    tally.add(way, await tryStops(way, tries))
  }
  return undefined
}

/** A signal at any moment of a start ends it, also where it is the first process of a container. */
async function earlySignals({ tries, tally }: Run): Promise<undefined> {
  tally.add('as a usual process', await tryEarlyStops(tries, false))
  tally.add('as the first process', await tryEarlyStops(tries, true))
  return undefined
}

/** What is written nowhere ends nothing. */
async function brokenOutput({ tries, tally, folder }: Run): Promise<undefined> {
  for (let round = 0; round < tries; round += 1) {
    for (const [what, redirect] of Object.entries({ 'a full disk': '>/dev/full 2>&1', 'a closed pipe': '| true' })) {
      const house = await openHouse(join(folder, `${what.replaceAll(' ', '-')}-${round}`))
      await tally.attempt(what, async () => {
        const port = await freePort()
        const settings = { HOST: '127.0.0.1', PORT: String(port), DATA_DIR: house.dataDir, ...settingsOf(house.tmdb) }
        const child = spawn('sh', ['-c', `"${process.execPath}" "${MAIN}" ${redirect}`], {
          detached: true,
          stdio: 'ignore',
          env: { PATH: process.env.PATH ?? '', ...settings },
        })
        for (let n = 0; n < 400 && !(await isServing(port)); n += 1) await pause(25)
        // A proxy that nobody named makes a line for the log.
        for (let n = 0; n < 20; n += 1) {
          const headers = { 'x-forwarded-for': `203.0.113.${n}` }
          await fetch(`http://127.0.0.1:${port}/api/nothing`, { headers }).catch(() => undefined)
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
    tries: { whole: 40, short: 4 },
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

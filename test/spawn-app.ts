import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'

const MAIN = join(import.meta.dirname, '../apps/docker/dist/main.mjs')

/** A port that was free a moment ago. */
export const freePort = () =>
  new Promise<number>((resolve) => {
    const probe = createServer().listen(0, () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })

export interface SpawnedApp {
  port: number
  url: string
  child: ChildProcess
  /** Everything it wrote so far. */
  output(): string
  /** Sends SIGTERM and waits; answers the exit code. */
  stop(): Promise<number | null>
}

/** Starts the built app with these settings alone; answers the exit code and output of a start that ended. */
export async function trySpawnApp(
  env: Record<string, string>,
  cwd?: string,
): Promise<SpawnedApp | { code: number | null; output: string }> {
  if (!existsSync(MAIN)) throw new Error('Build the app first: npm run build')
  const port = Number(env.PORT ?? (await freePort()))
  const child = spawn(process.execPath, [MAIN], {
    env: { PATH: process.env.PATH ?? '', PORT: String(port), ...env },
    ...(cwd === undefined ? {} : { cwd }),
  })
  let output = ''
  const keep = (text: unknown) => {
    output += String(text)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const url = `http://${env.HOST ?? 'localhost'}:${port}`
  for (let tries = 0; tries < 1000; tries += 1) {
    if (child.exitCode !== null) return { code: await ended, output }
    const healthy = await fetch(`${url}/api/health`, { signal: AbortSignal.timeout(500) }).then(
      (answer) => answer.ok,
      () => false,
    )
    // Another program may be healthy on a port that was taken: ours has said so.
    if (healthy && output.includes('Stellarr is running')) break
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  return {
    port,
    url,
    child,
    output: () => output,
    stop() {
      child.kill('SIGTERM')
      return ended
    },
  }
}

/** The same for a start that must succeed. */
export async function spawnApp(env: Record<string, string>, cwd?: string): Promise<SpawnedApp> {
  const app = await trySpawnApp(env, cwd)
  if ('code' in app) throw new Error(`the app ended with ${app.code}\n${app.output}`)
  return app
}

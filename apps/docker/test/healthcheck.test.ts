import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { freePort } from '../../../test/spawn-app.ts'

const PROGRAM = join(import.meta.dirname, '../src/healthcheck.ts')

let folder: string
let server: Server | undefined
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stellarr-health-'))
})
afterEach(async () => {
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)))
  server = undefined
  rmSync(folder, { recursive: true, force: true })
})

/** Serves on a free port of this address; answers the port. */
async function serve(host: string, listener: RequestListener): Promise<string> {
  const open = createServer(listener)
  server = open
  await new Promise<void>((resolve) => open.listen(0, host, resolve))
  return String((open.address() as AddressInfo).port)
}

const healthy: RequestListener = (req, res) => res.writeHead(req.url === '/api/health' ? 200 : 404).end()

/** Runs the program with these settings alone. */
function check(env: Record<string, string>): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, [PROGRAM], { cwd: folder, env })
  let said = ''
  child.stdout.on('data', (text) => (said += String(text)))
  child.stderr.on('data', (text) => (said += String(text)))
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, said })))
}

describe('the health check', () => {
  it('ends with 0 and says nothing when the app is healthy, however HOST opens it', async () => {
    const port = await serve('127.0.0.1', healthy)
    for (const host of [{}, { HOST: '0.0.0.0' }, { HOST: '127.0.0.1' }]) {
      expect(await check({ PORT: port, ...host })).toEqual({ code: 0, said: '' })
    }
  })

  it('asks an address of IPv6 as well', async () => {
    expect(await check({ PORT: await serve('::1', healthy), HOST: '::1' })).toEqual({ code: 0, said: '' })
  })

  it('reads the .env file that the app reads', async () => {
    writeFileSync(join(folder, '.env'), `PORT=${await serve('127.0.0.1', healthy)}\n`)
    expect(await check({})).toEqual({ code: 0, said: '' })
  })

  it('ends with 1 and the reason when nothing listens, the app is not healthy or a setting is wrong', async () => {
    const nobody = await check({ HOST: '127.0.0.1', PORT: String(await freePort()) })
    expect(nobody).toEqual({ code: 1, said: expect.stringMatching(/^not healthy: .*ECONNREFUSED.*\n$/) })
    const port = await serve('127.0.0.1', (_req, res) => res.writeHead(503).end())
    expect(await check({ PORT: port })).toEqual({ code: 1, said: 'not healthy: /api/health answers 503\n' })
    expect(await check({ PORT: 'eighty' })).toEqual({
      code: 1,
      said: expect.stringMatching(/^not healthy: PORT: .+\n$/),
    })
  })

  it('waits three seconds at most for an app that hangs', async () => {
    const port = await serve('127.0.0.1', () => {})
    expect(await check({ PORT: port })).toEqual({
      code: 1,
      said: expect.stringMatching(/^not healthy: .*timeout.*\n$/),
    })
    server?.closeAllConnections()
  })
})

import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { freePort } from '../../../test/spawn-app.ts'
import { healthUrl } from '../src/health-url.ts'

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

/** Serves on a free port of this machine; answers the port. */
async function serve(listener: RequestListener): Promise<string> {
  const open = createServer(listener)
  server = open
  await new Promise<void>((resolve) => open.listen(0, '127.0.0.1', resolve))
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
  it('ends with 0 and says nothing when the app is healthy', async () => {
    const port = await serve(healthy)
    expect(await check({ PORT: port })).toEqual({ code: 0, said: '' })
  })

  it.each([
    [undefined, 'http://localhost:8080/api/health'],
    ['::', 'http://localhost:8080/api/health'],
    ['0.0.0.0', 'http://localhost:8080/api/health'],
    ['192.0.2.7', 'http://192.0.2.7:8080/api/health'],
    ['2001:db8::7', 'http://[2001:db8::7]:8080/api/health'],
  ])('asks where HOST=%s opens the port', (host, url) => {
    expect(healthUrl({ host, port: 8080 })).toBe(url)
  })

  it('reads the .env file that the app reads', async () => {
    writeFileSync(join(folder, '.env'), `PORT=${await serve(healthy)}\n`)
    expect(await check({})).toEqual({ code: 0, said: '' })
  })

  it('ends with 1 and the reason when nothing listens, the app is not healthy or a setting is wrong', async () => {
    const nobody = await check({ HOST: '127.0.0.1', PORT: String(await freePort()) })
    expect(nobody).toEqual({ code: 1, said: expect.stringMatching(/^not healthy: .*ECONNREFUSED.*\n$/) })
    const localhost = await check({ PORT: String(await freePort()) })
    expect(localhost).toEqual({ code: 1, said: expect.stringMatching(/^not healthy: .*ECONNREFUSED.*\n$/) })
    const port = await serve((_req, res) => res.writeHead(503).end())
    expect(await check({ PORT: port })).toEqual({ code: 1, said: 'not healthy: /api/health answers 503\n' })
    expect(await check({ PORT: 'eighty' })).toEqual({
      code: 1,
      said: expect.stringMatching(/^not healthy: PORT: .+\n$/),
    })
  })

  it('waits three seconds at most for an app that hangs', async () => {
    const port = await serve(() => {})
    expect(await check({ PORT: port })).toEqual({
      code: 1,
      said: expect.stringMatching(/^not healthy: .*timeout.*\n$/),
    })
    server?.closeAllConnections()
  })
})

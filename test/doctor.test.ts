// A running app as it ships, looked at by the command on the same machine and by Prometheus.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort, type SpawnedApp, spawnApp } from './spawn-app.ts'

const COMMAND = join(import.meta.dirname, '../apps/docker/dist/stellarr.mjs')
const METRICS_TOKEN = 'metrics-token-of-the-tests'
const FEED_TOKEN = 'feed-token-of-the-tests'

let dataDir: string
let env: Record<string, string>
let app: SpawnedApp
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'stellarr-doctor-'))
  env = { DATA_DIR: dataDir, HOST: '127.0.0.1', METRICS_TOKEN, TRUSTED_PROXIES: '127.0.0.1' }
  app = await spawnApp(env)
})
afterAll(async () => {
  await app.stop()
  expect(app.output()).not.toContain('canary')
  rmSync(dataDir, { recursive: true, force: true })
})

/** Runs the command with the app's settings. */
function stellarr(args: readonly string[], more: Record<string, string> = {}) {
  const child = spawn(process.execPath, [COMMAND, ...args], {
    env: { PATH: process.env.PATH ?? '', PORT: String(app.port), ...env, ...more },
    cwd: dataDir,
  })
  const written = { out: '', err: '' }
  child.stdout.on('data', (chunk) => {
    written.out += String(chunk)
  })
  child.stderr.on('data', (chunk) => {
    written.err += String(chunk)
  })
  return new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
    child.once('close', (code) => resolve({ code, ...written }))
  })
}

describe('the command, beside a running app', () => {
  it('has the app say how it stands, as its admin', async () => {
    const { code, out, err } = await stellarr(['doctor', '--json'])
    expect([code, err]).toEqual([0, ''])
    const rows: { id: string; state: string; facts: object }[] = JSON.parse(out)
    const of = (id: string) => rows.find((row) => row.id === id)
    expect(of('lock')).toMatchObject({ state: 'works', facts: { pid: app.child.pid } })
    expect(of('lists')).toMatchObject({ state: 'works' })
    expect(of('address')).toMatchObject({ state: 'not_set_up', code: 'only_localhost' })
  })

  it('says when the app does not answer it, and looks at the files itself', async () => {
    const { code, out, err } = await stellarr(['doctor'], { PORT: String(await freePort()) })
    expect(code).toBe(1)
    expect(err).toBe('stellarr: One thing needs you.\n')
    expect(out).toMatch(/^Problem {5}Server\n {14}It does not answer at http:\/\/127\.0\.0\.1:\d+\./m)
    expect(out).toMatch(/^Works {7}Database /m)
  })

  it('says it in one line', async () => {
    const { code, out } = await stellarr(['status'])
    expect(code).toBe(0)
    expect(out).toMatch(
      /^Stellarr \S+ runs \(process \d+ on \S+, since .* UTC\); lists open; 0 requests, 0 library items; no nightly backup\.\n$/,
    )
  })
})

describe('the metrics', () => {
  const metrics = (headers: Record<string, string>, path = '/metrics') => fetch(app.url + path, { headers })

  it('are for who brings the token in a header', async () => {
    expect((await metrics({})).status).toBe(401)
    expect((await metrics({ 'x-api-key': FEED_TOKEN })).status).toBe(401)
    expect((await metrics({}, `/metrics?token=${METRICS_TOKEN}`)).status).toBe(401)
    const answer = await metrics({ authorization: `Bearer ${METRICS_TOKEN}` })
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      'text/plain; version=0.0.4; charset=utf-8',
    ])
  })

  it('count by route, whatever paths are asked for, and say what is there', async () => {
    for (let n = 0; n < 30; n += 1) await fetch(`${app.url}/api/canary-${n}`)
    await fetch(`${app.url}/api/title/movie/1?canary=1`)
    const text = await (await metrics({ 'x-api-key': METRICS_TOKEN })).text()
    const value = (name: string) =>
      text
        .split('\n')
        .find((line) => line.startsWith(`${name} `))
        ?.split(' ')
        .at(-1)
    const answered = (route: string, status: string) =>
      Number(value(`stellarr_http_request_duration_seconds_count{route="${route}",method="GET",status="${status}"}`))
    expect(answered('/api/health', '2xx')).toBeGreaterThan(0)
    expect(answered('other', '4xx')).toBeGreaterThanOrEqual(30)
    expect(text).not.toContain('canary')
    expect(value('stellarr_lists_closed')).toBe('0')
    expect(value('stellarr_store_readable')).toBe('1')
    expect(value('stellarr_library_items')).toBe('0')
    expect(text).toMatch(/^stellarr_build_info\{version="[^"]+"\} 1$/m)
    expect(text).toMatch(/^process_resident_memory_bytes \d/m)
    expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds \S+$/m)
  })
})

describe('the id of a request', () => {
  const idOf = async (given: string) =>
    (await fetch(`${app.url}/api/health`, { headers: { 'x-request-id': given } })).headers.get('x-request-id')

  it('is what a trusted proxy calls it, where that is an id', async () => {
    expect(await idOf('7f3c-of-the-proxy')).toBe('7f3c-of-the-proxy')
    for (const given of ['short', 'x'.repeat(65), 'with blanks and more', 'brackets<b>']) {
      expect(await idOf(given)).not.toBe(given)
    }
  })
})

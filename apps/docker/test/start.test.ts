import { spawn, spawnSync } from 'node:child_process'
import { createHash, pbkdf2Sync } from 'node:crypto'
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startFakeTmdb, startFakeTvdb } from '@stellarr/gateways/testing'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { freePort, spawnApp, trySpawnApp } from '../../../test/spawn-app.ts'

const MAIN = join(import.meta.dirname, '../dist/main.mjs')

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stellarr-start-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const env = (more: Record<string, string> = {}) => ({ HOST: '127.0.0.1', DATA_DIR: join(folder, 'data'), ...more })

/** Starts what must not start; answers what it said. */
async function refused(more: Record<string, string>): Promise<string> {
  const app = await trySpawnApp(env(more))
  if (!('code' in app)) {
    await app.stop()
    throw new Error('it started')
  }
  expect(app.code).toBe(1)
  return app.output
}

/** Waits until an address answers. */
async function answers(url: string, headers: Record<string, string> = {}): Promise<void> {
  for (let tries = 0; tries < 500; tries += 1) {
    if (
      await fetch(url, { headers }).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error(`${url} does not answer`)
}

/** A session's token. */
async function signIn(origin: string, password: string): Promise<string> {
  const key = pbkdf2Sync(password, origin, 100_000, 32, 'sha256').toString('hex')
  const timestamp = Math.floor(Date.now() / 1000)
  const hash = createHash('sha256').update(`${key}:${timestamp}`).digest('hex')
  const answer = await fetch(`${origin}/api/auth/verify`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ origin, timestamp, hash, name: 'Ann' }),
  })
  expect(answer.status).toBe(200)
  return ((await answer.json()) as { token: string }).token
}

describe('the start', () => {
  it('prints one block with the address, and the passwords the first time only', async () => {
    const first = await spawnApp(env({ LOG_LEVEL: 'error' }))
    expect(await first.stop()).toBe(0)
    const { householdPassword, adminPassword, feedToken } = JSON.parse(
      readFileSync(join(folder, 'data/secrets.json'), 'utf8'),
    )
    expect(first.output()).toContain(`http://localhost:${first.port}`)
    for (const password of [householdPassword, adminPassword]) {
      expect(first.output().split(password)).toHaveLength(2)
    }
    expect(first.output()).not.toContain(feedToken)
    expect(first.output()).toContain('TMDB_API_KEY')
    const second = await spawnApp(env({ LOG_LEVEL: 'error' }))
    expect(await second.stop()).toBe(0)
    expect(second.output()).not.toContain(householdPassword)
    expect(second.output()).toContain('Stellarr is running')
  })

  it('shows its passwords at the next start where the first one failed, or nobody could read it', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => taken.once('listening', resolve))
    const { port } = taken.address() as { port: number }
    await refused({ PORT: String(port) })
    taken.close()
    const { householdPassword, adminPassword } = JSON.parse(readFileSync(join(folder, 'data/secrets.json'), 'utf8'))
    const full = openSync('/dev/full', 'w')
    const silent = spawn(process.execPath, [MAIN], { env: env({ PORT: String(port) }), stdio: ['ignore', full, full] })
    closeSync(full)
    await answers(`http://127.0.0.1:${port}/api/health`)
    silent.kill('SIGTERM')
    expect(await new Promise((resolve) => silent.once('close', resolve))).toBe(0)
    const app = await spawnApp(env({ LOG_LEVEL: 'error' }))
    await app.stop()
    expect(app.output()).toContain(householdPassword)
    expect(app.output()).toContain(adminPassword)
  })

  it('reads a .env file beside it, the environment first', async () => {
    writeFileSync(join(folder, '.env'), `LOG_LEVEL=loud\nTMDB_API_KEY=${'0'.repeat(32)}\n`)
    const app = await spawnApp(env({ LOG_LEVEL: 'error' }), folder)
    const params = await fetch(`${app.url}/api/auth/params`)
    expect(await params.json()).toMatchObject({ catalogue: 'tmdb' })
    await app.stop()
  })

  it('shows nothing of the sample catalogue once TMDB is in use, but the posters of what was asked for', async () => {
    const trending = async (url: string) => {
      for (let tries = 0; tries < 100; tries += 1) {
        const answer = await fetch(`${url}/trending-all-en.json`)
        if (answer.ok) return answer.text()
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
      return ''
    }
    const sample = await spawnApp(env({ LOG_LEVEL: 'error' }))
    expect(await trending(sample.url)).toContain('/posters/')
    await sample.stop()
    const tmdb = await startFakeTmdb()
    const key = { TMDB_API_KEY: '0'.repeat(32), TMDB_BASE_URL: tmdb.url }
    const app = await spawnApp(env({ LOG_LEVEL: 'error', ...key }))
    expect(await trending(app.url)).not.toContain('/posters/')
    expect((await fetch(`${app.url}/posters/movie-603.svg`)).headers.get('content-type')).toContain('image/svg+xml')
    await app.stop()
    await tmdb.close()
  })

  it('counts seasons as TVDB does where there is a key for it, but not those of the sample catalogue', async () => {
    const [tmdb, tvdb] = [await startFakeTmdb(), await startFakeTvdb()]
    tvdb.series.set(
      81_189,
      [2008, 2009].map((seasonNumber) => ({ seasonNumber, number: 1, aired: null })),
    )
    const password = 'household-password-1'
    const numbers = async (key: Record<string, string>) => {
      const given = { TVDB_API_KEY: tvdb.apiKey, TVDB_BASE_URL: tvdb.url, PRESHARED_PASSWORD: password, ...key }
      const app = await spawnApp(env({ LOG_LEVEL: 'debug', ...given }))
      const token = await signIn(app.url, password)
      const title = await fetch(`${app.url}/api/title/tv/1396`, { headers: { authorization: `Bearer ${token}` } })
      const { seasons } = (await title.json()) as { seasons: { season_number: number }[] }
      await app.stop()
      expect(app.output()).not.toContain(tvdb.apiKey)
      return seasons.map((season) => season.season_number)
    }
    expect(await numbers({})).toEqual([1, 2, 3, 4, 5])
    expect(tvdb.calls).toEqual([])
    expect(await numbers({ TMDB_API_KEY: '0'.repeat(32), TMDB_BASE_URL: tmdb.url })).toEqual([2008, 2009])
    expect(tvdb.calls).toEqual(['/login', '/series/81189/episodes/default?page=0'])
    await tmdb.close()
    await tvdb.close()
  })

  it('says in one line what stops it', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => taken.once('listening', resolve))
    const { port } = taken.address() as { port: number }
    expect(await refused({ PORT: String(port) })).toBe(
      `stellarr cannot start. PORT: expected a free port; ${port} is taken by another program.\n`,
    )
    taken.close()
    writeFileSync(join(folder, 'a-file'), '')
    expect(await refused({ DATA_DIR: join(folder, 'a-file/data') })).toMatch(/^stellarr cannot start\. DATA_DIR: .+\n$/)
    expect(await refused({ LOG_LEVEL: 'loud' })).toMatch(/^stellarr cannot start\. LOG_LEVEL: .+\n$/)
    expect(await refused({ HOST: '192.0.2.1' })).toMatch(/^stellarr cannot start\. HOST: .+\n$/)
    mkdirSync(join(folder, 'elsewhere'))
    writeFileSync(join(folder, 'elsewhere/other.db'), 'not a database at all, but long enough for one. '.repeat(50))
    expect(await refused({ DATABASE_PATH: join(folder, 'elsewhere/other.db') })).toMatch(
      /^stellarr cannot start\. DATABASE_PATH: .+ is damaged.+\n$/,
    )
    expect(await refused({ DATABASE_PATH: join(folder, 'nowhere/stellarr.db') })).toMatch(
      /^stellarr cannot start\. DATABASE_PATH: .+\n$/,
    )
  })

  it('gives a new password by command, and the old one no longer opens', async () => {
    const app = await spawnApp(env())
    await app.stop()
    const before = JSON.parse(readFileSync(join(folder, 'data/secrets.json'), 'utf8'))
    const password = (...args: string[]) =>
      spawnSync(process.execPath, [join(import.meta.dirname, '../dist/password.mjs'), ...args], {
        env: { PATH: process.env.PATH ?? '', ...env() },
        encoding: 'utf8',
      })
    expect(password('household').stdout).toMatch(/^New household password: [a-z-]{24}\. Restart/)
    expect(password('admin', 'my-own-password').stdout).not.toContain('my-own-password')
    const after = JSON.parse(readFileSync(join(folder, 'data/secrets.json'), 'utf8'))
    expect(after).toEqual({
      ...before,
      householdPassword: expect.not.stringMatching(before.householdPassword),
      adminPassword: 'my-own-password',
    })
    const short = password('household', 'short')
    expect([short.status, short.stderr]).toEqual([
      1,
      'stellarr: PRESHARED_PASSWORD: expected at least 10 characters.\n',
    ])
  })
})

describe('output that nobody takes', () => {
  it('ends nothing: neither a full disk nor a reader that has gone', async () => {
    const full = openSync('/dev/full', 'w')
    for (const output of [full, 'pipe'] as const) {
      const port = await freePort()
      const child = spawn(process.execPath, [MAIN], {
        env: env({ PORT: String(port), TRUSTED_PROXIES: '' }),
        stdio: ['ignore', output, output],
      })
      child.stdout?.destroy()
      child.stderr?.destroy()
      const url = `http://127.0.0.1:${port}/api/health`
      // A line of the log: a proxy that is not among the trusted ones.
      await answers(url, { 'x-forwarded-for': '192.0.2.1' })
      expect((await fetch(url)).status).toBe(200)
      child.kill('SIGTERM')
      expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(0)
    }
    closeSync(full)
  })

  it('is no password lost: the command says so, and the next start shows it', async () => {
    const app = await spawnApp(env())
    await app.stop()
    const full = openSync('/dev/full', 'w')
    const command = spawnSync(process.execPath, [join(import.meta.dirname, '../dist/password.mjs'), 'admin'], {
      env: { PATH: process.env.PATH ?? '', ...env() },
      stdio: ['ignore', full, 'pipe'],
      encoding: 'utf8',
    })
    closeSync(full)
    expect([command.status, command.stderr]).toEqual([
      1,
      'stellarr: The new admin password could not be written here: the app shows it at its start.\n',
    ])
    const next = await spawnApp(env())
    await next.stop()
    const { adminPassword, householdPassword } = JSON.parse(readFileSync(join(folder, 'data/secrets.json'), 'utf8'))
    expect(next.output()).toContain(adminPassword)
    expect(next.output()).not.toContain(householdPassword)
  })
})

describe('the stop', () => {
  it('loses no acknowledged write and cuts no answer, under load, within 8 s', async () => {
    const token = 'sync-token-of-the-tests'
    const settings = env({ SYNC_TOKEN: token, PRESHARED_PASSWORD: 'household-password-1', LOG_LEVEL: 'error' })
    const app = await spawnApp(settings)
    const acknowledged: number[] = []
    let cut = 0
    let stopped = false
    let next = 0
    const client = async () => {
      while (!stopped) {
        next += 1
        const id = next
        let response: Response
        try {
          response = await fetch(`${app.url}/sync/library?media_type=movie&clear=false`, {
            method: 'POST',
            headers: { 'x-api-key': token, 'content-type': 'application/json' },
            body: JSON.stringify([{ tmdb_id: id }]),
          })
        } catch {
          // No answer has begun: the write is not acknowledged.
          continue
        }
        try {
          await response.json()
          if (response.status === 200) acknowledged.push(id)
        } catch {
          cut += 1
        }
      }
    }
    const clients = Array.from({ length: 16 }, client)
    const busySince = performance.now()
    // On a machine that does much else it takes longer until there is something to lose.
    while (performance.now() - busySince < 400 || acknowledged.length <= 20) {
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    const began = performance.now()
    const code = await app.stop()
    expect(performance.now() - began).toBeLessThan(8000)
    stopped = true
    await Promise.all(clients)
    expect([code, cut]).toEqual([0, 0])
    expect(acknowledged.length).toBeGreaterThan(20)

    const file = new Sqlite(join(folder, 'data/stellarr.db'), { readonly: true })
    const stored = new Set(
      file
        .prepare<[], { tmdb_id: number }>('SELECT tmdb_id FROM library')
        .all()
        .map((row) => row.tmdb_id),
    )
    file.close()
    expect(acknowledged.filter((id) => !stored.has(id))).toEqual([])
  })
})

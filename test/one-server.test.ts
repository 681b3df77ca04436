import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { readSettings } from '../apps/docker/src/settings.ts'
import { startApp } from '../apps/docker/src/start.ts'
import { freePort } from './spawn-app.ts'

const root = mkdtempSync(join(tmpdir(), 'stellarr-one-server-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
afterEach(() => vi.useRealTimers())

let dataDir: string
beforeEach(() => {
  dataDir = mkdtempSync(join(root, 'data-'))
})

const siteDir = join(root, 'site')
const start = (env: Record<string, string> = {}) =>
  startApp(readSettings({ PORT: '0', HOST: '127.0.0.1', DATA_DIR: dataDir, LOG_LEVEL: 'error', ...env }), {
    version: '0.0.0-test',
    siteDir,
  })

/** The line of a start that was refused. */
const refusalOf = (starting: Promise<unknown>) =>
  starting.then(
    () => 'it started',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  )

describe('a second server on one data folder', () => {
  it('does not start, and says which one is there', async () => {
    const first = await start()
    vi.useFakeTimers({ toFake: ['setTimeout'] })
    const port = await freePort()
    const refused = refusalOf(start({ PORT: String(port) }))
    await vi.advanceTimersByTimeAsync(4_000)
    expect(await Promise.race([refused, 'it still tries'])).toBe('it still tries')
    await vi.advanceTimersByTimeAsync(2_000)
    const path = join(dataDir, 'stellarr.db')
    expect(await refused).toMatch(
      new RegExp(`^Another Stellarr \\(process ${process.pid} on ${hostname()}, since .* UTC\\)`),
    )
    expect(await refused).toMatch(new RegExp(`\\) is using ${path}\\. Stop it first\\.$`))
    vi.useRealTimers()
    await expect(fetch(`http://127.0.0.1:${port}/api/health`)).rejects.toThrow()
    expect((await fetch(`http://127.0.0.1:${first.port}/api/health`)).status).toBe(200)
    await first.stop()
  })

  it('starts as soon as the first one has ended', async () => {
    const first = await start()
    const starting = start()
    await new Promise((resolve) => setTimeout(resolve, 50))
    await first.stop()
    const second = await starting
    expect((await fetch(`http://127.0.0.1:${second.port}/api/health`)).status).toBe(200)
    await second.stop()
  })
})

it('a start that fails leaves the store to the next one', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => taken.once('listening', resolve))
  const address = taken.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  expect(await refusalOf(start({ PORT: String(port) }))).toContain('PORT')
  taken.close()
  const app = await start()
  await app.stop()
})

it('a folder of the database that is not there is one line', async () => {
  const path = join(dataDir, 'none', 'stellarr.db')
  expect(await refusalOf(start({ DATABASE_PATH: path }))).toBe(
    `DATABASE_PATH: expected a database that can be read and written (${path}). ${path}.lock cannot be locked (ENOENT).`,
  )
})

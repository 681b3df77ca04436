import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ADMIN, call, FEED_TOKEN, HOUSEHOLD, signIn } from '../../../test/http/deployment.ts'
import { spawnApp, trySpawnApp } from '../../../test/spawn-app.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stellarr-new-store-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const env = (more: Record<string, string> = {}) => ({
  HOST: '127.0.0.1',
  DATA_DIR: join(folder, 'data'),
  LOG_LEVEL: 'warn',
  PRESHARED_PASSWORD: HOUSEHOLD,
  ADMIN_PASSWORD: ADMIN,
  ...more,
})

describe('a store that is new', () => {
  const data = (name: string) => join(folder, 'data', name)
  const madeKey = (): string => JSON.parse(readFileSync(data('secrets.json'), 'utf8')).feedToken

  /** Starts and stops with these settings; answers what a client got, and what the app said. */
  async function readOnce(settings: Record<string, string>, work?: (url: string) => Promise<unknown>) {
    const app = await spawnApp(settings)
    await work?.(app.url)
    const answer = await fetch(`${app.url}/list/radarr?token=${settings.FEED_TOKEN ?? madeKey()}`)
    const body = (await answer.json()) as { code?: string }
    await app.stop()
    return { answer: answer.status === 200 ? body : [answer.status, body.code], output: app.output() }
  }

  it('is open where its key was made with it, and stays so', async () => {
    for (let start = 1; start <= 2; start += 1) {
      expect(await readOnce(env())).toMatchObject({ answer: [], output: expect.not.stringContaining('closed') })
    }
    // The same key from the environment: it is this store's own.
    expect((await readOnce(env({ FEED_TOKEN: madeKey() }))).answer).toEqual([])
  })

  it('keeps its lists closed under a key from outside, over requests and restarts, until the admin’s word', async () => {
    const settings = env({ FEED_TOKEN })
    const first = await readOnce(settings)
    const line = expect.stringContaining('"code":"store_new","msg":"lists are closed: ')
    expect(first).toEqual({ answer: [503, 'store_new'], output: line })
    const request = async (url: string) =>
      call(url, '/api/request', { token: await signIn(url), json: { media_type: 'movie', tmdb_id: 603 } })
    expect((await readOnce(settings, request)).answer).toEqual([503, 'store_new'])
    expect((await readOnce(settings)).answer).toEqual([503, 'store_new'])
    const confirm = async (url: string) =>
      call(url, '/api/admin/confirm-store', { method: 'POST', token: await signIn(url, 'Op', ADMIN) })
    expect((await readOnce(settings, confirm)).answer).toHaveLength(1)
    expect((await readOnce(settings)).answer).toHaveLength(1)
  })

  it('keeps its lists closed when a .env file has the key', async () => {
    writeFileSync(join(folder, '.env'), `FEED_TOKEN=${FEED_TOKEN}\n`)
    const app = await spawnApp(env(), folder)
    expect((await fetch(`${app.url}/list/radarr?token=${FEED_TOKEN}`)).status).toBe(503)
    await app.stop()
  })

  it('keeps its lists closed where the key was kept and the data was lost', async () => {
    await readOnce(env())
    for (const suffix of ['', '-wal', '-shm']) rmSync(data(`stellarr.db${suffix}`), { force: true })
    expect((await readOnce(env())).answer).toEqual([503, 'store_other'])
    rmSync(data('store.json'))
    for (let start = 1; start <= 2; start += 1) {
      expect((await readOnce(env())).answer).toEqual([503, 'store_new'])
    }
  })

  it('is no longer new as a backup in a folder that was lost: the lists are open', async () => {
    await readOnce(env())
    const saved = join(folder, 'saved.db')
    copyFileSync(data('stellarr.db'), saved)
    rmSync(join(folder, 'data'), { recursive: true })
    mkdirSync(join(folder, 'data'))
    copyFileSync(saved, data('stellarr.db'))
    expect((await readOnce(env({ FEED_TOKEN }))).answer).toEqual([])
  })

  it('is still new to the start that makes the keys when the one before could not', async () => {
    mkdirSync(join(folder, 'data'))
    writeFileSync(data('secrets.json'), 'no JSON')
    expect(await trySpawnApp(env())).toMatchObject({ code: 1 })
    rmSync(data('secrets.json'))
    expect((await readOnce(env())).answer).toEqual([])
  })
})

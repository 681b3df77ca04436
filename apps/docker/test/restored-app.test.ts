import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ADMIN, call, HOUSEHOLD, signIn } from '../../../test/http/deployment.ts'
import { freePort, spawnApp, trySpawnApp } from '../../../test/spawn-app.ts'

const COMMAND = join(import.meta.dirname, '../dist/stellarr.mjs')

let folder: string
const at = (name: string) => join(folder, name)
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stellarr-restored-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const env = (more: Record<string, string> = {}) => ({
  HOST: '127.0.0.1',
  DATA_DIR: at('data'),
  LOG_LEVEL: 'warn',
  PRESHARED_PASSWORD: HOUSEHOLD,
  ADMIN_PASSWORD: ADMIN,
  ...more,
})

/** The built command, as a clone and the image run it. */
const stellarr = (...args: string[]) =>
  spawnSync(process.execPath, [COMMAND, ...args], { cwd: folder, env: env(), encoding: 'utf8' })

describe('the app after a restore', () => {
  it('has the same requests, sessions and keys, and opens its lists at the admin’s word', async () => {
    // Sessions are of an address.
    const settings = env({ PORT: String(await freePort()) })
    const app = await spawnApp(settings)
    const token = await signIn(app.url)
    const ask = (tmdb_id: number) => call(app.url, '/api/request', { token, json: { media_type: 'movie', tmdb_id } })
    expect([(await ask(603)).status, (await ask(27_205)).status]).toEqual([200, 200])
    const requests = async () => (await call(app.url, '/api/requests', { token })).body.requests
    const before = await requests()
    // While it runs.
    expect(stellarr('backup', 'house.tar.gz')).toMatchObject({ status: 0, stderr: '' })
    await app.stop()
    rmSync(at('data'), { recursive: true })
    const restored = stellarr('restore', 'house.tar.gz', '--yes')
    expect([restored.status, restored.stdout]).toEqual([0, expect.stringContaining('Restored 2 requests, ')])

    const again = await spawnApp(settings)
    expect(await requests()).toEqual(before)
    const list = async () => {
      const { feedToken } = JSON.parse(readFileSync(at('data/secrets.json'), 'utf8'))
      return call(again.url, `/list/radarr?by=tmdb&token=${feedToken}`)
    }
    const closed = await list()
    expect([closed.status, closed.body.code]).toEqual([503, 'store_older'])
    const admin = await signIn(again.url, 'Op', ADMIN)
    await call(again.url, '/api/admin/confirm-store', { method: 'POST', token: admin })
    expect((await list()).body).toHaveLength(2)
    await again.stop()
  })

  it('is started on a restore that was cut off once that is finished', async () => {
    const app = await spawnApp(env())
    await app.stop()
    renameSync(at('data/stellarr.db'), at('data/stellarr.db.restoring'))
    const kept = at('data/before-restore-x')
    const note = {
      kept: [kept],
      away: [{ from: at('data/store.json'), to: join(kept, 'store.json') }],
      place: [{ from: at('data/stellarr.db.restoring'), to: at('data/stellarr.db') }],
    }
    writeFileSync(at('data/store.json'), '')
    writeFileSync(at('data/restore.json'), JSON.stringify(note))
    const again = await spawnApp(env())
    expect(await again.stop()).toBe(0)
    expect(again.output()).toContain('a restore that was cut off is finished')
    expect([existsSync(at('data/restore.json')), readdirSync(kept)]).toEqual([false, ['store.json']])
  })

  it('says in one line what stops it: a folder of backups that cannot be made, a note that cannot be read', async () => {
    const refused = async (more: Record<string, string>) => {
      const app = await trySpawnApp(env(more))
      if (!('code' in app)) throw new Error('it started')
      return app.output
    }
    writeFileSync(at('file'), '')
    expect(await refused({ BACKUP_DIR: at('file/backups') })).toMatch(
      /^stellarr cannot start\. BACKUP_DIR: expected a folder that can be written \(.+: ENOTDIR\)\.\n$/,
    )
    mkdirSync(at('data'), { recursive: true })
    writeFileSync(at('data/restore.json'), '{"kept"')
    expect(await refused({})).toMatch(/^stellarr cannot start\. DATA_DIR: .+restore\.json cannot be read: .+\.\n$/)
  })
})

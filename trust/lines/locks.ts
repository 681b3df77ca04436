import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { addMovie, radarrMessage } from '../../test/http/arr-messages.ts'
import { ADMIN, call, challenge, HOUSEHOLD, openLists, signIn, WEBHOOK_TOKENS } from '../../test/http/deployment.ts'
import { openHouse } from '../house.ts'
import type { Line, Run } from '../line.ts'
import { readList } from '../lists.ts'
import { watchHealth } from '../process.ts'
import { must } from '../tally.ts'

/** Longest that a write may wait for a store that another program holds. */
const REFUSED_WITHIN_MS = 2_200
/** Longest that health may take meanwhile, besides one flush of the disk. */
const HEALTH_MS = 150

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Another program that holds the store: a process of its own, since a lock is a process's. */
async function holding(path: string): Promise<{ release(): Promise<void> }> {
  const program = `
    import { createRequire } from 'node:module'
    const Sqlite = createRequire(${JSON.stringify(import.meta.url)})('better-sqlite3')
    const db = new Sqlite(${JSON.stringify(path)})
    db.exec('BEGIN IMMEDIATE')
    console.log('held')
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  return {
    async release() {
      const gone = once(child, 'close')
      child.kill('SIGKILL')
      await gone
    },
  }
}

async function locked({ tries, tally, folder, say }: Run): Promise<string> {
  let slowest = 0
  let slowestHealth = 0
  const house = await openHouse(folder, { TRUSTED_PROXIES: '127.0.0.1/32' })
  const app = await house.start()
  const { url } = app
  await openLists(url)
  const token = await signIn(url, 'Op', ADMIN)
  for (let id = 100_001; id <= 100_060; id += 1) addMovie({ tmdb: house.tmdb }, id)
  const request = (id: number) => call(url, '/api/request', { token, json: { media_type: 'movie', tmdb_id: id } })
  await request(100_001)
  let address = 0
  const operations: Record<string, () => ReturnType<typeof call>> = {
    'a request': () => request(100_002),
    'the sign-in': () => {
      address += 1
      const headers = { 'x-forwarded-for': `203.0.113.${address}` }
      return call(url, '/api/auth/verify', {
        headers,
        json: challenge(url, HOUSEHOLD, 'Ann', Date.now() - address * 1_000),
      })
    },
    'the settings': () => call(url, '/api/admin/settings', { method: 'PATCH', token, json: { keep_arrived_days: 9 } }),
    'a webhook': () =>
      call(url, '/webhook/radarr', {
        json: radarrMessage('Download', 100_001),
        headers: { 'x-api-key': WEBHOOK_TOKENS.radarr },
      }),
    'a withdrawal': () => call(url, '/api/request/movie/100001', { method: 'DELETE', token }),
    'the first read of a list': () =>
      call(url, '/list/radarr?by=tmdb', { headers: { 'x-api-key': 'feed-token-of-the-tests' } }),
  }
  const crowds: [string, number][] = [
    ...Object.keys(operations).map((name): [string, number] => [name, 1]),
    ['a request', 5],
    ['a request', 20],
    ['the sign-in', 5],
    ['the settings', 10],
  ]
  for (let round = 0; round < tries; round += 1) {
    const [name, count] = crowds[round % crowds.length] ?? ['a request', 1]
    const operation = operations[name]
    must(operation !== undefined, name)
    const other = await holding(join(house.dataDir, 'stellarr.db'))
    const health = watchHealth(url, 20)
    await tally.attempt(`${count} × ${name}`, async () => {
      const answers = await Promise.all(
        Array.from({ length: count }, async () => {
          const began = performance.now()
          const { status } = await operation()
          return { status, ms: performance.now() - began }
        }),
      )
      slowest = Math.max(slowest, ...answers.map(({ ms }) => ms))
      for (const { status, ms } of answers) {
        must(status === 503 || (status === 200 && name === 'the first read of a list'), `it answered ${status}`)
        must(ms <= REFUSED_WITHIN_MS, `it took ${ms.toFixed(0)} ms`)
      }
      const list = await readList(url)
      must(list.kind === 'closed' || list.ids.length > 0, 'a list is falsely empty')
    })
    const { most, failed } = await health.stop()
    slowestHealth = Math.max(slowestHealth, most)
    tally.note(failed === 0 && most <= HEALTH_MS, `health meanwhile took ${most.toFixed(0)} ms, ${failed} failed`)
    await other.release()
    // The store is left alone for two seconds after a wait that was in vain.
    await pause(2_050)
    await tally.attempt(`a request after ${count} × ${name}`, async () => {
      address += 1
      const { status } = await request(100_010 + address)
      must(status === 200, `it answered ${status}`)
    })
    say(`${count} × ${name}`)
  }
  await app.stop()
  await house.close()
  return `refused after at most ${slowest.toFixed(0)} ms; health at most ${slowestHealth.toFixed(0)} ms`
}

/** Two servers on one folder: one of them serves. */
async function twice({ tries, tally, folder }: Run): Promise<undefined> {
  for (let round = 0; round < tries; round += 1) {
    const house = await openHouse(join(folder, String(round)))
    await tally.attempt('at the same moment', async () => {
      const apps = await Promise.all([house.tryStart(), house.tryStart()])
      const serving = apps.filter((app) => !('code' in app))
      for (const app of apps) {
        if (!('code' in app)) await app.stop()
        else
          must(
            /^stellarr cannot start\. Another Stellarr/m.test(app.output),
            `it ended with: ${app.output.slice(0, 200)}`,
          )
      }
      must(serving.length === 1, `${serving.length} of 2 serve`)
    })
    await tally.attempt('beside one that runs', async () => {
      const first = await house.start()
      const second = await house.tryStart()
      must('code' in second, 'a second one serves')
      must(second.output.includes(String(first.child.pid)), `it does not say who: ${second.output.slice(0, 200)}`)
      await first.stop()
      await (await house.start()).stop()
    })
    await tally.attempt('behind one that is killed', async () => {
      const first = await house.start()
      first.child.kill('SIGKILL')
      await (await house.start()).stop()
    })
    await house.close()
  }
  return undefined
}

/** A program of later times has used the store. */
async function newer({ tries, tally, folder }: Run): Promise<undefined> {
  for (let round = 0; round < tries; round += 1) {
    const house = await openHouse(join(folder, String(round)))
    await tally.attempt('a newer schema', async () => {
      await (await house.start()).stop()
      const path = join(house.dataDir, 'stellarr.db')
      const db = new Sqlite(path)
      db.exec("INSERT INTO kysely_migration (name, timestamp) VALUES ('9999-of-later-times', '2027-01-01')")
      const before = db.prepare('SELECT count(*) AS n FROM sqlite_master').get()
      db.close()
      const app = await house.tryStart()
      must('code' in app, 'it started')
      must(
        /newer Stellarr/.test(app.output) && !/\n\s+at /.test(app.output),
        `it ended with: ${app.output.slice(0, 200)}`,
      )
      const after = new Sqlite(path, { readonly: true })
      must(
        JSON.stringify(after.prepare('SELECT count(*) AS n FROM sqlite_master').get()) === JSON.stringify(before),
        'it changed the schema',
      )
      after.close()
    })
    await house.close()
  }
  return undefined
}

export const lockLines: readonly Line[] = [
  {
    name: 'locked',
    title: 'a store that another program holds',
    store: 'sqlite',
    tries: { whole: 30, short: 3 },
    run: locked,
  },
  {
    name: 'two-servers',
    title: 'two servers on one data folder',
    store: 'sqlite',
    tries: { whole: 25, short: 1 },
    run: twice,
  },
  { name: 'newer', title: 'a database of a newer program', store: 'sqlite', tries: { whole: 2, short: 1 }, run: newer },
]

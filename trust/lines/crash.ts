import { join } from 'node:path'
import type { Storage } from '@stellarr/core'
import { startFakeTmdb } from '@stellarr/gateways/testing'
import { openSqliteStorage } from '@stellarr/storage-sqlite'
import Sqlite from 'better-sqlite3'
import { call, FEED_TOKEN, openLists, signIn } from '../../test/http/deployment.ts'
import { kill, openHouse, settingsOf } from '../house.ts'
import type { Line, Run } from '../line.ts'
import { oneInstance } from '../one-instance.ts'
import { must } from '../tally.ts'
import { emptyLedger, type Ledger, writeUntilGone } from '../writers.ts'

const clock = { now: () => Date.now() }

/** Throws unless everything that was acknowledged is stored. */
async function holdsAll(storage: Storage, ledger: Ledger): Promise<void> {
  const requests = new Map((await storage.requests.list({})).map((one) => [one.tmdbId, one]))
  for (const id of ledger.requested) must(requests.has(id), `request ${id} is lost`)
  for (const id of ledger.arrived) {
    must(requests.get(id)?.status === 'available', `the arrival of ${id} is lost (${requests.get(id)?.status})`)
  }
  for (const id of ledger.withdrawn) {
    const one = requests.get(id)
    must(one === undefined || one.withdrawnAt !== undefined, `the withdrawal of ${id} is lost`)
  }
  const { movie } = await storage.library.listIds()
  const staged = movie.filter((id) => id >= 500_000 && id < 600_000)
  must(staged.length === 0 || staged.length === 50, `a torn sync: ${staged.length} of 50 titles`)
  const devices = new Set<string>()
  let cursor: string | undefined
  do {
    const page = await storage.pushSubscriptions.exportAll(cursor)
    for (const { endpoint } of page.rows) devices.add(endpoint)
    cursor = page.cursor
  } while (cursor !== undefined)
  for (const endpoint of ledger.devices) must(devices.has(endpoint), `the device ${endpoint} is lost`)
}

/** Throws unless a list that is answered has all that is to be listed. */
async function listsAll(url: string, ledger: Ledger): Promise<void> {
  const { status, body } = await call(url, '/list/radarr', { headers: { 'x-api-key': FEED_TOKEN } })
  must(status === 200, `the list answered ${status}`)
  const ids = new Set(body.map(({ id }: { id: number }) => id))
  for (const id of ledger.requested) must(ids.has(id), `the list lacks ${id}`)
}

async function crashSqlite({ tries, tally, folder, say }: Run): Promise<string> {
  const house = await openHouse(folder)
  const ledger = emptyLedger()
  const starts: number[] = []
  for (let round = 0; round < tries; round += 1) {
    await tally.attempt(`kill ${round}`, async () => {
      const began = performance.now()
      const app = await house.start()
      starts.push(performance.now() - began)
      if (round === 0) await openLists(app.url)
      else await listsAll(app.url, ledger)
      const token = await signIn(app.url, `P${round}`)
      const writing = writeUntilGone(app.url, house.tmdb, token, ledger, round)
      await new Promise((resolve) => setTimeout(resolve, 30 + Math.random() * 600))
      await kill(app)
      await writing
      const path = join(house.dataDir, 'stellarr.db')
      const file = new Sqlite(path)
      const found = file.pragma('integrity_check', { simple: true })
      file.close()
      must(found === 'ok', `integrity_check: ${found}`)
      const storage = await openSqliteStorage({ path, clock })
      await holdsAll(storage, ledger).finally(() => storage.close())
    })
    say(`${ledger.acknowledged} acknowledged`)
  }
  await house.close()
  starts.sort((a, b) => a - b)
  const half = starts[Math.floor(starts.length / 2)] ?? 0
  return `${ledger.acknowledged} acknowledged; starts p50 ${half.toFixed(0)} ms, most ${(starts.at(-1) ?? 0).toFixed(0)} ms`
}

async function crashAws({ tries, tally, say, aws }: Run): Promise<string> {
  const ground = await aws()
  const tmdb = await startFakeTmdb()
  const table = await ground.engine.freshTable()
  const instance = await oneInstance(ground, table, settingsOf(tmdb))
  await openLists(instance.url)
  const ledger = emptyLedger()
  for (let round = 0; round < tries; round += 1) {
    await tally.attempt(`kill ${round}`, async () => {
      const token = await signIn(instance.url, `P${round}`)
      if (round > 0) await listsAll(instance.url, ledger)
      const writing = writeUntilGone(instance.url, tmdb, token, ledger, round)
      await new Promise((resolve) => setTimeout(resolve, 100 + Math.random() * 500))
      await instance.kill()
      await writing
      const storage = await ground.engine.openStorage(clock, { table })
      await holdsAll(storage, ledger).finally(() => storage.close())
    })
    await instance.kill()
    instance.renew()
    say(`${ledger.acknowledged} acknowledged`)
  }
  await instance.close()
  await tmdb.close()
  return `${ledger.acknowledged} acknowledged`
}

export const crashLines: readonly Line[] = [
  {
    name: 'crash',
    title: 'kill -9 under mixed writes, and the start behind it',
    store: 'sqlite',
    tries: { whole: 500, short: 12 },
    run: crashSqlite,
  },
  {
    name: 'crash',
    title: 'kill -9 of instances under mixed writes and syncs',
    store: 'dynamodb',
    tries: { whole: 220, short: 6 },
    run: crashAws,
  },
]

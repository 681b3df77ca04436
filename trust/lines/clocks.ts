import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { addMovie, radarrMessage } from '../../test/http/arr-messages.ts'
import { ADMIN, call, challenge, HOUSEHOLD, openLists, signIn, WEBHOOK_TOKENS } from '../../test/http/deployment.ts'
import { openHouse } from '../house.ts'
import type { Line, Run } from '../line.ts'
import { readList } from '../lists.ts'
import { faketimeLibrary } from '../needs.ts'
import { must } from '../tally.ts'

const DAY = 86_400_000
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** An app whose clock can be set while it runs. */
async function clockedHouse(folder: string) {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, 'clock')
  const set = (days: number) => writeFileSync(file, days === 0 ? '+0' : `${days > 0 ? '+' : ''}${days}d`)
  const house = await openHouse(folder, {
    LD_PRELOAD: faketimeLibrary() ?? '',
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_CACHE_DURATION: '1',
    // The monotonic clock goes on as it does where a clock is set.
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  })
  set(0)
  return {
    house,
    /** Sets it and waits until the app has it. */
    async set(days: number, url: string) {
      set(days)
      for (let tries = 0; tries < 100; tries += 1) {
        const { now } = (await call(url, '/api/auth/params')).body
        if (Math.abs(now * 1_000 - (Date.now() + days * DAY)) < 5_000) return
        await pause(100)
      }
      throw new Error('the app does not have the clock that was set')
    },
  }
}

async function clocks({ tries, tally, folder }: Run): Promise<undefined> {
  for (const days of [-20_000, -30, -1, 1, 30, 3_650].slice(0, tries)) {
    const { house, set } = await clockedHouse(join(folder, String(days)))
    const what = `${days} days`
    const app = await house.start()
    await openLists(app.url)
    const token = await signIn(app.url, 'Op', ADMIN)
    const headers = { 'x-api-key': WEBHOOK_TOKENS.radarr }
    for (let id = 100_001; id <= 100_010; id += 1) {
      addMovie({ tmdb: house.tmdb }, id)
      await call(app.url, '/api/request', { token, json: { media_type: 'movie', tmdb_id: id } })
      if (id > 100_005) await call(app.url, '/webhook/radarr', { headers, json: radarrMessage('Download', id) })
    }
    const keep = await call(app.url, '/api/admin/settings', { method: 'PATCH', token, json: { keep_arrived_days: 7 } })
    tally.note(keep.status === 200, `${what}: settings answered ${keep.status}`)
    await tally.attempt(`${what}: wrong tries while the clock is wrong`, async () => {
      await set(days, app.url)
      for (let n = 0; n < 5; n += 1) {
        const at = Date.now() + days * DAY
        await call(app.url, '/api/auth/verify', { json: challenge(app.url, 'not-the-password', 'Ann', at) })
      }
      await set(0, app.url)
      const right = await call(app.url, '/api/auth/verify', { json: challenge(app.url, HOUSEHOLD, 'Ann') })
      must(right.status === 200 || days === -1, `the right password answered ${right.status} ${right.body?.code}`)
    })
    await tally.attempt(`${what}: the list while the clock is wrong`, async () => {
      await set(days, app.url)
      const list = await readList(app.url)
      must(list.kind === 'rows' && list.ids.length === 10, `${JSON.stringify(list).slice(0, 120)}`)
      await set(0, app.url)
      const after = await readList(app.url)
      must(after.kind === 'rows' && after.ids.length === 10, `after it: ${JSON.stringify(after).slice(0, 120)}`)
    })
    await tally.attempt(`${what}: an arrival told by a wrong clock, then a delete`, async () => {
      await set(days, app.url)
      await call(app.url, '/webhook/radarr', { headers, json: radarrMessage('Download', 100_001) })
      await set(0, app.url)
      await call(app.url, '/webhook/radarr', { headers, json: radarrMessage('MovieFileDelete', 100_001) })
      const { body } = await call(app.url, '/api/requests', { token: await signIn(app.url, 'Bob') })
      const one = body.requests.find((row: { tmdb_id: number }) => row.tmdb_id === 100_001)
      must(one !== undefined && one.status !== 'available', `it is ${one?.status}`)
    })
    await tally.attempt(`${what}: it goes on`, async () => {
      must((await call(app.url, '/api/health')).status === 200, 'it is not healthy')
      must((await app.stop()) === 0, 'it did not stop well')
    })
    await house.close()
  }
  return undefined
}

export const clockLines: readonly Line[] = [
  {
    name: 'clocks',
    title: 'clocks that jump and are set right again',
    store: 'sqlite',
    tries: { whole: 6, short: 1 },
    needs: ['libfaketime'],
    run: clocks,
  },
]

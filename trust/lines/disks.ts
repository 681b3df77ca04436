import { readdirSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { addMovie, radarrMessage } from '../../test/http/arr-messages.ts'
import { call, openLists, signIn, WEBHOOK_TOKENS } from '../../test/http/deployment.ts'
import { kill, openHouse } from '../house.ts'
import type { Line, Run } from '../line.ts'
import { readList } from '../lists.ts'
import { smallDisk } from '../small-disk.ts'
import { must } from '../tally.ts'

const GB = 1_048_576

/** Of a start that ended: one line for people, and no stack. */
function toldInOneLine(output: string): void {
  const told = output.split('\n').filter((line) => line.includes('cannot start'))
  must(told.length === 1 && !/\n\s+at /.test(output), `not one line: ${output.slice(0, 300)}`)
}

/** A first start on a disk that is too small, and again once there is room. */
async function fullAtStart({ tries, tally, folder }: Run): Promise<string> {
  let stopped = 0
  for (let round = 0; round < tries; round += 1) {
    // From too small for anything to just large enough.
    const size = 24 + Math.round((round * 480) / Math.max(1, tries - 1))
    const at = join(folder, `disk-${round}`)
    const disk = smallDisk(at, size)
    const house = await openHouse(at)
    await tally.attempt(`${size} kB`, async () => {
      const first = await house.tryStart()
      if ('code' in first) {
        stopped += 1
        toldInOneLine(first.output)
      } else await kill(first)
      disk.resize(GB)
      const app = await house.start()
      await openLists(app.url)
      addMovie({ tmdb: house.tmdb }, 100_001)
      const token = await signIn(app.url)
      const json = { media_type: 'movie', tmdb_id: 100_001 }
      must((await call(app.url, '/api/request', { token, json })).status === 200, 'no request is taken with room')
      await app.stop()
      const left = readdirSync(house.dataDir).filter((name) => name.endsWith('.new'))
      must(left.length === 0, `left behind: ${left.join(', ')}`)
    })
    await house.close()
    disk.remove()
  }
  return `${stopped} of ${tries} first starts had no room`
}

/** A disk that becomes full while the app runs, and has room again later. */
async function fullWhileRunning({ tries, tally, folder }: Run): Promise<string> {
  let refused = 0
  let acknowledged = 0
  for (let round = 0; round < tries; round += 1) {
    const at = join(folder, `disk-${round}`)
    const disk = smallDisk(at, GB)
    const house = await openHouse(at)
    await tally.attempt(`disk ${round}`, async () => {
      const app = await house.start()
      await openLists(app.url)
      const token = await signIn(app.url)
      const { blocks, bfree, bsize } = statfsSync(at)
      disk.resize(((blocks - bfree) * bsize) / 1024 + 400 + round * 100)
      const stored: number[] = []
      let refusals = 0
      for (let id = 100_001; id < 102_000 && refusals < 10; id += 1) {
        addMovie({ tmdb: house.tmdb }, id)
        const json = { media_type: 'movie', tmdb_id: id }
        const { status } = await call(app.url, '/api/request', { token, json })
        if (status === 200) stored.push(id)
        else {
          must(status === 503, `a request answered ${status}`)
          refusals += 1
          const told = await call(app.url, '/webhook/radarr', {
            json: radarrMessage('Download', stored[0] ?? id),
            headers: { 'x-api-key': WEBHOOK_TOKENS.radarr },
          })
          must(told.status === 200 || told.status === 503, `a webhook answered ${told.status}`)
        }
        if (refusals > 0 || id % 20 === 0) {
          const list = await readList(app.url)
          // A disk without room closes no list that is whole.
          must(list.kind === 'rows', `the list is closed: ${JSON.stringify(list)}`)
          must(list.ids.length === stored.length, `200 with ${list.ids.length} of ${stored.length} rows`)
        }
      }
      must(refusals > 0, 'the disk was never full')
      refused += refusals
      acknowledged += stored.length
      disk.resize(GB)
      addMovie({ tmdb: house.tmdb }, 200_000)
      const json = { media_type: 'movie', tmdb_id: 200_000 }
      must((await call(app.url, '/api/request', { token, json })).status === 200, 'the next request is refused')
      must((await app.stop()) === 0, 'it did not stop well')
      const file = new Sqlite(join(house.dataDir, 'stellarr.db'), { readonly: true })
      must(file.pragma('integrity_check', { simple: true }) === 'ok', 'the file is damaged')
      file.close()
    })
    await house.close()
    disk.remove()
  }
  return `${refused} writes refused, ${acknowledged} acknowledged`
}

/** A disk that can only be read: at a start, and from one moment to the next. */
async function readOnly({ tries, tally, folder }: Run): Promise<undefined> {
  for (let round = 0; round < tries; round += 1) {
    const at = join(folder, `disk-${round}`)
    const disk = smallDisk(at, GB)
    const house = await openHouse(at)
    await tally.attempt('at a start', async () => {
      disk.readOnly(true)
      const app = await house.tryStart()
      must('code' in app, 'it started')
      toldInOneLine(app.output)
      disk.readOnly(false)
    })
    await tally.attempt('in use before, read-only at the next start', async () => {
      const app = await house.start()
      await openLists(app.url)
      await app.stop()
      disk.readOnly(true)
      const again = await house.tryStart()
      must('code' in again, 'it started')
      toldInOneLine(again.output)
      disk.readOnly(false)
      await (await house.start()).stop()
    })
    await house.close()
    disk.remove()
  }
  return undefined
}

export const diskLines: readonly Line[] = [
  {
    name: 'full-at-start',
    title: 'a disk too small for a first start, then room',
    store: 'sqlite',
    tries: { whole: 16, short: 5 },
    needs: ['mount'],
    run: fullAtStart,
  },
  {
    name: 'full-running',
    title: 'a disk that fills while the app runs',
    store: 'sqlite',
    tries: { whole: 9, short: 2 },
    needs: ['mount'],
    run: fullWhileRunning,
  },
  {
    name: 'read-only',
    title: 'a disk that can only be read',
    store: 'sqlite',
    tries: { whole: 3, short: 1 },
    needs: ['mount'],
    run: readOnly,
  },
]

import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { addMovie } from '../../test/http/arr-messages.ts'
import { call, openLists, signIn } from '../../test/http/deployment.ts'
import type { SpawnedApp } from '../../test/spawn-app.ts'
import { type House, kill, openHouse } from '../house.ts'
import type { Line, Run } from '../line.ts'
import { LISTS, readList } from '../lists.ts'
import { must } from '../tally.ts'

async function request(app: SpawnedApp, house: House, token: string, ids: readonly number[]): Promise<number[]> {
  const statuses: number[] = []
  for (const id of ids) {
    addMovie({ tmdb: house.tmdb }, id)
    const json = { media_type: 'movie', tmdb_id: id }
    statuses.push((await call(app.url, '/api/request', { token, json })).status)
  }
  return statuses
}

const ids = (from: number, count: number) => Array.from({ length: count }, (_, n) => from + n)

/** Every list is closed, whatever the reason. */
async function allClosed(app: SpawnedApp): Promise<string> {
  const codes = new Set<string>()
  for (const path of LISTS) {
    const list = await readList(app.url, path)
    must(list.kind === 'closed' && list.status === 503, `${path}: ${JSON.stringify(list).slice(0, 100)}`)
    codes.add(list.code)
  }
  return [...codes].join(' ')
}

type Misfortune = (house: House, app: SpawnedApp) => void

/** What happens to the folder of an app that runs on. */
const UNDER_IT: Record<string, Misfortune> = {
  'the folder is deleted': ({ dataDir }) => rmSync(dataDir, { recursive: true }),
  'the database is deleted': ({ dataDir }) => rmSync(join(dataDir, 'stellarr.db')),
  'the log is deleted': ({ dataDir }) => rmSync(join(dataDir, 'stellarr.db-wal')),
  'the folder is moved away': ({ dataDir }) => renameSync(dataDir, `${dataDir}-moved`),
  'an older copy is moved over the database': ({ dataDir }) =>
    renameSync(join(dataDir, 'old.db'), join(dataDir, 'stellarr.db')),
  'an older copy is written over the database': ({ dataDir }) =>
    cpSync(join(dataDir, 'old.db'), join(dataDir, 'stellarr.db')),
  'an older folder is put in its place': ({ dataDir }) => {
    renameSync(dataDir, `${dataDir}-moved`)
    cpSync(`${dataDir}-older`, dataDir, { recursive: true })
  },
}

async function underIt({ tries, tally, folder }: Run): Promise<undefined> {
  for (let round = 0; round < tries; round += 1) {
    for (const [what, happen] of Object.entries(UNDER_IT)) {
      const house = await openHouse(join(folder, `${round}-${what.replaceAll(' ', '-')}`))
      let app: SpawnedApp | undefined
      await tally.attempt(what, async () => {
        const running = await house.start()
        app = running
        await openLists(running.url)
        const token = await signIn(running.url)
        await request(running, house, token, ids(100_001, 5))
        cpSync(join(house.dataDir, 'stellarr.db'), join(house.dataDir, 'old.db'))
        await request(running, house, token, ids(100_101, 20))
        cpSync(house.dataDir, `${house.dataDir}-older`, { recursive: true })
        must((await readList(running.url)).kind === 'rows', 'the list is closed before anything happened')
        happen(house, running)
        const statuses = await request(running, house, token, ids(100_201, 5))
        must(
          statuses.every((status) => status === 503),
          `writes were acknowledged into a file that is gone: ${statuses}`,
        )
        await allClosed(running)
      })
      if (app) await kill(app)
      await house.close()
    }
  }
  return undefined
}

/** The folder that a start finds is not the one that was used. */
const BEFORE_A_START: Record<string, (house: House) => void> = {
  'nothing is mounted': ({ dataDir }) => {
    renameSync(dataDir, `${dataDir}-away`)
    mkdirSync(dataDir)
  },
  'a backup of the whole folder is put back': ({ dataDir }) => {
    rmSync(dataDir, { recursive: true })
    cpSync(`${dataDir}-older`, dataDir, { recursive: true, preserveTimestamps: true })
  },
  'a backup of the database alone is put back': ({ dataDir }) => {
    for (const name of readdirSync(dataDir)) if (name.startsWith('stellarr.db-')) rmSync(join(dataDir, name))
    rmSync(join(dataDir, 'stellarr.db'))
    cpSync(join(`${dataDir}-older`, 'stellarr.db'), join(dataDir, 'stellarr.db'))
  },
  'a backup is written over the database': ({ dataDir }) => {
    for (const name of readdirSync(dataDir)) if (name.startsWith('stellarr.db-')) rmSync(join(dataDir, name))
    cpSync(join(`${dataDir}-older`, 'stellarr.db'), join(dataDir, 'stellarr.db'))
  },
  'the database is gone': ({ dataDir }) => {
    for (const name of readdirSync(dataDir)) if (name.startsWith('stellarr.db')) rmSync(join(dataDir, name))
  },
}

async function beforeAStart({ tries, tally, folder }: Run): Promise<undefined> {
  for (let round = 0; round < tries; round += 1) {
    for (const [what, happen] of Object.entries(BEFORE_A_START)) {
      const house = await openHouse(join(folder, `${round}-${what.replaceAll(' ', '-')}`))
      await tally.attempt(what, async () => {
        const first = await house.start()
        await openLists(first.url)
        await request(first, house, await signIn(first.url), ids(100_001, 5))
        await first.stop()
        cpSync(house.dataDir, `${house.dataDir}-older`, { recursive: true, preserveTimestamps: true })
        const second = await house.start()
        await request(second, house, await signIn(second.url, 'Bob'), ids(100_101, 20))
        const read = await readList(second.url)
        must(
          read.kind === 'rows' && read.ids.length === 25,
          `the list is not whole: ${JSON.stringify(read).slice(0, 100)}`,
        )
        await second.stop()
        happen(house)
        const third = await house.start()
        await allClosed(third).finally(() => third.stop())
      })
      await house.close()
    }
  }
  return undefined
}

/** What is written is for the user alone who runs it. */
async function privateFiles({ tries, tally, folder }: Run): Promise<undefined> {
  for (let round = 0; round < tries; round += 1) {
    const house = await openHouse(join(folder, String(round)))
    // Also in a folder that others may read, as a volume is.
    if (round % 2 === 1) {
      mkdirSync(house.dataDir, { recursive: true })
      chmodSync(house.dataDir, 0o755)
    }
    const app = await house.start()
    await openLists(app.url)
    await request(app, house, await signIn(app.url), ids(100_001, 2))
    await readList(app.url)
    const look = (path: string): void => {
      for (const entry of readdirSync(path, { withFileTypes: true })) {
        const at = join(path, entry.name)
        if (entry.isDirectory()) look(at)
        const mode = statSync(at).mode & 0o777
        tally.note((mode & 0o077) === 0, `${entry.name} is ${mode.toString(8)}`)
      }
    }
    if (existsSync(house.dataDir)) look(house.dataDir)
    await app.stop()
    await house.close()
  }
  return undefined
}

export const folderLines: readonly Line[] = [
  {
    name: 'folder-running',
    title: 'the data folder deleted, moved or replaced under a running app',
    store: 'sqlite',
    tries: { whole: 3, short: 1 },
    run: underIt,
  },
  {
    name: 'folder-start',
    title: 'a start with the folder not mounted, restored or emptied',
    store: 'sqlite',
    tries: { whole: 3, short: 1 },
    run: beforeAStart,
  },
  {
    name: 'files',
    title: 'files readable by their owner alone',
    store: 'sqlite',
    tries: { whole: 2, short: 2 },
    run: privateFiles,
  },
]

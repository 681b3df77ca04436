import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { ADMIN, APP_SECRET, call, FEED_TOKEN, HOUSEHOLD, openLists, signIn } from '../../../test/http/deployment.ts'
import type { Started } from '../../../test/http/deployments/deployment-kind.ts'

/** Starts the app on these settings: in this process, or as a program of its own. */
export type Start = (env: Record<string, string>) => Promise<Started>

const MOVIES = [603, 550, 680, 13, 155, 238, 278, 424]
/** What a client may get of a store that is not what it was. */
const CLOSED = ['store_other', 'store_older', 'store_copied', 'store_new', 'storage_corrupt', 'storage_unavailable']

export const settingsOf = (dataDir: string): Record<string, string> => ({
  DATA_DIR: dataDir,
  PRESHARED_PASSWORD: HOUSEHOLD,
  ADMIN_PASSWORD: ADMIN,
  APP_SECRET_KEY: APP_SECRET,
  FEED_TOKEN,
  LOG_LEVEL: 'warn',
})

/** What a client gets: how many rows, or the code of the refusal. */
export async function readList(url: string): Promise<number | string> {
  const { status, body } = await call(url, '/list/radarr?by=tmdb', { headers: { 'x-api-key': FEED_TOKEN } })
  return status === 200 ? body.length : body.code
}

/** Requests some of the movies; answers the statuses. */
export async function request(url: string, from: number, to: number): Promise<number[]> {
  const token = await signIn(url)
  const answers = MOVIES.slice(from, to).map((tmdb_id) =>
    call(url, '/api/request', { token, json: { media_type: 'movie', tmdb_id } }),
  )
  return (await Promise.all(answers)).map(({ status }) => status)
}

export const confirm = async (url: string) =>
  call(url, '/api/admin/confirm-store', { method: 'POST', token: await signIn(url, 'Op', ADMIN) })

/** Runs the app for as long as the work takes; answers what that does. */
export async function during<Result>(start: Start, dataDir: string, work: (app: Started) => Promise<Result>) {
  const app = await start(settingsOf(dataDir))
  try {
    return await work(app)
  } finally {
    await app.stop()
  }
}

/** A data folder and a backup of it. */
export interface Folders {
  data: string
  backup: string
}

/** A data folder whose list of four movies was read, and a copy of it from when there were two. */
export async function usedFolder(start: Start, folder: string): Promise<Folders> {
  const [data, backup] = [join(folder, 'data'), join(folder, 'backup')]
  await during(start, data, async ({ url }) => {
    await openLists(url)
    await request(url, 0, 2)
    await readList(url)
  })
  cpSync(data, backup, { recursive: true, preserveTimestamps: true })
  await during(start, data, async ({ url }) => {
    await request(url, 2, 4)
    await readList(url)
  })
  return { data, backup }
}

/** Takes out of a folder's note which file its store lay in: a copy made for a test is to pass for the same file. */
function forgetFile(data: string): void {
  const path = join(data, 'store.json')
  const slots = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
  // A checksum stands before each.
  const notes = slots.map((line): { storeId: string; revision: number; sequence: number } =>
    JSON.parse(line.slice(line.indexOf('{'))),
  )
  const newest = notes.reduce((one, other) => (other.sequence > one.sequence ? other : one))
  writeFileSync(path, JSON.stringify({ storeId: newest.storeId, revision: newest.revision }))
}

/** A copy of used folders for one try, as if they were the same files. */
export function copyOf(folders: Folders, to: string): Folders {
  const copy = { data: join(to, 'data'), backup: join(to, 'backup') }
  for (const name of ['data', 'backup'] as const) cpSync(folders[name], copy[name], { recursive: true })
  forgetFile(copy.data)
  return copy
}

/** Ways in which a store comes back that is not the one of which a list was read last; the app is stopped. */
export const RETURNS: Record<string, (folders: Folders) => void> = {
  'the whole folder from a backup': ({ data, backup }) => {
    rmSync(data, { recursive: true })
    cpSync(backup, data, { recursive: true, preserveTimestamps: true })
  },
  'the database alone from a backup': ({ data, backup }) => {
    for (const suffix of ['-wal', '-shm']) rmSync(join(data, `stellarr.db${suffix}`), { force: true })
    cpSync(join(backup, 'stellarr.db'), join(data, 'stellarr.db'))
  },
  'the whole folder on another disk': ({ data, backup }) => {
    cpSync(data, `${backup}-2`, { recursive: true })
    rmSync(data, { recursive: true })
    renameSync(`${backup}-2`, data)
  },
}

/** What befell starts on a folder as a power cut left it. */
export interface TornWal {
  tried: number
  /** The list had all rows that a client had read. */
  whole: number
  /** It was closed. */
  closed: number
  /** It had fewer: none may. */
  shorter: number
}

/**
 * Copies a folder while the app runs, as a power cut would leave it, cuts the write-ahead log at evenly spread places,
 * and reads the list of each copy.
 */
export async function tornWal(start: Start, { data, backup }: Folders, tries: number): Promise<TornWal> {
  const copy = join(backup, '../power-cut')
  const rows = await during(start, data, async ({ url }) => {
    await request(url, 4, 8)
    const read = await readList(url)
    cpSync(data, copy, { recursive: true })
    return read
  })
  // As after a power cut, where the file is the same.
  forgetFile(copy)
  const size = statSync(join(copy, 'stellarr.db-wal')).size
  const outcome: TornWal = { tried: 0, whole: 0, closed: 0, shorter: 0 }
  for (let at = 0; at < tries; at += 1) {
    const torn = join(backup, `../torn-${at}`)
    cpSync(copy, torn, { recursive: true })
    rmSync(join(torn, 'stellarr.db-shm'), { force: true })
    truncateSync(join(torn, 'stellarr.db-wal'), Math.floor((size * at) / Math.max(1, tries - 1)))
    const got = await during(start, torn, ({ url }) => readList(url))
    outcome.tried += 1
    if (got === rows) outcome.whole += 1
    else if (CLOSED.includes(String(got))) outcome.closed += 1
    else outcome.shorter += 1
    rmSync(torn, { recursive: true })
  }
  return outcome
}

/** What may happen to the folder of an app that runs. */
export const UNDER_WAY: Record<string, (folders: Folders) => void> = {
  deleted: ({ data }) => rmSync(data, { recursive: true }),
  'moved away': ({ data }) => renameSync(data, `${data}-away`),
  'replaced by a backup': ({ data, backup }) => {
    renameSync(data, `${data}-away`)
    renameSync(backup, data)
  },
  emptied: ({ data }) => {
    for (const name of readdirSync(data)) rmSync(join(data, name), { recursive: true })
  },
  'mounted over': ({ data }) => {
    renameSync(data, `${data}-away`)
    mkdirSync(data)
  },
}

/** What an app answers to a request and to a client after that happened to its folder: a code each, and its health. */
export async function afterwards(start: Start, folders: Folders, happens: (folders: Folders) => void) {
  return during(start, folders.data, async ({ url }) => {
    const token = await signIn(url)
    const before = await readList(url)
    happens(folders)
    const asked = await call(url, '/api/request', { token, json: { media_type: 'movie', tmdb_id: MOVIES.at(-1) } })
    const health = await call(url, '/api/health')
    return { before, asked: asked.body.code, list: await readList(url), health: health.status }
  })
}

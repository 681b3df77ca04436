import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable, Writable } from 'node:stream'
import { gunzipSync } from 'node:zlib'
import type { Storage } from '@stellarr/core'
import { aLibraryItem, aMovieRequest, aSeriesRequest } from '@stellarr/core/testing'
import { openSqliteStorage } from '@stellarr/storage-sqlite'
import { afterAll } from 'vitest'
import { run } from '../src/run.ts'

/** A folder of the test file, gone with it. */
export function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'stellarr-cli-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export interface Said {
  out: string
  err: string
}

/** Runs a command in this process. Throws what the program would tell in one line. */
export async function cli(
  args: readonly string[],
  { env = {}, input = '' }: { env?: Record<string, string>; input?: string | Buffer } = {},
): Promise<Said> {
  const said: Said = { out: '', err: '' }
  const output = new Writable({
    write(chunk, _, done) {
      said.out += String(chunk)
      done()
    },
  })
  await run(args, {
    env,
    version: '0.0.0',
    input: Readable.from([Buffer.from(input)]),
    output,
    say: (text) => {
      said.err += `${text}\n`
    },
  })
  return said
}

/** The one line that a command fails with. */
export async function failure(...call: Parameters<typeof cli>): Promise<string> {
  try {
    await cli(...call)
    return 'none'
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

export const openFile = (path: string) => openSqliteStorage({ path, clock: { now: () => Date.UTC(2026, 0, 1) } })

export async function withFile<Result>(path: string, work: (store: Storage) => Promise<Result>): Promise<Result> {
  const store = await openFile(path)
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}

/** A bit of everything that a store can hold, and more library rows than one page. */
export async function furnish(store: Storage, libraryRows = 1_300): Promise<void> {
  await store.requests.add(
    aMovieRequest({
      title: 'Солярис 👾',
      status: 'available',
      statements: [{ status: 'available', source: 'plex', at: 5 }],
      addedAt: 5,
      withdrawnAt: 6,
      followers: ['Bob', 'Zoë'],
      qualityProfileId: 2,
    }),
  )
  await store.requests.add(
    aSeriesRequest({
      seasons: [1, 2],
      seasonState: [
        { seasonNumber: 0, episodeCount: 0, asked: true },
        {
          seasonNumber: 1,
          name: 'One',
          episodeCount: 7,
          airDate: '2008-01-20',
          here: { episodes: 2, source: 'sonarr', at: 4 },
          counted: { episodes: 1, source: 'plex', at: 3 },
          episodes: [{ number: 2, source: 'sonarr', at: 4, gone: true }],
        },
        { seasonNumber: 2, episodeCount: 3, later: true },
      ],
    }),
  )
  const rows = Array.from({ length: libraryRows }, (_, n) => ({
    ...aLibraryItem({ tmdbId: n + 1, title: `T ${n}`, mediaType: n % 3 === 0 ? 'tv' : 'movie' }),
    ...(n % 3 === 0 && { seasons: [{ seasonNumber: 1, episodes: n % 20 }] }),
    source: n % 2 === 0 ? ('plex' as const) : ('jellyfin' as const),
    addedAt: 1_700_000_000_000 + n,
  }))
  await store.library.restore(rows)
  await store.plexGuids.save('plex://show/5d9c086fe9d5a1001f4e6d1a', { mediaType: 'tv', tmdbId: 1396, tvdbId: 81_189 })
  await store.pushSubscriptions.save({
    endpoint: 'https://push.example/1',
    user: 'Zoë',
    keys: { p256dh: 'p', auth: 'a' },
    language: 'de',
    createdAt: 7,
  })
  await store.settings.set('vapid', '{"publicKey":"p","privateKey":"q"}')
  await store.settings.set('store-is-older', '')
  await store.settings.set(
    'feeds',
    JSON.stringify({
      profiles: [
        { name: 'Standard', rootFolders: { movie: '/movies', tv: '/tv' } },
        { name: '4K', rootFolders: { movie: '/movies-4k', tv: '/tv' } },
      ],
      defaultProfileId: 2,
      rootFolders: ['/movies', '/tv', '/movies-4k'],
      tags: [{ name: 'Zoë', label: 'zoe-1234' }],
      tagsHidden: false,
      keepArrivedDays: 30,
      read: ['radarr'],
    }),
  )
}

/** The lines of an export, unpacked. */
export function linesIn(path: string): string[] {
  const bytes = readFileSync(path)
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString().trimEnd().split('\n')
}

/** All between the header, which names store and time, and the checksum over it. */
export const bodyOf = (path: string): string[] => linesIn(path).slice(1, -1)
